using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Containment;

/// <summary>How control may enter a piece of code on the callee's terms.</summary>
enum Entry
{
    None,

    /// <summary>By a call or jump that the caller's own rights allow.</summary>
    Direct,

    /// <summary>Through a gate or trampoline, which authenticates and takes the callee's rights.</summary>
    Gate,

    /// <summary>By a system call that the kernel answers or turns into a message.</summary>
    SystemCall,
}

/// <summary>What an actor may do to a region, each with the rule of the processor that decides.</summary>
readonly record struct Verdict(Actor Actor, Region Object, Decision Read, Decision Write, Decision Execute, Entry Call);

/// <summary>The rule that decides an access, and where the actor stands when it does.</summary>
readonly record struct Decision(ProtectionRule Rule, Standpoint At)
{
    public bool Allowed => Rule == ProtectionRule.Allowed;
}

/// <summary>
/// Who may read, write, execute and call what. Nothing is declared: each answer is that of <see cref="Core.Check"/>, the check of every simulated access, asked with
/// the page tables, keys, PKRU values and control bits of the system as it stands.
/// </summary>
sealed class Audit
{
    readonly Cast cast;
    readonly Core core;
    readonly Standpoints standpoints;
    readonly Dictionary<(Actor, Region), Verdict> verdicts = [];

    Audit(Cast cast)
    {
        this.cast = cast;
        core = cast.System.Machine.NewObserver();
        standpoints = new Standpoints(cast);
    }

    /// <summary>Asks for every actor and region of a system, which may be running; with <paramref name="broken"/>, as though what the design assumes did not hold.</summary>
    public static Audit Of(Cast cast, Assumptions broken = Assumptions.None)
    {
        var audit = new Audit(cast);
        foreach (var actor in cast.All) audit.Ask(actor, broken);
        return audit;
    }

    /// <summary>By actor, then by region, in the order in which they were added to the system.</summary>
    public IReadOnlyList<Verdict> Verdicts => [.. verdicts.Values];

    public Verdict this[Actor actor, Region region] => verdicts[(actor, region)];

    void Ask(Actor actor, Assumptions broken)
    {
        var regions = cast.System.Machine.Regions;
        var found = new Decision[regions.Count, 3];
        foreach (var at in standpoints.Of(actor, broken))
        {
            at.Take(core, actor.Owner);
            for (var r = 0; r < regions.Count; r++)
                foreach (var access in (ReadOnlySpan<Access>)[Access.Fetch, Access.Read, Access.Write])
                    found[r, (int)access] = Wider(found[r, (int)access], new Decision(core.Check(regions[r], access), at));
        }
        for (var r = 0; r < regions.Count; r++)
        {
            var (fetch, read, write) = (found[r, (int)Access.Fetch], found[r, (int)Access.Read], found[r, (int)Access.Write]);
            verdicts.Add((actor, regions[r]), new Verdict(actor, regions[r], read, write, fetch, EntryOf(actor, regions[r], fetch)));
        }
    }

    // One standpoint that allows is enough. Of two that forbid, the one that maps the page says more.
    static Decision Wider(Decision one, Decision other) =>
        one.At.Space is null || !one.Allowed && (other.Allowed || one.Rule == ProtectionRule.NotMapped) ? other : one;

    Entry EntryOf(Actor actor, Region region, Decision fetch)
    {
        if (!region.Executable) return Entry.None;
        if (region.Owner == actor.Owner) return Entry.Direct;
        return region.Owner.Kind switch
        {
            OwnerKind.Kernel => EntryOfKernel(actor),
            OwnerKind.Gate => fetch.Allowed ? Entry.Direct : Entry.None,
            _ => EntryOfServer(actor, region),
        };
    }

    static Entry EntryOfKernel(Actor actor) => actor.Place?.Placement switch
    {
        Placement.KernelCode => Entry.Direct,
        Placement.KernelDomain => Entry.Gate,
        _ => Entry.SystemCall,
    };

    Entry EntryOfServer(Actor actor, Region region)
    {
        var server = cast.System.Servers.FirstOrDefault(one => cast[one.Principal].EntryCode == region);
        if (server is null || actor.IsKernel || !cast.MayCall(actor, cast[server.Principal])) return Entry.None;
        var path = cast.System.WayTo(actor.Principal!, server).Program.Path;
        if (path.Call.Any(step => step.Kind is StepKind.SyscallEntry or StepKind.Sysret)) return Entry.SystemCall;
        return path.Isolation == Isolation.None ? Entry.Direct : Entry.Gate;
    }
}
