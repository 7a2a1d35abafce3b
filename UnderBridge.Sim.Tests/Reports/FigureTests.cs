using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class FigureTests
{
    static readonly Axis cycles = new("Round trip", "cycles");

    [Test]
    public void An_axis_reads_with_its_unit()
    {
        Assert.That(cycles.Text, Is.EqualTo("Round trip (cycles)"));
        Assert.That(new Axis("Ratio").Text, Is.EqualTo("Ratio"));
    }

    [Test]
    public void A_bar_knows_its_total_and_its_parts()
    {
        var bar = new StackedBar("ChCore", [new Segment("Domain switch", 56), new Segment("Logic", 53)]);
        Assert.That(bar.Total, Is.EqualTo(109));
        Assert.That(bar["Logic"], Is.EqualTo(53));
        Assert.That(bar["KPTI"], Is.Zero);
    }

    [Test]
    public void A_segment_of_an_unknown_series_is_refused() =>
        Assert.That(() => new StackedBars("", "", cycles, ["A"], [new StackedBar("bar", [new Segment("B", 1)])]),
            Throws.ArgumentException.With.Message.Contains("bar 'bar' has a segment of 'B'"));

    [Test]
    public void A_series_that_does_not_match_the_groups_is_refused() =>
        Assert.That(() => new GroupedBars("", "", cycles, ["A", "B"], [new BarSeries("S", [null])]),
            Throws.ArgumentException.With.Message.Contains("1 bars for 2 groups"));

    [Test]
    public void Bars_refuse_a_logarithmic_axis()
    {
        var axis = cycles with { Logarithmic = true };
        Assert.That(() => new StackedBars("", "", axis, [], []), Throws.ArgumentException);
        Assert.That(() => new GroupedBars("", "", axis, [], []), Throws.ArgumentException);
    }

    [Test]
    public void A_logarithmic_line_refuses_zero()
    {
        LineSeries[] series = [new("S", [new LinePoint(0, 1)])];
        Assert.That(() => new Lines("", "", cycles with { Logarithmic = true }, cycles, series), Throws.ArgumentException.With.Message.Contains("(0, 1)"));
        Assert.That(() => new Lines("", "", cycles, cycles, series), Throws.Nothing);
    }

    [Test]
    public void The_frontier_holds_the_points_that_no_other_beats_on_both_axes()
    {
        Assert.That(SampleFigures.Tradeoff.Frontier.Select(point => point.Name), Is.EqualTo(new[] { "Monolithic", "UnderBridge", "SkyBridge" }));
        Assert.That((SampleFigures.Tradeoff with { LowXIsBetter = false }).Frontier.Select(point => point.Name), Is.EqualTo(new[] { "Zircon with KPTI" }));
    }

    [Test]
    public void A_matrix_refuses_rows_that_are_too_short_and_cells_of_no_class()
    {
        Assert.That(() => new Matrix("t", "", ["a"], [new MatrixPanel("p", ["r"], ["c", "d"], [[new(0)]])]), Throws.ArgumentException.With.Message.Contains("1 rows of 2 cells"));
        Assert.That(() => new Matrix("t", "", ["a"], [new MatrixPanel("p", ["r"], ["c"], [[new(1)]])]), Throws.ArgumentException.With.Message.Contains("a cell of no class"));
    }

    [Test]
    public void A_tradeoff_refuses_points_that_a_logarithmic_axis_can_not_show() =>
        Assert.That(() => new Tradeoff("t", "", new Axis("x", Logarithmic: true), new Axis("y"), [new("p", 1, 1, new Interval(0, 2))]), Throws.ArgumentException.With.Message.Contains("'p'"));
}
