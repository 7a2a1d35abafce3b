using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// One way of control from a caller to a server and back. A path that enters the kernel is walked by the kernel's process; the code of a gate
/// runs on the caller, and its time passes when the callee spends what the core's ledger has booked.
/// </summary>
sealed class Crossing
{
    readonly Kernel kernel;
    readonly Processor processor;
    readonly Owner gate;
    readonly bool entersKernel;

    public Crossing(StepProgram program, Kernel kernel, Processor processor, Owner gate)
    {
        Program = program;
        this.kernel = kernel;
        this.processor = processor;
        this.gate = gate;
        entersKernel = program.Call.Concat(program.Reply).Any(step => step.Source.Kind.EntersKernel() || step.Source.Kind.LeavesKernel());
    }

    public StepProgram Program { get; }

    /// <summary>Carries control to a server that has accepted the call, and wakes it.</summary>
    public void Call(Principal caller, Server callee)
    {
        if (entersKernel)
        {
            kernel.Call(Program, caller, callee);
            return;
        }
        Program.RunCall(processor.Core, caller.End, callee.Principal.End, gate);
        callee.Called.Set();
    }

    /// <summary>Carries control back to the caller of a server. <paramref name="home"/> is the address space that a caller in the kernel called from.</summary>
    public void Reply(Principal caller, Server callee, AddressSpace home)
    {
        if (entersKernel)
        {
            kernel.Reply(Program, caller, callee, home);
            return;
        }
        Program.RunReply(processor.Core, caller.End, callee.Principal.End, gate, home);
        caller.Replied.Set();
    }
}

/// <summary>Which way a call takes, by where its two ends are now. Of several that lead from one placement to another, the first holds.</summary>
sealed class WayTable
{
    static readonly int Placements = Enum.GetValues<Placement>().Length;

    readonly Crossing?[] ways = new Crossing?[Placements * Placements];

    public WayTable(params IEnumerable<Crossing> ways)
    {
        foreach (var way in ways) this.ways[Cell(way.Program.Path.Caller, way.Program.Path.Callee)] ??= way;
    }

    /// <summary>The way between two placements.</summary>
    /// <exception cref="InvalidOperationException">The design puts no caller and server there.</exception>
    public Crossing this[Placement caller, Placement callee] => ways[Cell(caller, callee)]
        ?? throw new InvalidOperationException($"no path leads from {caller} to {callee} in this design");

    static int Cell(Placement caller, Placement callee) => (int)caller * Placements + (int)callee;
}
