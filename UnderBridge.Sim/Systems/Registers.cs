using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>The protection state of a core: privilege, page table, EPT view, PKRU, and whose stack it is on. What an interrupt saves and must put back.</summary>
public readonly record struct Registers(Ring Ring, AddressSpace? Space, bool KernelView, int EptView, uint Pkru, Owner? Stack)
{
    public static Registers Of(Core core) => new(core.Ring, core.Space, core.KernelView, core.EptView, core.PkruValue, core.Stack);

    /// <summary>Puts the state on a core. Only what differs is written.</summary>
    internal void Load(Core core, Owner by)
    {
        core.Ring = Ring.Kernel;
        if (core.EptView != EptView) core.SwitchView(EptView);
        if (Space is { } space && (space != core.Space || KernelView != core.KernelView))
            core.WriteCr3(space, KernelView, flush: !core.Control.HasFlag(Control.Pcide), by);
        if (core.PkruValue != Pkru) core.WritePkru(Pkru);
        core.Stack = Stack;
        core.Ring = Ring;
    }
}
