using UnderBridge.Sim.Engine;
using static UnderBridge.Sim.Engine.Distributions;

namespace UnderBridge.Sim.Tests;

public class DistributionTests
{
    const int Draws = 100_000;

    static IEnumerable<TestCaseData> Moments()
    {
        yield return Case(UNIF(2, 6), 4, 4 / Math.Sqrt(12));
        yield return Case(TRI(0, 10, 2), 4, Math.Sqrt(84.0 / 18));
        yield return Case(TRI(2, 6), 4, Math.Sqrt(12.0 / 18));
        yield return Case(EXP(3), 3, 3);
        yield return Case(N(5, 2), 5, 2);
        yield return Case(LNORM(0, 0.5), Math.Exp(0.125), Math.Exp(0.125) * Math.Sqrt(Math.Exp(0.25) - 1));
        yield return Case(LNORM2(4, 2), 4, 2);
        yield return Case(ERL(4, 2), 2, 1);
        yield return Case(WEI(2, 2), Math.Sqrt(Math.PI), Math.Sqrt(4 - Math.PI));
        yield return Case(CONST(7.0), 7, 0);

        static TestCaseData Case(IDistribution<double> distribution, double mean, double deviation) => new(distribution, mean, deviation);
    }

    static IEnumerable<TestCaseData> TimeMoments()
    {
        yield return Case(UNIF(S(2), S(6)), 4, 4 / Math.Sqrt(12));
        yield return Case(TRI(S(0), S(10), S(2)), 4, Math.Sqrt(84.0 / 18));
        yield return Case(TRI(S(2), S(6)), 4, Math.Sqrt(12.0 / 18));
        yield return Case(EXP(S(3)), 3, 3);
        yield return Case(N(S(5), S(2)), 5, 2);
        yield return Case(LNORM(S(0), S(0.5)), Math.Exp(0.125), Math.Exp(0.125) * Math.Sqrt(Math.Exp(0.25) - 1));
        yield return Case(LNORM2(S(4), S(2)), 4, 2);
        yield return Case(ERL(4, S(0.5)), 2, 1);
        yield return Case(CONST(S(7)), 7, 0);

        static TestCaseData Case(IDistribution<TimeSpan> distribution, double mean, double deviation) => new(distribution, mean, deviation);
    }

    static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    static double Property(object distribution, string name) => distribution.GetType().GetProperty(name)?.GetValue(distribution) switch
    {
        double value => value,
        TimeSpan span => span.TotalSeconds,
        _ => double.NaN,
    };

    [TestCaseSource(nameof(Moments))]
    public void Draws_have_the_mean_and_deviation_that_the_distribution_states(IDistribution<double> distribution, double mean, double deviation) =>
        Check(distribution, distribution.Sample(new PcgRandom(3), Draws), mean, deviation);

    [TestCaseSource(nameof(TimeMoments))]
    public void Drawn_times_have_the_mean_and_deviation_that_the_distribution_states(IDistribution<TimeSpan> distribution, double mean, double deviation) =>
        Check(distribution, distribution.Sample(new PcgRandom(3), Draws).Select(t => t.TotalSeconds), mean, deviation);

    static void Check(object distribution, IEnumerable<double> draws, double mean, double deviation)
    {
        var monitor = new SampleMonitor();
        foreach (var draw in draws) monitor.Add(draw);
        Assert.That(monitor.Mean, Is.EqualTo(mean).Within(5 * deviation / Math.Sqrt(Draws) + 1e-6));
        Assert.That(monitor.StdDev, Is.EqualTo(deviation).Within(0.02 * deviation + 1e-6));
        Assert.That(Property(distribution, "Mean"), Is.NaN.Or.EqualTo(mean).Within(1e-6));
        Assert.That(Property(distribution, "StdDev"), Is.NaN.Or.EqualTo(deviation).Within(1e-6));
        Assert.That(Property(distribution, "MeanTime"), Is.NaN.Or.EqualTo(mean).Within(1e-6));
        Assert.That(Property(distribution, "StdDevTime"), Is.NaN.Or.EqualTo(deviation).Within(1e-6));
    }

    [Test]
    public void The_deviation_of_an_exponential_is_its_mean() => Assert.That((EXP(4).StdDev, EXP(S(4)).StdDev), Is.EqualTo((4.0, S(4))));

    [Test]
    public void The_mode_of_a_triangle_is_in_the_middle_unless_given() => Assert.That((TRI(2, 6).Mode, TRI(S(2), S(6)).Mode), Is.EqualTo((4.0, S(4))));

