using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Paths;

/// <summary>What a step costs: the number it rests on, and how often it pays it. SYSCALL pays a part of the price of its pair with SYSRET.</summary>
public readonly record struct StepPrice(Sourced<double> Number, double Times = 1)
{
    /// <summary>Cycles.</summary>
    public double Cycles => Number.Value * Times;
}

/// <summary>
/// A model of what some kinds of steps cost on a machine. To replace one, derive from its record and put yours in its place among the
/// <see cref="StepCosts"/> of a system. A number that a path names for a step goes before every model.
/// </summary>
public record StepCost
{
    /// <summary>The price of a step; null where there is none, which the verifier refuses for kinds that cost something. As it stands, the machine's own price of the kind.</summary>
    public virtual StepPrice? Of(Step step, HardwareProfile machine) =>
        step.Kind.MachinePrice() is { } key && machine.Prices.TryGetValue(key, out var number) ? new StepPrice(number) : null;
}

/// <summary>Taking other rights by protection keys: WRPKRU, and WRMSR to PKRS.</summary>
public record PkruCost : StepCost;

/// <summary>Entering and leaving the kernel: SYSCALL, SYSRET, traps, IRET and SWAPGS.</summary>
public record PrivilegeSwitchCost : StepCost
{
    const string EntryShare = "syscall-entry-share";

    // SYSCALL and SYSRET are priced as measured together, because their separate prices do not add up to it.
    public override StepPrice? Of(Step step, HardwareProfile machine) => base.Of(step, machine) is not { } price ? null : step.Kind switch
    {
        StepKind.SyscallEntry => price with { Times = machine.Prices[EntryShare].Value },
        StepKind.Sysret => price with { Times = 1 - machine.Prices[EntryShare].Value },
        _ => price,
    };
}

/// <summary>The writes to CR3 that are there only because KPTI separates the page tables of user and kernel mode.</summary>
public record KptiCost : StepCost;

/// <summary>The writes to CR3 that change the process.</summary>
public record AddressSpaceCost : StepCost;

/// <summary>Taking another EPT view.</summary>
public record VmfuncCost : StepCost;

/// <summary>Leaving to the secure monitor and coming back from it.</summary>
public record MonitorCost : StepCost;

/// <summary>The cost models by which the paths of a system are priced; those of the machine unless replaced: <c>spec with { Costs = spec.Costs with { Pkru = mine } }</c>.</summary>
public sealed record StepCosts
{
    static readonly StepCost others = new();

    /// <summary>Everything at the price of the machine.</summary>
    public static readonly StepCosts OfMachine = new();

    public PkruCost Pkru { get; init; } = new();
    public PrivilegeSwitchCost PrivilegeSwitch { get; init; } = new();
    public KptiCost Kpti { get; init; } = new();
    public AddressSpaceCost AddressSpace { get; init; } = new();
    public VmfuncCost Vmfunc { get; init; } = new();
    public MonitorCost Monitor { get; init; } = new();

    /// <summary>The price of a step that is booked under a cause, by the model that it falls to; null where there is none.</summary>
    internal StepPrice? Of(Step step, Cause cause, HardwareProfile machine) => ModelOf(step.Kind, cause).Of(step, machine);

    StepCost ModelOf(StepKind kind, Cause cause) => kind switch
    {
        StepKind.Wrpkru or StepKind.WritePkrs => Pkru,
        StepKind.SyscallEntry or StepKind.Sysret or StepKind.Trap or StepKind.Iret or StepKind.Swapgs => PrivilegeSwitch,
        StepKind.WriteCr3 => cause == Cause.Kpti ? Kpti : AddressSpace,
        StepKind.Vmfunc => Vmfunc,
        StepKind.VmExit or StepKind.VmEntry => Monitor,
        _ => others,
    };
}
