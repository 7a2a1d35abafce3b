using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Tests;

public class WarmUpTests
{
    [Test]
    public void The_cut_is_where_trying_every_one_finds_the_least_standard_error()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var (length, bias) = (random.Next(10, 200), random.NextDouble() * 20);
            var run = Enumerable.Range(0, length).Select(i => random.NextDouble() + bias * Math.Exp(-i / 12.0)).ToArray();
            var points = run.Chunk(5).Where(chunk => chunk.Length == 5).Select(chunk => chunk.Average()).ToArray();
            var errors = Enumerable.Range(0, points.Length / 2 + 1).Select(cut => Error(points[cut..])).ToList();
            var best = errors.IndexOf(errors.Min());
            Assert.That(WarmUp.Length(run), Is.EqualTo(best == points.Length / 2 ? null : (int?)(5 * best)), $"seed {seed}");
        }

        static double Error(double[] kept) => kept.Sum(point => Math.Pow(point - kept.Average(), 2)) / kept.Length / kept.Length;
    }

    [Test]
    public void A_start_that_differs_is_left_off_and_nothing_more()
    {
        var run = Enumerable.Range(0, 1000).Select(i => i < 100 ? 50.0 : i / 5 % 2).ToArray();
        Assert.That(WarmUp.Length(run), Is.EqualTo(100));
    }

    [Test]
    public void A_steady_run_keeps_everything() => Assert.That(WarmUp.Length([.. Enumerable.Repeat(7.0, 50)]), Is.Zero);

    [Test]
    public void A_run_that_still_rises_at_its_end_is_too_short_to_tell() => Assert.That(WarmUp.Length([.. Enumerable.Range(0, 1000).Select(i => (double)i)]), Is.Null);

    [Test]
    public void Nine_observations_are_refused() =>
        Assert.That(() => WarmUp.Length(new double[9]), Throws.ArgumentException.With.Message.EqualTo("9 observations, where 10 are the least to compare"));
}
