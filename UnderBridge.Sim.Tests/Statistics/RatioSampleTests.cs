using CsCheck;
using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Tests;

public class RatioSampleTests
{
    static readonly Gen<double[]> values = Gen.Double[1, 1000].Array[8];

    static Estimate Near(Estimate estimate) => new(Math.Round(estimate.Value, 9), Math.Round(estimate.Low, 9), Math.Round(estimate.High, 9));

    [Test]
    public void Of_rates_with_the_same_requests_it_is_the_paired_ratio_of_their_cycles() => Gen.Select(values, values).Sample((own, other) =>
    {
        double[] requests = [.. own.Select(_ => 60.0)];
        var ratio = new RatioSample(requests, own).Over(new RatioSample(requests, other))!.Value;
        Assert.That(Near(ratio), Is.EqualTo(Near(BatchMeans.Ratio(other, own, own.Length))));
    });

    [Test]
    public void Of_means_it_is_their_paired_ratio_and_their_paired_difference() => Gen.Select(values, values).Sample((own, other) =>
    {
        var (one, two) = (RatioSample.Mean(own), RatioSample.Mean(other));
        Assert.That(Near(one.Over(two)!.Value), Is.EqualTo(Near(BatchMeans.Ratio(own, other, own.Length))));
        Assert.That(Near(one.Less(two)), Is.EqualTo(Near(BatchMeans.Mean([.. own.Zip(other, (a, b) => a - b)], own.Length))));
        Assert.That(Near(one.Estimate()), Is.EqualTo(Near(BatchMeans.Mean(own, own.Length))));
    });

    [Test]
    public void Replications_put_together_are_one_pair_each()
    {
        var joined = RatioSample.Joined([new([1, 2], [10, 20]), new([3, 4], [30, 50])]);
        Assert.That((joined.Count, joined.Value), Is.EqualTo((2, 10.0 / 110)));
        Assert.That(joined.Estimate(), Is.EqualTo(new RatioSample([3, 7], [30, 80]).Estimate()));
        Assert.That(RatioSample.Once(7).Estimate(), Is.EqualTo(Estimate.Exact(7)));
    }

    [Test]
    public void What_two_systems_share_hides_no_difference_and_what_one_has_alone_makes_none() => values.Sample(shared =>
    {
        var (one, dearer) = (RatioSample.Mean(shared), RatioSample.Mean([.. shared.Select(value => value * 1.001)]));
        Assert.That(one.Beside(dearer), Is.EqualTo(Verdict.Below));
        Assert.That(dearer.Beside(one), Is.EqualTo(Verdict.Above));
        Assert.That(one.Beside(one), Is.EqualTo(Verdict.TooShort));
        // Alternating by more than the shift, beside which it is lost.
        Assert.That(one.Beside(RatioSample.Mean([.. shared.Select((value, i) => value + 1 + (i % 2 == 0 ? 50 : -50))])), Is.EqualTo(Verdict.TooShort));
    });

    [Test]
    public void Nothing_is_claimed_that_either_way_to_divide_does_not_bear_out() => Gen.Select(values, values).Sample((own, other) =>
    {
        var (one, two) = (RatioSample.Mean(own), RatioSample.Mean(other));
        var verdict = one.Beside(two);
        Assert.That(two.Beside(one), Is.EqualTo(verdict switch { Verdict.Above => Verdict.Below, Verdict.Below => Verdict.Above, _ => Verdict.TooShort }));
        if (verdict == Verdict.TooShort) return;
        Assert.That(BatchMeans.Ratio(own, other, own.Length).Against(1), Is.EqualTo(verdict));
        Assert.That(BatchMeans.Ratio(other, own, own.Length).Against(1), Is.EqualTo(verdict == Verdict.Above ? Verdict.Below : Verdict.Above));
    });

    [Test]
    public void Beside_nothing_the_difference_decides()
    {
        var (none, some, little) = (RatioSample.Mean([0, 0, 0, 0]), RatioSample.Mean([3, 4, 3, 4]), RatioSample.Mean([9, 0, 0, 0]));
        Assert.That(some.Over(none), Is.Null);
        Assert.That((some.Beside(none), none.Beside(some), little.Beside(none), none.Beside(none)), Is.EqualTo((Verdict.Above, Verdict.Below, Verdict.TooShort, Verdict.TooShort)));
    }

    [Test]
    public void Of_samples_of_unlike_length_those_that_both_have_are_held_beside_each_other() =>
        Assert.That(RatioSample.Mean([2, 4, 6, 1000]).Over(RatioSample.Mean([1, 2, 3])), Is.EqualTo(Estimate.Exact(2)));
}
