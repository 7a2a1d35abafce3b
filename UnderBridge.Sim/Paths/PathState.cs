using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Paths;

/// <summary>One of the two ends of a path.</summary>
enum Side { Caller, Callee, Kernel }

/// <summary>
/// The protection state that a path changes as it goes, without a machine: privilege, page table, EPT view, rights, stack, current thread.
/// The verifier walks it, and the compiler asks it what a CR3 write means.
/// </summary>
sealed record PathState
{
    public bool Privileged { get; init; }

    /// <summary>The kernel's page table is loaded; always so while KPTI is off.</summary>
    public bool KernelTable { get; init; }

    public Side Space { get; init; }
    public Side View { get; init; }
    public Side Rights { get; init; }
    public Side Stack { get; init; }
    public Side Thread { get; init; }
    public bool KernelGs { get; init; }
    public bool Locked { get; init; }
    public bool CallerBlocked { get; init; }

    /// <summary>True once a callee that waited for a call may run; it starts waiting.</summary>
    public bool CalleeWoken { get; init; }

    public bool Authenticated { get; init; }

    /// <summary>The secure monitor has control.</summary>
    public bool InMonitor { get; init; }

    /// <summary>The steps have come to another core by IPI, which has not left idle yet.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Caller and callee are threads of one address space, which is always loaded for both.</summary>
    public bool OneSpace { get; init; }

    /// <summary>The address space of the current thread is the one in CR3.</summary>
    public bool SpaceLoaded => OneSpace || Space == Thread;

    /// <summary>The state in which the caller of a path calls.</summary>
    public static PathState Start(IpcPath path, KernelFeatures features)
    {
        const Side caller = Side.Caller;
        var inKernel = path.Caller is Placement.KernelDomain or Placement.KernelCode;
        return new PathState
        {
            Privileged = inKernel,
            KernelGs = inKernel && features.Swapgs,
            KernelTable = inKernel || !features.Kpti,
            Space = caller,
            View = caller,
            Rights = caller,
            Stack = caller,
            Thread = caller,
            OneSpace = path.OneSpace,
        };
    }

    /// <summary>The state after a step whose preconditions hold.</summary>
    public PathState After(Step step, KernelFeatures features) => step.Kind switch
    {
        StepKind.SyscallEntry or StepKind.Trap => this with { Privileged = true, Stack = Side.Kernel },
        StepKind.Sysret or StepKind.Iret => this with { Privileged = false, Stack = Thread },
        StepKind.Swapgs => this with { KernelGs = !KernelGs },
        StepKind.WriteCr3 => AfterCr3(step.Target, features),
        StepKind.Wrpkru or StepKind.WritePkrs => this with { Rights = SideOf(step.Target) },
        StepKind.Vmfunc => this with { View = SideOf(step.Target), Space = SideOf(step.Target) },
        StepKind.SwitchStack => this with { Stack = SideOf(step.Target) },
        StepKind.SwitchThread => this with { Thread = SideOf(step.Target) },
        StepKind.Authenticate => this with { Authenticated = true },
        StepKind.LockAcquire => this with { Locked = true },
        StepKind.LockRelease => this with { Locked = false },
        StepKind.VmExit or StepKind.VmEntry => this with { InMonitor = step.Kind == StepKind.VmExit },
        StepKind.Block or StepKind.Unblock => AfterWaiting(step.Target, waits: step.Kind == StepKind.Block),
        StepKind.Ipi => this with { Interrupted = true, Space = Space == Side.Caller ? Side.Callee : Side.Caller },
        StepKind.Wake => this with { Interrupted = false },
        _ => this,
    };

    /// <summary>
    /// What a step is booked under when it is taken in this state. Under KPTI the write that loads the user's table also carries the switch of processes, which would
    /// cost the same without KPTI. Logic that is there only under KPTI is KPTI's.
    /// </summary>
    public Cause CauseOf(Step step, KernelFeatures features) =>
        step.Kind == StepKind.Logic && step.When.Needs("kpti") || step.Kind == StepKind.WriteCr3 && features.Kpti && !(step.Target != StepTarget.Kernel && !SpaceLoaded)
            ? Cause.Kpti : step.Kind.Cause();

    // CR3 holds neither PKRU nor the EPT view: rights and view stay as they are.
    PathState AfterCr3(StepTarget target, KernelFeatures features) => target switch
    {
        StepTarget.Kernel => this with { KernelTable = true },
        StepTarget.User => this with { KernelTable = !features.Kpti, Space = Thread },
        _ => this with { Space = Thread },
    };

    PathState AfterWaiting(StepTarget target, bool waits) =>
        target == StepTarget.Caller ? this with { CallerBlocked = waits } : this with { CalleeWoken = !waits };

    static Side SideOf(StepTarget target) => target switch
    {
        StepTarget.Caller => Side.Caller,
        StepTarget.Callee => Side.Callee,
        _ => Side.Kernel,
    };
}
