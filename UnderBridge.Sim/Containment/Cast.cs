using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Containment;

/// <summary>Who lives in a system: the apps and servers that were added to it, and the kernel under them.</summary>
sealed class Cast(SimulatedSystem system)
{
    public SimulatedSystem System => system;

    /// <summary>Apps and servers, whom nobody else has to trust, in the order in which they were added.</summary>
    public IReadOnlyList<Actor> Untrusted { get; } = [.. system.Principals.Select(Actor.Of)];

    public Actor Kernel { get; } = new(Actor.KernelName, system.Kernel, null);

    public IEnumerable<Actor> All => Untrusted.Append(Kernel);

    public Actor this[Principal principal] => Untrusted.First(actor => actor.Principal == principal);

    /// <summary>The EPT views that somebody runs in.</summary>
    internal IReadOnlyList<int> Views => field ??= [.. Untrusted.Select(actor => actor.Place!.View).Distinct().Order()];

    /// <summary>
    /// Memory that belongs to one actor alone. The kernel's holds the gates that lie in it, with their tokens. The trampolines of processes hold no secret, and each process has
    /// scratch data of its own, for which one region stands here.
    /// </summary>
    public IEnumerable<Region> PrivateOf(Actor actor) => actor.Place is { } place
        ? place.Memory.SelectMany(memory => new[] { memory.User, memory.Kernel }).Distinct()
        : system.Machine.Regions.Where(region => region.Owner == actor.Owner || region.Owner.Kind == OwnerKind.Gate && region.KernelHalf);

    /// <summary>Memory of others that an actor has no business with: all that belongs to one of them alone.</summary>
    public IEnumerable<Region> ForeignTo(Actor actor) => All.Where(other => other != actor).SelectMany(PrivateOf);

    /// <summary>Who a region belongs to; null for memory that several share.</summary>
    public Actor? OwnerOf(Region region) => Owners.GetValueOrDefault(region);

    Dictionary<Region, Actor> Owners => field ??= All.SelectMany(actor => PrivateOf(actor).Select(region => (region, actor))).ToDictionary(own => own.region, own => own.actor);

    /// <summary>True when the one was granted the capability to call the other.</summary>
    public bool MayCall(Actor caller, Actor server) => system.Connections.Any(one => one.Caller == caller.Principal && one.Callee.Principal == server.Principal);

    /// <summary>
    /// True when the kernel can not end the one without the other. Where every app's process maps the servers, a server that fails does so in the process of
    /// whoever called it.
    /// </summary>
    public bool FallsWith(Actor failing, Actor other) =>
        failing.FaultUnit == other.FaultUnit || system.Spec.Design.ServersInApps && failing.Owner.Kind == OwnerKind.Server && MayCall(other, failing);
}

/// <summary>Somebody who runs code: an app, a server, or, without a <paramref name="Principal"/>, the kernel.</summary>
sealed record Actor(string Name, Owner Owner, Principal? Principal)
{
    public const string KernelName = "kernel";

    public static Actor Of(Principal principal) => new(principal.Owner.Name, principal.Owner, principal);

    public bool IsKernel => Principal is null;

    /// <summary>Runs in supervisor mode.</summary>
    public bool InKernel => Place?.InKernel ?? true;

    internal Place? Place => Principal?.Place;

    /// <summary>The code that receives calls.</summary>
    internal Region? EntryCode => Place is { } place ? place.Memory[0].At(place) : null;

    /// <summary>What the kernel ends when it faults: an execution domain, a process, or, where it is linked into the kernel, the kernel.</summary>
    internal object FaultUnit => Place switch
    {
        { Placement: Placement.UserProcess or Placement.UserDomain } process => process.Space,
        { Placement: Placement.KernelDomain } domain => domain,
        _ => KernelName,
    };

    public override string ToString() => Name;
}
