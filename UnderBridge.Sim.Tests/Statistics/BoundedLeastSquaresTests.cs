using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Tests.Statistics;

public class BoundedLeastSquaresTests
{
    [Test]
    public void As_many_parameters_as_residuals_meet_all_of_them()
    {
        var fit = BoundedLeastSquares.Fit(p => [2 * p[0] + p[1] - 7, p[0] - p[1] - 2], [0, 0], [-10, -10], [10, 10]);
        Assert.That(fit, Is.EqualTo(new[] { 3.0, 1.0 }).Within(1e-9));
    }

    [Test]
    public void The_mean_is_what_has_the_least_squares() =>
        Assert.That(BoundedLeastSquares.Fit(p => [p[0] - 1, p[0] - 2, p[0] - 6], [0], [-10], [10])[0], Is.EqualTo(3).Within(1e-9));

    [Test]
    public void A_curve_is_followed_to_its_root() =>
        Assert.That(BoundedLeastSquares.Fit(p => [p[0] * p[0] - 2], [1], [0], [10])[0], Is.EqualTo(Math.Sqrt(2)).Within(1e-6));

    [Test]
    public void More_parameters_than_residuals_are_refused() =>
        Assert.That(() => BoundedLeastSquares.Fit(p => [p[0] + p[1]], [0, 0], [-1, -1], [1, 1]), Throws.ArgumentException);

    // Where bounds hold, no neighbour within them may do better.
    [Test]
    public void Within_bounds_nothing_nearby_is_better()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var matrix = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 2).Select(_ => random.NextDouble() * 4 - 2).ToArray()).ToArray();
            var right = Enumerable.Range(0, 4).Select(_ => random.NextDouble() * 10 - 5).ToArray();
            double[] Residuals(double[] p) => [.. matrix.Select((row, i) => row[0] * p[0] + row[1] * p[1] - right[i])];
            double Squares(double[] p) => Residuals(p).Sum(residual => residual * residual);
            var fit = BoundedLeastSquares.Fit(Residuals, [0.5, 0.5], [0, 0], [1, 1]);
            Assert.That(fit, Is.All.InRange(0.0, 1.0), $"seed {seed}");
            for (var x = 0.0; x <= 1; x += 0.1)
                for (var y = 0.0; y <= 1; y += 0.1)
                    Assert.That(Squares(fit), Is.LessThanOrEqualTo(Squares([x, y]) + 1e-6), $"seed {seed}: ({x}, {y})");
        }
    }
}
