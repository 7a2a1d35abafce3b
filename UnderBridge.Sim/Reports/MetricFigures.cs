using System.Globalization;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Reports;

/// <summary>Figures of any one metric of the results: as lines over the points, or as bars.</summary>
sealed class MetricFigures(Scenario scenario, IReadOnlyList<ResultRow> rows)
{
    const string UsualCaption = "Bands and thin whiskers: all assumed numbers anywhere in their ranges.";

    /// <param name="request">A figure of one of the kinds <see cref="FigureRequest.OfMetrics"/>.</param>
    public Figure Draw(FigureRequest request) => request.Kind == FigureRequest.Lines ? Lines(request) : Bars(request);

    Lines Lines(FigureRequest request)
    {
        var x = new Axis(request.X.Length > 0 ? request.X : scenario.Sweep?.Axes[0].Key ?? scenario.Workload.OwnAxis, Logarithmic: request.Log is LogAxes.X or LogAxes.Both);
        var y = ValueAxis(request) with { Logarithmic = request.Log is LogAxes.Y or LogAxes.Both };
        var lines = scenario.Systems.Select(system => new LineSeries(Name(system), [.. RowsOf(system, request).Select(Point).OrderBy(point => point.X)]));
        return new Lines(request.Title, Caption(request), x, y, [.. lines.Where(line => line.Points.Count > 0)]);
    }

    GroupedBars Bars(FigureRequest request)
    {
        var groups = rows.Where(row => row.Metric == request.Metric).Select(row => row.Point).Distinct().ToList();
        if (groups.Count > 1)
        {
            var series = scenario.Systems.Select(system => new BarSeries(Name(system),
                [.. groups.Select(point => RowsOf(system, request).Where(row => row.Point == point).Select(Bar).FirstOrDefault())]));
            return new GroupedBars(request.Title, Caption(request), ValueAxis(request), groups, [.. series]);
        }
        var bars = scenario.Systems.Select(system => RowsOf(system, request).Select(Bar).FirstOrDefault()).ToList();
        return new GroupedBars(request.Title, Caption(request), ValueAxis(request), [.. scenario.Systems.Select(Name)], [new BarSeries(Label(request), bars)]);
    }

    static string Caption(FigureRequest request) => request.Caption.Length > 0 ? request.Caption : UsualCaption;

    static string Label(FigureRequest request) => request.Y.Length > 0 ? request.Y : request.Metric;

    Axis ValueAxis(FigureRequest request) => new(Label(request), rows.FirstOrDefault(row => row.Metric == request.Metric)?.Unit ?? "");

    IEnumerable<ResultRow> RowsOf(SystemUnderTest system, FigureRequest request) => rows.Where(row => row.Metric == request.Metric
        && row.System == system.System && row.Base == system.Base && row.Variant == StudyRows.VariantName(system.Variant));

    // Systems that share a label are told apart by what they stand on.
    string Name(SystemUnderTest system) => scenario.Systems.Count(other => other.Label == system.Label) == 1 ? system.Label : $"{system.Label} ({system.BaseTitle})";

    static LinePoint Point(ResultRow row) => new(Place(row.Point), row.Value, Range(row) ?? Confidence(row));

    static Bar? Bar(ResultRow row) => new(row.Value, Confidence(row), Range(row), ValueText(row.Value));

    // Three digits, but no powers of ten.
    static string ValueText(double value) => Math.Abs(value) < 1000 ? FormattableString.Invariant($"{value:G3}") : FormattableString.Invariant($"{value:#,0}");

    // A point is a number, or a key of the sweep with its number.
    static double Place(string point) => double.Parse(point[(point.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);

    static Interval? Range(ResultRow row) => row is { RangeLow: { } low, RangeHigh: { } high } ? new Interval(low, high) : null;

    static Interval? Confidence(ResultRow row) => row is { Low: { } low, High: { } high } && low != high ? new Interval(low, high) : null;
}
