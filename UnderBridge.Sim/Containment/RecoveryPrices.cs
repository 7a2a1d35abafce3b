using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Containment;

/// <summary>What it takes to notice that something is down and to bring it back; cycles unless the unit says otherwise.</summary>
sealed record RecoveryPrices
{
    /// <summary>A page mapped and loaded.</summary>
    public required Sourced<double> Page { get; init; }

    /// <summary>An address space and a thread.</summary>
    public required Sourced<double> Process { get; init; }

    /// <summary>An execution domain.</summary>
    public required Sourced<double> Domain { get; init; }

    /// <summary>A capability, and the gate that belongs to it.</summary>
    public required Sourced<double> Connection { get; init; }

    /// <summary>A program's own way to its first answer.</summary>
    public required Sourced<double> Init { get; init; }

    /// <summary>Time slice, in ms.</summary>
    public required Sourced<double> Quantum { get; init; }

    /// <summary>Silence after which a program counts as hung, in ms; the same for the kernel, in s.</summary>
    public required Sourced<double> Watchdog { get; init; }
    public required Sourced<double> KernelWatchdog { get; init; }

    /// <summary>From a kernel's panic to the first answer, in s.</summary>
    public required Sourced<double> Reboot { get; init; }

    public IReadOnlyList<ISourced> All => [Page, Process, Domain, Connection, Init, Quantum, Watchdog, KernelWatchdog, Reboot];

    /// <summary>All of them at the same place in their ranges.</summary>
    public RecoveryPrices At(RangeEnd end) => With(price => price.At(end));

    /// <summary>Each of them changed.</summary>
    public RecoveryPrices With(Func<Sourced<double>, Sourced<double>> change) => new()
    {
        Page = change(Page), Process = change(Process), Domain = change(Domain), Connection = change(Connection), Init = change(Init),
        Quantum = change(Quantum), Watchdog = change(Watchdog), KernelWatchdog = change(KernelWatchdog), Reboot = change(Reboot),
    };
}
