
namespace UnderBridge.Sim.Containment;

/// <summary>
/// How much of the harm that compromised apps and servers could do to others a system forbids: percent of all triples of an actor, a victim and one of learning,
/// changing and stopping, each with the same weight. 100 is full isolation; the score of the same actors all linked into one kernel is the natural zero of comparison.
/// </summary>
/// <param name="Value">While everything holds that the design assumes, on this CPU with its leaks.</param>
/// <param name="WithoutLeaks">The same on a CPU that checks a load before its value can leak.</param>
/// <param name="Broken">With every assumption of the design broken at once.</param>
/// <param name="Needs">The assumptions whose breach lowers the score.</param>
sealed record IsolationScore(Share Value, Share WithoutLeaks, Share Broken, Assumptions Needs)
{
    public static IsolationScore Of(Cast cast)
    {
        var value = Share.Of(HarmsOf(cast));
        var needs = Enum.GetValues<Assumptions>().Where(one => one != Assumptions.None && Share.Of(HarmsOf(cast, one)) != value)
            .Aggregate(Assumptions.None, (sum, one) => sum | one);
        return new IsolationScore(value, Share.Of(Harms.Of(cast, Audit.Of(cast), [])), Share.Of(HarmsOf(cast, needs)), needs);
    }

    /// <summary>Who can harm whom in a system, with some of its assumptions broken.</summary>
    public static Harms HarmsOf(Cast cast, Assumptions broken = Assumptions.None) => Harms.Of(cast, Audit.Of(cast, broken), cast.System.Spec.Machine.TransientReads);
}

/// <summary>Percent of ordered pairs of an actor and another in which the one can not learn, not change, not stop the other.</summary>
readonly record struct Share(double Confidentiality, double Integrity, double Availability)
{
    public double Mean => (Confidentiality + Integrity + Availability) / 3;

    internal static Share Of(Harms harms)
    {
        var pairs = harms.Pairs.ToList();
        double Without(Harm harm) => 100.0 * pairs.Count(pair => (pair.Harm & harm) == 0) / pairs.Count;
        return new Share(Without(Harm.Read | Harm.Leak), Without(Harm.Write), Without(Harm.Stop));
    }
}
