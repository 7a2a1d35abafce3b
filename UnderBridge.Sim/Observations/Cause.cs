namespace UnderBridge.Sim.Observations;

/// <summary>What a cycle of a core was spent on. Every cycle has exactly one cause.</summary>
public enum Cause
{
    /// <summary>The app's own compute.</summary>
    WorkApp,

    /// <summary>Work of servers, with the misses that its price holds.</summary>
    WorkServer,

    /// <summary>Entering and leaving the kernel: SYSCALL, SYSRET, traps, IRET, SWAPGS, and interrupts.</summary>
    PrivilegeSwitch,

    /// <summary>CR3 writes that change the process, VMFUNC, and IBPB.</summary>
    AddressSpaceSwitch,

    /// <summary>Taking other rights to protection keys: WRPKRU, and WRMSR to PKRS.</summary>
    DomainSwitch,

    /// <summary>CR3 writes that are there only because KPTI separates the page tables of user and kernel mode.</summary>
    Kpti,

    /// <summary>The code of kernel and gates on the path of a call, and of moving and restarting servers.</summary>
    KernelLogic,

    /// <summary>Floating-point state saved and restored, and CR0.TS set and cleared.</summary>
    FpuSwitch,

    /// <summary>Messages copied by the path of a call; what servers copy themselves is their work.</summary>
    Copy,

    /// <summary>Choosing who runs next, saving and restoring registers, and the interrupts that make a process give way.</summary>
    Schedule,

    /// <summary>Taking and releasing locks, and waiting for them.</summary>
    LockWait,

    /// <summary>Interrupts from core to core, and TLB shootdowns.</summary>
    Ipi,

    /// <summary>Exits to the secure monitor, and rewriting privileged instructions.</summary>
    MonitorExit,

    /// <summary>Stalls of translations that the owner alone on the machine would miss too.</summary>
    TlbRefill,

    /// <summary>Stalls of translations that others evicted or flushed.</summary>
    TlbPollution,

    /// <summary>Stalls of cache lines that the owner alone on the machine would miss too.</summary>
    CacheRefill,

    /// <summary>Stalls of cache lines that others evicted.</summary>
    CachePollution,

    /// <summary>Taken branches that the owner alone on the machine would mispredict too.</summary>
    BranchRefill,

    /// <summary>Taken branches that others evicted from the predictor.</summary>
    BranchPollution,

    /// <summary>Nobody was ready to run.</summary>
    Idle,
}

/// <summary>How causes group and read in tables and legends.</summary>
public static class Causes
{
    /// <summary>Every cause, in the order in which tables and stacks show them.</summary>
    public static readonly IReadOnlyList<Cause> All = Enum.GetValues<Cause>();

    /// <summary>True for stalls that emerge from TLBs, caches and branch predictors instead of having a price.</summary>
    public static bool IsStall(this Cause cause) => cause is Cause.TlbRefill or Cause.TlbPollution or Cause.CacheRefill or Cause.CachePollution or Cause.BranchRefill or Cause.BranchPollution;

    /// <summary>True for the prices of steps that carry IPC.</summary>
    public static bool IsIpcStep(this Cause cause) => !cause.IsStall() && cause is not (Cause.WorkApp or Cause.WorkServer or Cause.Idle);

    /// <summary>How a cause reads in tables and legends.</summary>
    public static string Title(this Cause cause) => cause switch
    {
        Cause.WorkApp => "Work in the app",
        Cause.WorkServer => "Work in servers",
        Cause.PrivilegeSwitch => "Privilege switch",
        Cause.AddressSpaceSwitch => "Address-space switch",
        Cause.DomainSwitch => "Domain switch",
        Cause.Kpti => "KPTI",
        Cause.KernelLogic => "Kernel and gate logic",
        Cause.FpuSwitch => "FPU state",
        Cause.Copy => "Message copy",
        Cause.Schedule => "Scheduling",
        Cause.LockWait => "Lock wait",
        Cause.Ipi => "IPI",
        Cause.MonitorExit => "Monitor exit",
        Cause.TlbRefill => "TLB refill",
        Cause.TlbPollution => "TLB pollution",
        Cause.CacheRefill => "Cache refill",
        Cause.CachePollution => "Cache pollution",
        Cause.BranchRefill => "Branch predictor refill",
        Cause.BranchPollution => "Branch predictor pollution",
        Cause.Idle => "Idle",
        _ => throw new ArgumentOutOfRangeException(nameof(cause)),
    };
}
