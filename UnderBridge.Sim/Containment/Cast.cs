using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Containment;

/// <summary>Who lives in a system: the apps and servers that were added to it, and the kernel under them.</summary>
public sealed class Cast
{
    public Cast(SimulatedSystem system, IReadOnlyList<Principal> apps, IReadOnlyList<Principal> servers)
    {
        System = system;
        Kernel = new Actor(Actor.KernelName, system.Machine.Owners.First(owner => owner.Kind == OwnerKind.Kernel), null);
        Apps = [.. apps.Select(Actor.Of)];
        Servers = [.. servers.Select(Actor.Of)];
    }

    public SimulatedSystem System { get; }
    public IReadOnlyList<Actor> Apps { get; }
    public IReadOnlyList<Actor> Servers { get; }
    public Actor Kernel { get; }

    /// <summary>Those whom nobody else has to trust.</summary>
    public IEnumerable<Actor> Untrusted => Apps.Concat(Servers);

    public IEnumerable<Actor> All => Untrusted.Append(Kernel);

    /// <summary>The address spaces that somebody runs in.</summary>
    internal IReadOnlyList<AddressSpace> Spaces => field ??= [.. Untrusted.Select(actor => actor.Place!.Space).Distinct()];

    /// <summary>The EPT views that somebody runs in.</summary>
    internal IReadOnlyList<int> Views => field ??= [.. Untrusted.Select(actor => actor.Place!.View).Distinct().Order()];

    /// <summary>Memory of its own, which it shares with nobody. The kernel's holds the gates too, but not the scratch data of those that lie in processes.</summary>
    public IEnumerable<Region> PrivateOf(Actor actor) => System.Machine.Regions.Where(region =>
        !System.SharedRegions.Contains(region) && (region.Owner == actor.Owner || actor.IsKernel && region.Owner.Kind == OwnerKind.Gate && (region.Executable || region.KernelHalf)));

    /// <summary>True when the one was connected to the other: here all are to every server.</summary>
    public bool MayCall(Actor caller, Actor server) => !caller.IsKernel && caller != server && Servers.Contains(server);

    /// <summary>True when the kernel can end and restart one without the other.</summary>
    public static bool ShareFate(Actor one, Actor other) => one.FaultUnit == other.FaultUnit;
}

/// <summary>Somebody who runs code: an app, a server, or, without a <paramref name="Principal"/>, the kernel.</summary>
public sealed record Actor(string Name, Owner Owner, Principal? Principal)
{
    public const string KernelName = "kernel";

    public static Actor Of(Principal principal) => new(principal.Owner.Name, principal.Owner, principal);

    public bool IsKernel => Principal is null;

    internal Place? Place => Principal?.Place;

    /// <summary>Runs in supervisor mode.</summary>
    public bool InKernel => Place?.InKernel ?? true;

    /// <summary>What the kernel ends when it faults: an execution domain, a process, or, where it is linked into the kernel, the kernel.</summary>
    internal object FaultUnit => Place switch
    {
        { Placement: Placement.UserProcess or Placement.UserDomain } process => process.Space,
        { Placement: Placement.KernelDomain } domain => domain,
        _ => KernelName,
    };

    public override string ToString() => Name;
}