    [Test]
    public void The_mean_of_discrete_values_lies_between_them()
    {
        var die = new UniformDiscrete(1, 7);
        Assert.That((die.Mean, die.MeanTime), Is.EqualTo((3.5, S(3.5))));
        Assert.That(die.StdDev, Is.EqualTo(Math.Sqrt(35.0 / 12)));
        Assert.That(die.Sample(new PcgRandom(1), 1000).Distinct().Order(), Is.EqualTo(new[] { 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void A_normal_distribution_carries_nothing_from_one_generator_to_another()
    {
        var shared = N(0, 1);
        _ = shared.Sample(new PcgRandom(1));
        Assert.That(shared.Sample(new PcgRandom(2)), Is.EqualTo(N(0, 1).Sample(new PcgRandom(2))));
        var random = new PcgRandom(5);
        var first = shared.Sample(random);
        random.Reinitialise(5);
        shared.Reset();
        Assert.That(shared.Sample(random), Is.EqualTo(first));
    }

    [Test]
    public void The_median_of_a_cauchy_distribution_is_its_location()
    {
        var draws = CAUCHY(3, 2).Sample(new PcgRandom(1), Draws).Order().ToArray();
        Assert.That(draws[Draws / 2], Is.EqualTo(3).Within(0.05));
        Assert.That(draws[Draws * 3 / 4], Is.EqualTo(5).Within(0.1), "the third quartile is one scale above");
        Assert.That(CAUCHY(S(3), 2).Gamma, Is.EqualTo(2.0));
    }

    [Test]
    public void Bounded_distributions_stay_within_their_bounds_or_say_that_they_cannot()
    {
        var random = new PcgRandom(1);
        Assert.That(POS(N(0, 1)).Sample(random, 1000), Is.All.GreaterThan(0));
        Assert.That(NEG(N(0, 1)).Sample(random, 1000), Is.All.LessThan(0));
        Assert.That(POS(new UniformDiscrete(-1, 2)).Sample(random, 100), Is.All.EqualTo(1));
        Assert.That(NEG(new UniformDiscrete(-1, 2)).Sample(random, 100), Is.All.EqualTo(-1));
        Assert.That(POS(N(S(0), S(1))).Sample(random, 100), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(NEG(N(S(0), S(1))).Sample(random, 100), Is.All.LessThan(TimeSpan.Zero));
        Assert.That(new BoundedDiscrete(new UniformDiscrete(0, 9), 3, 4).Sample(random, 1000).Distinct().Order(), Is.EqualTo(new[] { 3, 4 }));
        var impossible = POS(CONST(0.0), ntries: 3);
        Assert.That(impossible.TrySample(random, out _), Is.False);
        Assert.Throws<InvalidOperationException>(() => impossible.Sample(random));
    }

    [Test]
    public void Observations_are_drawn_evenly_or_by_weight()
    {
        var random = new PcgRandom(1);
        var even = new EmpiricalUniform<string>((List<string>)["a", "b"]).Sample(random, Draws).Count(s => s == "a");
        Assert.That(even, Is.InRange(0.49 * Draws, 0.51 * Draws));
        var weighted = new EmpiricalNonUniform<string>((List<string>)["never", "a", "b"], (List<double>)[0, 3, 1]).Sample(random, Draws).ToArray();
        Assert.That(weighted.Count(s => s == "a"), Is.InRange(0.74 * Draws, 0.76 * Draws));
        Assert.That(weighted, Has.None.EqualTo("never"));
        Assert.That(EmpiricalNonUniform<int>.Sample(random, [1, 2], [0, 1]), Is.EqualTo(2));
        Assert.Throws<ArgumentException>(() => _ = new EmpiricalNonUniform<int>((List<int>)[1], (List<double>)[0]));
    }

    [Test]
    public void Draws_without_repetition_are_a_part_of_the_observations()
    {
        var random = new PcgRandom(1);
        int[] all = [1, 2, 3, 4, 5];
        Assert.That(new EmpiricalUniform<int>((IReadOnlyList<int>)all).SampleNoRepetition(random, 5).Order(), Is.EqualTo(all));
        Assert.That(EmpiricalUniform<int>.SampleOnlineNoRepetition(random, all, 9), Is.EqualTo(all));
        var counts = new int[6];
        for (var i = 0; i < 10_000; i++)
        {
            foreach (var one in EmpiricalUniform<int>.SampleOnlineNoRepetition(random, all, 2)) counts[one]++;
            counts[EmpiricalUniform<int>.SampleOnline(random, all)]++;
        }
        Assert.That(counts[1..], Is.All.InRange(5700, 6300));
        Assert.That(EmpiricalUniform<int>.SampleOnline(random, all, 3), Has.Count.EqualTo(3));
    }

    [Test]
    public void A_simulation_draws_from_its_own_generator()
    {
        var (a, b) = (new Simulation(7), new Simulation(7));
        Assert.That(a.Rand(EXP(1)), Is.EqualTo(EXP(1).Sample(new PcgRandom(7))));
        Assert.That(a.Rand(N(0, 1), 3).ToArray(), Has.Length.EqualTo(3));
        Assert.That(b.TryRand(POS(CONST(2.0)), out var two) && two == 2);
        b.TimeoutD(CONST(3.0));
        b.Timeout(CONST(S(4)));
        b.Timeout(new PcgRandom(), CONST(S(5)));
        b.TimeoutD(new PcgRandom(), CONST(6.0));
        b.Run();
        Assert.That((b.NowD, b.ProcessedEvents), Is.EqualTo((6.0, 4)));
    }
}
