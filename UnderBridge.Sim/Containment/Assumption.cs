namespace UnderBridge.Sim.Containment;

/// <summary>What a design takes for granted beyond what the processor checks at each access; a system that breaks one loses what rests on it.</summary>
[Flags]
public enum Assumptions
{
    None = 0,

    /// <summary>Principals reach no WRPKRU or XRSTOR but those of gates, which check the value after writing it (ERIM, Hodor).</summary>
    NoUnguardedWrpkru = 1,

    /// <summary>Principals reach no VMFUNC but those of trampolines (SkyBridge rewrites others).</summary>
    NoUnguardedVmfunc = 2,

    /// <summary>The monitor in hypervisor mode refuses the privileged instructions of servers that run in supervisor mode, and what was rewritten stays so.</summary>
    MonitorCorrect = 4,
}
