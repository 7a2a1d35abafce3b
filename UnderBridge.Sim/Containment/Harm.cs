using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Containment;

/// <summary>What a compromised actor can do to another: learn its private memory, change it, end it.</summary>
[Flags]
enum Harm
{
    None = 0,
    Read = 1,
    Write = 2,
    Stop = 4,

    /// <summary>Learn it from a load that breaks a rule only when it retires (Meltdown), though the processor refuses the read.</summary>
    Leak = 8,
    All = Read | Write | Stop,
}

/// <summary>
/// Who can harm whom, from an audit. Whoever writes another's memory does from then on what the other can do, and whoever writes the kernel's does anything; so
/// harm spreads until nothing changes. Who shares the fate of a faulting actor is stopped with it.
/// </summary>
sealed class Harms
{
    readonly Dictionary<(Actor By, Actor To), Harm> harms = [];

    Harms(IReadOnlyList<Actor> actors, IReadOnlyList<Actor> victims) => (Actors, Victims) = (actors, victims);

    /// <summary>Whoever may be compromised: apps and servers.</summary>
    public IReadOnlyList<Actor> Actors { get; }

    /// <summary>Everybody, the kernel included.</summary>
    public IReadOnlyList<Actor> Victims { get; }

    public Harm this[Actor by, Actor to] => harms.GetValueOrDefault((by, to));

    /// <summary>Ordered pairs of an actor and another, each with the harm that the one can do to the other.</summary>
    public IEnumerable<(Actor By, Actor To, Harm Harm)> Pairs =>
        Actors.SelectMany(by => Victims.Where(to => to != by).Select(to => (by, to, this[by, to])));

    /// <param name="cast">Who lives in the system.</param>
    /// <param name="audit">What each of them may do.</param>
    /// <param name="transient">The rules that a load of this CPU breaks only when it retires, its value there to leak until then.</param>
    public static Harms Of(Cast cast, Audit audit, IReadOnlyCollection<ProtectionRule> transient)
    {
        var harms = new Harms([.. cast.Untrusted], [.. cast.All]);
        foreach (var (by, to, _) in harms.Pairs.ToList())
        {
            var direct = cast.PrivateOf(to).Aggregate(Harm.None, (sum, region) => sum | Direct(audit[by, region], transient));
            harms.harms[(by, to)] = direct | (cast.FallsWith(by, to) ? Harm.Stop : Harm.None);
        }
        while (harms.Spread(cast.Kernel)) { }
        return harms;
    }

    static Harm Direct(in Verdict verdict, IReadOnlyCollection<ProtectionRule> transient)
    {
        var read = verdict.Read.Allowed ? Harm.Read : transient.Contains(verdict.Read.Rule) ? Harm.Leak : Harm.None;
        return verdict.Write.Allowed ? read | Harm.Write | Harm.Stop : read;
    }

    bool Spread(Actor kernel)
    {
        var grew = false;
        foreach (var (by, to, harm) in Pairs.ToList())
        {
            var wider = Victims.Where(middle => this[by, middle].HasFlag(Harm.Write) && middle != to)
                .Aggregate(harm, (sum, middle) => sum | (middle == kernel ? Harm.All : this[middle, to]));
            if (this[by, kernel].HasFlag(Harm.Stop)) wider |= Harm.Stop;
            if (wider == harm) continue;
            harms[(by, to)] = wider;
            grew = true;
        }
        return grew;
    }
}
