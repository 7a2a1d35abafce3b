namespace UnderBridge.Sim.Containment;

/// <summary>What a design takes for granted beyond what the processor checks at each access; a system that breaks one loses what rests on it.</summary>
[Flags]
enum Assumptions
{
    None = 0,

    /// <summary>
    /// Principals reach no WRPKRU or XRSTOR, nor WRMSR to IA32_PKRS where supervisor pages have keys, but those of gates, which check the value after writing it.
    /// </summary>
    NoUnguardedWrpkru = 1,

    /// <summary>Principals reach no VMFUNC but those of trampolines (SkyBridge rewrites others).</summary>
    NoUnguardedVmfunc = 2,

    /// <summary>
    /// Servers that run in supervisor mode execute no privileged instruction: the monitor in hypervisor mode refuses them, what was rewritten stays so, or, where a design
    /// has no monitor, checks of control flow hold.
    /// </summary>
    MonitorCorrect = 4,
}
