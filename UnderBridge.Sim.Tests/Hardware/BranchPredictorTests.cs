using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

public class BranchPredictorTests
{
    const int Branches = 30;

    [Test]
    public void A_branch_costs_a_misprediction_when_it_is_first_taken_and_then_nothing()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.App, "work", branches: Branches);
        Assert.That(Stalls(bench, () => bench.Core.Run(bench.App, footprint)), Is.EqualTo((Branches * HardwareBench.Mispredict, 0.0)));
        Assert.That(Stalls(bench, () => bench.Core.Run(bench.App, footprint)), Is.EqualTo((0.0, 0.0)));
        Assert.That(bench.Machine.Pollution.RefillOf(bench.App.Index), Is.GreaterThan(Branches * HardwareBench.Mispredict), "it is booked beside the refill of caches");
    }

    [Test]
    public void After_an_IBPB_every_branch_is_mispredicted_and_the_flusher_is_to_blame()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.App, "work", branches: Branches);
        bench.Core.Run(bench.App, footprint);
        bench.Core.FlushBranchPredictor(bench.Kernel);
        Assert.That(Stalls(bench, () => bench.Core.Run(bench.App, footprint)), Is.EqualTo((0.0, Branches * HardwareBench.Mispredict)));
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.App.Index, bench.Kernel.Index), Is.EqualTo(Branches * HardwareBench.Mispredict));
    }

    [Test]
    public void An_IBPB_is_privileged()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.App, "work", branches: Branches);
        bench.Core.Run(bench.App, footprint);
        bench.Core.Ring = Ring.User;
        bench.Core.FlushBranchPredictor(bench.App);
        Assert.That(bench.Core.Faults.Single().Rule, Is.EqualTo(ProtectionRule.Privileged));
        Assert.That(Stalls(bench, () => bench.Core.Run(bench.App, footprint)), Is.EqualTo((0.0, 0.0)));
    }

    [Test]
    public void Code_with_more_branches_than_the_buffer_holds_pollutes_that_of_others()
    {
        var bench = new HardwareBench();
        const int capacity = HardwareBench.BtbSets * HardwareBench.BtbWays;
        var app = bench.Footprint(bench.App, "work", codeLines: 16, branches: 16);
        var path = bench.Footprint(bench.Kernel, "path", codeLines: 4 * capacity, pages: 4, branches: 4 * capacity);
        bench.Core.Run(bench.App, app);
        bench.Core.Run(bench.Kernel, path);
        var (refill, pollution) = Stalls(bench, () => bench.Core.Run(bench.App, app));
        Assert.That((refill, pollution), Is.EqualTo((0.0, 16 * HardwareBench.Mispredict)));
        Assert.That(Stalls(bench, () => bench.Core.Run(bench.Kernel, path)).Refill, Is.EqualTo(4 * capacity * HardwareBench.Mispredict), "its own, under LRU, it never finds again");
    }

    [Test]
    public void Without_a_predictor_in_the_profile_or_branches_in_the_footprint_nothing_is_mispredicted()
    {
        var with = new HardwareBench();
        var without = new HardwareBench(change: profile => profile with { BranchPredictor = null });
        foreach (var (bench, branches) in new[] { (with, 0), (without, Branches) })
        {
            var footprint = bench.Footprint(bench.App, "work", branches: branches);
            bench.Core.FlushBranchPredictor(bench.Kernel);
            Assert.That(Stalls(bench, () => bench.Core.Run(bench.App, footprint)), Is.EqualTo((0.0, 0.0)));
        }
        Assert.That(with.Charged(), Is.EqualTo(without.Charged()).And.Positive);
    }

    [Test]
    public void A_line_holds_two_branches_at_most()
    {
        var bench = new HardwareBench();
        Assert.That(bench.Footprint(bench.App, "dense", codeLines: 20, branches: 40).Lines, Is.Positive);
        Assert.That(() => bench.Footprint(bench.App, "denser", codeLines: 20, branches: 41),
            Throws.ArgumentException.With.Message.EqualTo("denser has 41 branches in 20 lines of denser.code; at most 2 a line are told apart."));
    }

    static (double Refill, double Pollution) Stalls(HardwareBench bench, Action action)
    {
        double Booked(Cause cause) => Enumerable.Range(0, bench.Machine.Provenance.Count).Sum(number => bench.Core.Ledger.ByNumber(number, cause));
        var before = (Booked(Cause.BranchRefill), Booked(Cause.BranchPollution));
        action();
        return (Booked(Cause.BranchRefill) - before.Item1, Booked(Cause.BranchPollution) - before.Item2);
    }
}
