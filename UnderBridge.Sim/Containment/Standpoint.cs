using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Containment;

/// <summary>All that the protection check of a core depends on beside the page tables: where code stands when it touches memory.</summary>
readonly record struct Standpoint(Ring Ring, AddressSpace Space, bool KernelView, int EptView, uint Pkru, Control Control, bool Ac)
{
    /// <summary>The state of a core now.</summary>
    internal static Standpoint Of(Core core) => new(core.Ring, core.Space!, core.KernelView, core.EptView, core.PkruValue, core.Control, core.Ac);

    /// <summary>Puts a core here, which drops the translations it holds.</summary>
    internal void Take(Core core, Owner by)
    {
        core.Ring = Ring.Kernel;
        core.WriteControl(Control, by);
        core.WriteAc(Ac, by);
        core.SwitchView(EptView);
        core.WriteCr3(Space, KernelView, flush: true, by);
        core.WritePkru(Pkru);
        core.Ring = Ring;
    }
}
