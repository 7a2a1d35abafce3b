using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Tests;

public class ReplicationsTests
{
    static Replications Of(params double[][] replications) => Replications.Run(i => replications[i], new StoppingRule(replications.Length));

    [Test]
    public void A_mean_has_the_interval_of_Students_own_data()
    {
        // "The Probable Error of a Mean", Biometrika 6, 1908.
        var sleep = Of([1.2], [2.4], [1.3], [1.3], [0.0], [1.0], [1.8], [0.8], [4.6], [1.4]).Mean(0);
        Assert.That(sleep.Value, Is.EqualTo(1.58).Within(1e-12));
        Assert.That((sleep.Low, sleep.High), Is.EqualTo((0.7001142, 2.4598858)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-7 && Math.Abs(a.Item2 - b.Item2) < 1e-7));
    }

    [Test]
    public void What_two_systems_share_is_in_neither_the_difference_nor_the_ratio()
    {
        var runs = Of([10, 5], [30, 15], [80, 40]);
        Assert.That(runs.Ratio(0, 1), Is.EqualTo(Estimate.Exact(2)));
        Assert.That(runs.Mean(0).HalfWidth, Is.GreaterThan(80));
        var shifted = Of([10, 7], [30, 27], [80, 77]);
        Assert.That(shifted.Difference(0, 1), Is.EqualTo(Estimate.Exact(3)));
    }

    [Test]
    public void A_paired_difference_is_the_closed_form_of_two_columns()
    {
        // Differences 1, 2, 3, 6: mean 3, standard error sqrt(14 / 3 / 4), three degrees of freedom.
        var difference = Of([2, 1], [4, 2], [6, 3], [10, 4]).Difference(0, 1);
        Assert.That(difference.Value, Is.EqualTo(3).Within(1e-12));
        Assert.That(difference.HalfWidth, Is.EqualTo(3.182446 * Math.Sqrt(14.0 / 12)).Within(1e-5));
    }

    [Test]
    public void Ratios_of_random_pairs_are_covered_as_often_as_promised()
    {
        // The mean of one is 3, of the other 2; they share most of their noise.
        var (covered, random) = (0, new RandomStream(1, "pairs"));
        const int times = 2000;
        for (var i = 0; i < times; i++)
        {
            var ratio = Replications.Run(_ =>
            {
                var shared = random.NextDouble();
                return [2.4 + shared + 0.2 * random.NextDouble(), 1.4 + shared + 0.2 * random.NextDouble()];
            }, new StoppingRule(15)).Ratio(0, 1);
            if (ratio.Low <= 1.5 && ratio.High >= 1.5) covered++;
        }
        Assert.That(covered, Is.InRange(0.93 * times, 0.97 * times));
    }

    [Test]
    public void Replications_end_when_the_precision_is_met_and_not_before_the_least()
    {
        double[] values = [10, 10, 10, 14, 6, 10, 10, 10, 10, 10, 10, 10];
        Replications Until(double precision, int least) => Replications.Run(i => [values[i]], new StoppingRule(values.Length, precision, least));
        Assert.That(Until(0.01, least: 2), Has.Property("Count").EqualTo(2).And.Property("TooShort").False);
        // Of twelve, the half width is 1.12 beside 10: 12.6 % of the least that the mean may be.
        var enough = Until(0.2, least: 4);
        Assert.That((enough.Count, enough.TooShort), Is.EqualTo((9, false)));
        Assert.That(new StoppingRule(12, 0.2).IsMet(Before(8)), Is.False, "one replication earlier");
        var tooFew = Until(0.1, least: 4);
        Assert.That((tooFew.Count, tooFew.TooShort), Is.EqualTo((12, true)));
        Assert.That(Until(0, least: 2), Has.Property("Count").EqualTo(12).And.Property("TooShort").False);

        Estimate Before(int count) => Replications.Run(i => [values[i]], new StoppingRule(count)).Mean(0);
    }

    [Test]
    public void Every_measure_must_meet_the_precision()
    {
        var runs = Replications.Run(i => [100, i % 2], new StoppingRule(40, 0.05));
        Assert.That((runs.Count, runs.TooShort), Is.EqualTo((40, true)));
    }

    [TestCase(1.1, 1.3, Verdict.Above, "above")]
    [TestCase(0.7, 0.9, Verdict.Below, "below")]
    [TestCase(0.9, 1.1, Verdict.TooShort, "too short to tell")]
    [TestCase(1.0, 1.1, Verdict.TooShort, "too short to tell")]
    public void An_interval_that_holds_the_break_even_value_tells_nothing(double low, double high, Verdict expected, string words)
    {
        var verdict = new Estimate((low + high) / 2, low, high).Against(1);
        Assert.That((verdict, verdict.Words()), Is.EqualTo((expected, words)));
    }

    [Test]
    public void One_replication_is_refused_and_so_is_a_value_too_few()
    {
        Assert.That(() => Replications.Run(_ => [1], new StoppingRule(1)), Throws.ArgumentException);
        Assert.That(() => Replications.Run(i => i == 0 ? [1, 2] : [1], new StoppingRule(3)),
            Throws.ArgumentException.With.Message.EqualTo("replication 1 has 1 values, the first has 2"));
    }
}
