namespace UnderBridge.Sim.Observations;

/// <summary>What a cycle of a core was spent on. Every cycle has exactly one cause.</summary>
public enum Cause
{
    WorkApp,
    WorkServer,
    PrivilegeSwitch,
    AddressSpaceSwitch,
    DomainSwitch,
    Kpti,
    KernelLogic,
    FpuSwitch,
    Copy,
    Schedule,
    LockWait,
    Ipi,
    MonitorExit,
    TlbRefill,
    TlbPollution,
    CacheRefill,
    CachePollution,
    BranchRefill,
    BranchPollution,
    Idle,
}

/// <summary>How causes group and read in tables and legends.</summary>
public static class Causes
{
    public static readonly IReadOnlyList<Cause> All = Enum.GetValues<Cause>();

    /// <summary>True for stalls that emerge from TLBs, caches and branch predictors instead of having a price.</summary>
    public static bool IsStall(this Cause cause) => cause is Cause.TlbRefill or Cause.TlbPollution or Cause.CacheRefill or Cause.CachePollution or Cause.BranchRefill or Cause.BranchPollution;

    /// <summary>True for the prices of steps that carry IPC.</summary>
    public static bool IsIpcStep(this Cause cause) => !cause.IsStall() && cause is not (Cause.WorkApp or Cause.WorkServer or Cause.Idle);

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
