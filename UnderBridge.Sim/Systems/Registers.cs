using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>The protection state of a core: privilege, page table, EPT view, PKRU, and whose stack it is on. What an interrupt saves and must put back.</summary>
/// <param name="Ring">Privilege.</param>
/// <param name="Space">What CR3 selects; null before the first write.</param>
/// <param name="KernelView">CR3 selects the kernel's page table of a space that has two.</param>
/// <param name="EptView">Number of the EPT view, from 0.</param>
/// <param name="Pkru">Rights to protection keys, two bits a key.</param>
/// <param name="Stack">Whose stack the stack pointer points into; null before the first switch.</param>
public readonly record struct Registers(Ring Ring, AddressSpace? Space, bool KernelView, int EptView, uint Pkru, Owner? Stack)
{
    /// <summary>The state that a core is in now, to be saved before it is released.</summary>
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
