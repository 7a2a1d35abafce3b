using CsCheck;
using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Tests;

public class BatchMeansTests
{
    // Extra sleep under two drugs: Student, "The Probable Error of a Mean", Biometrika 6, 1908.
    static readonly double[] sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];

    // Law, "Simulation Modeling and Analysis", 5th ed., chapter 4.
    static readonly double[] law = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09];

    [TestCase(1, 12.706)]
    [TestCase(4, 2.776)]
    [TestCase(9, 2.262)]
    [TestCase(19, 2.093)]
    [TestCase(120, 1.980)]
    public void Quantiles_are_those_of_the_printed_table(int degreesOfFreedom, double printed)
    {
        Assert.That(BatchMeans.Quantile(0.95, degreesOfFreedom), Is.EqualTo(printed).Within(0.0005));
    }

    [Test]
    public void Students_own_data_give_the_known_interval()
    {
        var estimate = BatchMeans.Mean(sleep, batches: 10);
        Assert.That(estimate.Value, Is.EqualTo(1.58).Within(1e-12));
        Assert.That(estimate.Low, Is.EqualTo(0.7001142).Within(1e-7));
        Assert.That(estimate.High, Is.EqualTo(2.4598858).Within(1e-7));
    }

    [Test]
    public void The_textbook_example_gives_1_34_plus_or_minus_0_24_at_90_percent()
    {
        var estimate = BatchMeans.Mean(law, batches: 10, confidence: 0.90);
        Assert.That(estimate.Value, Is.EqualTo(1.34).Within(0.005));
        Assert.That(estimate.HalfWidth, Is.EqualTo(0.24).Within(0.005));
    }

    [Test]
    public void Batches_of_equal_length_give_the_interval_of_their_means()
    {
        double[] pairs = [1, 3, 4, 6, 7, 7];
        double[] means = [2, 5, 7];
        Assert.That(BatchMeans.Mean(pairs, batches: 3), Is.EqualTo(BatchMeans.Mean(means, batches: 3)));
    }

    [Test]
    public void Every_observation_counts_even_if_batches_come_out_uneven()
    {
        var estimate = BatchMeans.Mean([1, 2, 3, 4, 5, 6, 7], batches: 3);
        Assert.That(estimate.Value, Is.EqualTo(4));
        Assert.That(estimate.Low, Is.LessThan(4));
        Assert.That(estimate.High, Is.GreaterThan(4));
    }

    [Test]
    public void A_ratio_is_that_of_the_totals_and_not_the_mean_of_ratios()
    {
        // 10 operations in 2 cycles, then 10 in 8: 20 in 10. Residuals are 6 and -6, so the half width is t(1) * sqrt(72) / 5 / sqrt(2).
        var estimate = BatchMeans.Ratio([10, 10], [2, 8], batches: 2);
        Assert.That(estimate.Value, Is.EqualTo(2));
        Assert.That(estimate.HalfWidth, Is.EqualTo(12.7062 * 6 / 5).Within(0.0001));
    }

    [Test]
    public void What_two_paired_systems_share_stays_out_of_their_ratio()
    {
        double[] slow = [.. sleep.Select(value => 3 * value)];
        var estimate = BatchMeans.Ratio(slow, sleep, batches: 10);
        Assert.That(estimate.Value, Is.EqualTo(3).Within(1e-12));
        Assert.That(estimate.HalfWidth, Is.LessThan(1e-12));
    }

    [Test]
    public void Scaling_and_shifting_the_observations_scales_and_shifts_the_interval() =>
        Gen.Select(Gen.Double[-100, 100].Array[20, 60], Gen.Double[0.1, 10], Gen.Double[-50, 50]).Sample((values, scale, shift) =>
        {
            var plain = BatchMeans.Mean(values);
            var moved = BatchMeans.Mean([.. values.Select(value => scale * value + shift)]);
            return Math.Abs(moved.Value - (scale * plain.Value + shift)) < 1e-9
                && Math.Abs(moved.Low - (scale * plain.Low + shift)) < 1e-9
                && Math.Abs(moved.High - (scale * plain.High + shift)) < 1e-9;
        });

    [Test]
    public void Ninety_five_of_a_hundred_intervals_of_a_correlated_run_hold_the_true_mean()
    {
        var random = new Random(20200715);
        var (batched, naive) = (0, 0);
        const int Runs = 1000, Observations = 2000;
        for (var run = 0; run < Runs; run++)
        {
            var values = Correlated(random, Observations);
            if (Holds(BatchMeans.Mean(values), 0)) batched++;
            if (Holds(BatchMeans.Mean(values, batches: Observations), 0)) naive++;
        }
        Assert.That(batched / (double)Runs, Is.InRange(0.93, 0.97));
        Assert.That(naive / (double)Runs, Is.InRange(0.60, 0.85), "single observations of such a run promise too much");
    }

    [TestCase(19, 20)]
    [TestCase(1, 2)]
    [TestCase(0, 2)]
    public void Fewer_observations_than_batches_are_refused(int observations, int batches) =>
        Assert.That(() => BatchMeans.Mean(new double[observations], batches), Throws.ArgumentException.With.Message.Contains($"{observations} observations do not fill {batches} batches"));

    [Test]
    public void One_batch_unpaired_totals_and_empty_denominators_are_refused()
    {
        Assert.That(() => BatchMeans.Mean([1, 2], batches: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => BatchMeans.Mean([1, 2], batches: 2, confidence: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => BatchMeans.Ratio([1, 2], [1], batches: 2), Throws.ArgumentException.With.Message.Contains("2 numerators do not pair with 1"));
        Assert.That(() => BatchMeans.Ratio([1, 2], [0, 0], batches: 2), Throws.ArgumentException.With.Message.Contains("more than zero"));
    }

    [Test]
    public void An_estimate_in_another_unit_keeps_its_shape()
    {
        Assert.That(new Estimate(2, 1, 4) * 10, Is.EqualTo(new Estimate(20, 10, 40)));
        Assert.That(Estimate.Exact(7), Is.EqualTo(new Estimate(7, 7, 7)));
        Assert.That(() => new Estimate(2, 1, 4) * -1, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    static bool Holds(Estimate estimate, double truth) => estimate.Low <= truth && truth <= estimate.High;

    // A first-order autoregressive run around zero.
    static double[] Correlated(Random random, int count)
    {
        const double Memory = 0.5;
        var values = new double[count];
        var value = 0.0;
        for (var i = 0; i < count; i++) values[i] = value = Memory * value + Normal(random);
        return values;
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
