using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Containment;

/// <summary>Enumerates where the code of an actor can come to stand, from where the system puts it and from the instructions that it can reach.</summary>
sealed class Standpoints(Cast cast)
{
    readonly Control control = cast.System.Core.Control;
    readonly bool kpti = cast.System.Spec.Kernel.Features.Kpti;

    /// <summary>Each standpoint once, those that the system itself puts the actor in first.</summary>
    public IReadOnlyList<Standpoint> Of(Actor actor, Assumptions broken = Assumptions.None)
    {
        var given = Given(actor).ToList();
        var taken = actor.Place is not { } place ? [] : Taken(given, place.Placement, broken);
        return [.. given.Concat(taken).Distinct()];
    }

    // Code in the kernel runs in the kernel's view of whichever process called it. A direct call through an EPT view leaves CR3 at the caller's, and so does one of a
    // server that every app maps.
    IEnumerable<Standpoint> Given(Actor actor)
    {
        if (actor.Place is not { } place) return cast.System.Spaces.Select(space => new Standpoint(Ring.Kernel, space, kpti, 0, Pkru.AllowAll, control, Ac: true));
        if (place.InKernel) return cast.System.Spaces.Select(space => new Standpoint(Ring.Kernel, space, kpti, place.View, place.Rights, control, Ac: false));
        var (spec, spaces) = (cast.System.Spec, cast.System.Spaces);
        if (spec.ServerPath.Isolation != Isolation.EptView && !(spec.Design.ServersInApps && actor.Owner.Kind == OwnerKind.Server)) spaces = [place.Space];
        return spaces.Select(space => new Standpoint(Ring.User, space, KernelView: false, place.View, place.Rights, control, Ac: false));
    }

    List<Standpoint> Taken(List<Standpoint> given, Placement placement, Assumptions broken)
    {
        var taken = new List<Standpoint>();
        if (broken.HasFlag(Assumptions.NoUnguardedWrpkru)) taken.AddRange(given.Select(at => at with { Pkru = Pkru.AllowAll }));
        if (broken.HasFlag(Assumptions.NoUnguardedVmfunc)) taken.AddRange(given.Concat(taken).ToList().SelectMany(at => cast.Views.Select(view => at with { EptView = view })));
        // Whoever may execute privileged instructions loads what it likes into CR0, CR3, CR4 and PKRU.
        if (placement == Placement.KernelCode || placement == Placement.KernelDomain && broken.HasFlag(Assumptions.MonitorCorrect))
            taken.AddRange(cast.System.Spaces.Select(space => new Standpoint(Ring.Kernel, space, kpti, 0, Pkru.AllowAll, control & ~(Control.Wp | Control.Smep | Control.Smap), Ac: true)));
        return taken;
    }
}
