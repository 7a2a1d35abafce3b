using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests;

public class MetricFiguresTests
{
    static readonly Scenario scenario = new()
    {
        Name = "x", Title = "X", Question = "?", Machine = "xeon-gold-6138", Workload = new PingPong(),
        Systems = [new("sel4", "", KptiVariant.Kpti, "seL4"), new("underbridge", "sel4", KptiVariant.Default, "Fast"), new("underbridge", "zircon", KptiVariant.Default, "Fast") { BaseTitle = "Zircon" }],
    };

    [Test]
    public void Lines_run_over_the_numbers_of_the_points_in_ascending_order_and_leave_out_systems_without_any()
    {
        var figure = (Lines)Draw(new(FigureRequest.Lines, "f", "T") { Metric = "throughput", X = "Servers", Log = LogAxes.X },
            Row("sel4", "", "kpti", "16", 5), Row("sel4", "", "kpti", "2", 7) with { RangeLow = 6, RangeHigh = 9 }, Row("underbridge", "sel4", "", "machine.wrpkru=28", 3));
        Assert.That(figure.Series.Select(series => series.Name), Is.EqualTo(new[] { "seL4", "Fast (sel4)" }));
        Assert.That(figure.Series[0].Points, Is.EqualTo(new LinePoint[] { new(2, 7, new Interval(6, 9)), new(16, 5) }));
        Assert.That(figure.Series[1].Points.Select(point => point.X), Is.EqualTo(new[] { 28 }));
        Assert.That((figure.X.Text, figure.X.Logarithmic, figure.Y.Text, figure.Y.Logarithmic), Is.EqualTo(("Servers", true, "throughput (op/s)", false)));
    }

    [Test]
    public void Bars_stand_one_a_system_where_there_is_one_point()
    {
        var figure = (GroupedBars)Draw(new(FigureRequest.Bars, "f", "T") { Metric = "throughput", Caption = "Mine" }, Row("sel4", "", "kpti", "", 5) with { Low = 4, High = 6 });
        Assert.That(figure.Groups, Is.EqualTo(new[] { "seL4", "Fast (sel4)", "Fast (Zircon)" }));
        Assert.That(figure.Series.Single().Bars, Is.EqualTo(new[] { new Bar(5, new Interval(4, 6), Label: "5"), null, null }));
        Assert.That(figure.Caption, Is.EqualTo("Mine"));
    }

    [Test]
    public void Bars_stand_in_a_group_for_each_point_where_there_are_several()
    {
        var figure = (GroupedBars)Draw(new(FigureRequest.Bars, "f", "T") { Metric = "throughput" },
            Row("sel4", "", "kpti", "a", 5), Row("sel4", "", "kpti", "b", 6), Row("underbridge", "zircon", "", "b", 7));
        Assert.That(figure.Groups, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(figure.Series.Select(series => string.Join(' ', series.Bars.Select(bar => bar?.Label ?? "-"))), Is.EqualTo(new[] { "5 6", "- -", "- 7" }));
    }

    static Figure Draw(FigureRequest request, params ResultRow[] rows) => new MetricFigures(scenario, [.. rows, Row("sel4", "", "kpti", "2", 99) with { Metric = "other" }]).Draw(request);

    static ResultRow Row(string system, string @base, string variant, string point, double value) =>
        new(system, @base, variant, point, "throughput", "op/s", value, null, null, null, null);
}
