using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class ContourTests
{
    [Test]
    public void A_plane_is_cut_along_a_straight_line_across_the_whole_grid()
    {
        double[] xs = [0, 1, 3, 4], ys = [-1, 0, 5];
        var pieces = Contour.Of(xs, ys, [.. ys.Select(y => (IReadOnlyList<double>)[.. xs.Select(x => x + 0.1 * y)])], 2);
        foreach (var piece in pieces)
        {
            Assert.That(piece.X1 + 0.1 * piece.Y1, Is.EqualTo(2).Within(1e-12));
            Assert.That(piece.X2 + 0.1 * piece.Y2, Is.EqualTo(2).Within(1e-12));
        }
        Assert.That(pieces.Sum(piece => Math.Abs(piece.Y2 - piece.Y1)), Is.EqualTo(6).Within(1e-12));
    }

    [Test]
    public void A_saddle_has_two_pieces_that_leave_the_higher_pair_together_or_apart_by_the_mean()
    {
        static IEnumerable<ContourPiece> Of(double low) => Contour.Of([0, 1], [0, 1], [[1, -low], [-low, 1]], 0);
        foreach (var low in new[] { 0.5, 2 })
        {
            var pieces = Of(low).ToList();
            Assert.That(pieces, Has.Count.EqualTo(2));
            // Together, the line goes round the corners (1,0) and (0,1), which are low; apart, round the others.
            Assert.That(pieces.All(piece => (piece.X1 + piece.X2 > piece.Y1 + piece.Y2 + 0.5) || (piece.Y1 + piece.Y2 > piece.X1 + piece.X2 + 0.5)), Is.EqualTo(low < 1));
        }
    }

    [Test]
    public void A_level_that_no_value_crosses_has_no_line() => Assert.That(Contour.Of([0, 1], [0, 1], [[1, 2], [3, 4]], 5), Is.Empty);

    [TestCase(new double[] { 1 }, "two points")]
    [TestCase(new double[] { 2, 1 }, "point 1 after 2")]
    [TestCase(new double[] { 0, 1 }, "logarithmic")]
    public void A_heat_map_refuses_axes_that_it_can_not_show(double[] xs, string message)
    {
        double[][] values = [[.. xs], [.. xs]];
        Assert.That(() => new HeatMap("t", "", new Axis("x", Logarithmic: true), new Axis("y"), new Axis("v"), xs, [1, 2], values), Throws.ArgumentException.With.Message.Contains(message));
    }
}
