using CsCheck;
using UnderBridge.Sim.Systems.Services;

namespace UnderBridge.Sim.Tests;

/// <summary>What policies choose from the calls they know of.</summary>
public class PlacementChoiceTests
{
    static readonly PolicySettings settings = new(Hysteresis: 0.5, Smoothing: 0.5, Horizon: 4);

    static PlacementChoice Knowing(PlacementPolicy policy, params long[] calls)
    {
        var choice = new PlacementChoice(policy, settings with { Smoothing = 1 }, calls.Length);
        choice.Learn(calls);
        return choice;
    }

    static void Carry(IReadOnlyList<Exchange> exchanges, bool[] inKernel)
    {
        foreach (var (@out, @in) in exchanges)
        {
            if (@out >= 0) inKernel[@out] = false;
            inKernel[@in] = true;
        }
    }

    [Test]
    public void Exchanges_move_only_who_can_move_keep_within_the_domains_and_leave_nothing_to_choose() =>
        Gen.Select(Gen.Int[0, 3],
            Gen.Select(Gen.Long[0, 50], Gen.Bool).Array[1, 40], Gen.Int[0, 15], Gen.Double[0, 2000], Gen.Double[0, 20_000]).Sample((which, servers, free, saved, move) =>
        {
            var policy = (PlacementPolicy)which;
            var choice = Knowing(policy, [.. servers.Select(server => server.Item1)]);
            var inKernel = servers.Select(server => server.Item2).ToArray();
            var exchanges = choice.Choose(inKernel, free, saved, move);
            foreach (var (@out, @in) in exchanges)
            {
                Assert.That(inKernel[@in], Is.False);
                if (@out >= 0) Assert.That((inKernel[@out], servers[@out].Item1 < servers[@in].Item1), Is.EqualTo((true, true)), "a colder one leaves for a hotter one");
            }
            Assert.That(exchanges.SelectMany(exchange => new[] { exchange.Out, exchange.In }).Where(server => server >= 0), Is.Unique);
            var into = exchanges.Count(exchange => exchange.Out < 0);
            Assert.That(into, Is.LessThanOrEqualTo(free));
            Carry(exchanges, inKernel);
            Assert.That(choice.Choose(inKernel, free - into, saved, move), Is.Empty, "or servers would come and go under a steady load");
            if (policy == PlacementPolicy.Static) Assert.That(exchanges, Is.Empty);
        });

    [TestCase(14, false)]
    [TestCase(15, false)]
    [TestCase(16, true)]
    public void Hottest_first_exchanges_beyond_its_margin(long calls, bool moves) =>
        Assert.That(Knowing(PlacementPolicy.HottestFirst, 10, calls).Choose([true, false], free: 0, saved: 1000, move: 1e9), Has.Count.EqualTo(moves ? 1 : 0));

    // Five calls an epoch more, over four epochs, save 20 times what a call saves; an exchange takes two moves.
    [TestCase(1000, 10_000, false)]
    [TestCase(1000.5, 10_000, true)]
    [TestCase(1000, 9_999, true)]
    public void A_cost_aware_policy_exchanges_where_that_pays_within_the_horizon(double saved, double move, bool moves)
    {
        foreach (var policy in new[] { PlacementPolicy.CostAware, PlacementPolicy.Oracle })
            Assert.That(Knowing(policy, 10, 15).Choose([true, false], free: 0, saved, move), Has.Count.EqualTo(moves ? 1 : 0));
    }

    [Test]
    public void A_running_mean_forgets_half_an_epoch_at_a_time_and_the_oracle_at_once()
    {
        var (mean, oracle) = (new PlacementChoice(PlacementPolicy.HottestFirst, settings, 1), new PlacementChoice(PlacementPolicy.Oracle, settings, 1));
        foreach (var calls in new long[] { 80, 0, 40 })
        {
            mean.Learn([calls]);
            oracle.Learn([calls]);
        }
        Assert.That((mean.Heat[0], oracle.Heat[0]), Is.EqualTo((30, 40)));
    }
}
