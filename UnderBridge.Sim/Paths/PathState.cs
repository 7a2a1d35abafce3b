namespace UnderBridge.Sim.Paths;

/// <summary>One of the two ends of a path.</summary>
public enum Side { Caller, Callee, Kernel }

/// <summary>
/// The protection state that a path changes as it goes, without a machine: privilege, page table, EPT view, rights, stack, current thread.
/// The verifier walks it, and the compiler asks it what a CR3 write means.
/// </summary>
public sealed record PathState
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

    /// <summary>True while the caller of a synchronous call waits because the kernel runs another thread in its place.</summary>
    public bool CallerHandedOver { get; init; }

    public bool Authenticated { get; init; }

    /// <summary>The state in which code of a placement calls.</summary>
    public static PathState At(Placement placement, Side side, KernelFeatures features)
    {
        var inKernel = placement is Placement.KernelDomain or Placement.KernelCode;
        return new PathState
        {
            Privileged = inKernel,
            KernelTable = inKernel || !features.Kpti,
            Space = side,
            View = side,
            Rights = side,
            Stack = side,
            Thread = side,
        };
    }

    /// <summary>The state after a step whose preconditions hold.</summary>
    public PathState After(Step step, KernelFeatures features) => step.Kind switch
    {
        StepKind.SyscallEntry => this with { Privileged = true, Stack = Side.Kernel },
        StepKind.Sysret => this with { Privileged = false, Stack = Thread },
        StepKind.Swapgs => this with { KernelGs = !KernelGs },
        StepKind.WriteCr3 => AfterCr3(step.Target, features),
        StepKind.Wrpkru => this with { Rights = SideOf(step.Target) },
        StepKind.Vmfunc => this with { View = SideOf(step.Target), Space = SideOf(step.Target) },
        StepKind.SwitchStack => this with { Stack = SideOf(step.Target) },
        StepKind.SwitchThread => this with { Thread = SideOf(step.Target), CallerHandedOver = step.Target == StepTarget.Callee },
        StepKind.Authenticate => this with { Authenticated = true },
        StepKind.LockAcquire => this with { Locked = true },
        StepKind.LockRelease => this with { Locked = false },
        StepKind.Block when step.Target == StepTarget.Caller => this with { CallerBlocked = true },
        StepKind.Unblock when step.Target == StepTarget.Caller => this with { CallerBlocked = false },
        _ => this,
    };


    PathState AfterCr3(StepTarget target, KernelFeatures features) => target switch
    {
        StepTarget.Kernel => this with { KernelTable = true },
        StepTarget.User => this with { KernelTable = !features.Kpti, Space = Thread, View = Thread, Rights = Thread },
        _ => this with { Space = Thread, View = Thread, Rights = Thread },
    };

    static Side SideOf(StepTarget target) => target switch
    {
        StepTarget.Caller => Side.Caller,
        StepTarget.Callee => Side.Callee,
        _ => Side.Kernel,
    };
}
