using System.Globalization;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>
/// What a study answers, in a sentence or two made of its rows: the metric that its first figure shows, or else the first that its workload measures.
/// Where intervals do not part what the sentence would set apart, it says that the run was too short to tell.
/// </summary>
public sealed class Answer
{
    const int MostNamed = 4;

    readonly Scenario scenario;
    readonly IReadOnlyList<Observation> observations;
    readonly IReadOnlyList<ResultRow> rows;
    readonly bool severalBases;

    Answer(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        scenario = study.Scenario;
        observations = study.Observations;
        this.rows = rows;
        severalBases = scenario.Systems.Select(system => system.Base).Distinct().Count() > 1;
    }

    public static string Of(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        if (rows.Count == 0) return "Nothing was measured.";
        var answer = new Answer(study, rows);
        var set = study.Scenario.Settings.Select(setting => $"{setting.Key}={setting.Value}").ToList();
        var sentence = answer.Sentence(answer.Headline());
        return set.Count == 0 ? sentence : $"With {string.Join(", ", set)}: {sentence}";
    }

    string Headline()
    {
        var figure = scenario.Figures.Select(figure => figure.Kind switch
        {
            FigureRequest.RoundTrip or FigureRequest.Composition => Metrics.RoundTrip,
            FigureRequest.CostShare => Metrics.IpcDirect,
            FigureRequest.Throughput or FigureRequest.RatioCurve or FigureRequest.HeatMap => Metrics.Normalised,
            _ => figure.Metric,
        });
        return figure.Append(Metrics.Normalised).Concat(scenario.Workload.Measures).FirstOrDefault(metric => rows.Any(row => row.Metric == metric)) ?? rows[0].Metric;
    }

    string Sentence(string metric)
    {
        var shown = rows.Where(row => row.Metric == metric).ToList();
        var points = shown.Select(row => row.Point).Distinct().Count();
        return metric switch
        {
            Metrics.IpcDirect when points == 1 => Shares(shown),
            Metrics.Normalised => Gains(shown),
            Metrics.RoundTrip when points == 1 => RoundTrips(shown),
            _ when points == 1 => Extremes(shown, $"The {Words(metric)}"),
            _ => Courses(shown, metric),
        };
    }

    string RoundTrips(List<ResultRow> shown)
    {
        var extremes = Extremes(shown, "A round trip");
        var subject = shown.FirstOrDefault(row => row.System == FigureRequest.Subject) ?? shown[0];
        var observation = observations.First(one => IsOf(subject, one.System));
        if (observation.Cycles == 0) return extremes;
        var (cause, cycles) = observation.ByCause.MaxBy(cause => cause.Value);
        return $"{extremes} Of the {Number(subject.Value)} cycles of {Name(subject)} {Percent(cycles / (double)observation.Cycles)} go to: {cause.Title()}.";
    }

    // What the named system gains over the native one, or else the system that gains most.
    string Gains(List<ResultRow> shown)
    {
        var subjects = shown.Where(row => row.System == FigureRequest.Subject).ToList();
        if (subjects.Count == 0) subjects = [.. shown.GroupBy(row => row.Base).Select(peers => peers.MaxBy(row => row.Value)!)];
        var sentences = subjects.GroupBy(row => (row.System, row.Base, row.Variant)).Select(points => Gain([.. points.OrderBy(row => row.Value)]));
        return string.Join(' ', sentences);
    }

    string Gain(IReadOnlyList<ResultRow> ascending)
    {
        var (least, most) = (ascending[0], ascending[^1]);
        if (ascending.Count > 1)
            return $"The throughput of {Name(least)} is {Number(least.Value)} times that of the native system at {least.Point} and {Number(most.Value)} times at {most.Point}.";
        var range = least is { RangeLow: { } low, RangeHigh: { } high } ? $", {Number(low)} to {Number(high)} over all assumed ranges" : "";
        var interval = least is { Low: { } from, High: { } to } && from != to ? $" (95 % interval {Number(from)} to {Number(to)}{range})" : "";
        var unclear = least is { Low: <= 1, High: >= 1 } && least.Low != least.High ? ": the run is too short to tell which is faster" : "";
        return $"The throughput of {Name(least)} is {Number(least.Value)} times that of the native system{interval}{unclear}.";
    }

    string Shares(List<ResultRow> shown)
    {
        var parts = shown.Select(direct =>
        {
            var indirect = rows.First(row => row.Metric == Metrics.IpcIndirect && IsSame(row, direct)).Value;
            return FormattableString.Invariant($"{direct.Value + indirect:0} % under {Name(direct)} ({direct.Value:0} % direct, {indirect:0} % indirect)");
        });
        return $"Of the cycles of IPC and server work IPC takes {string.Join(", ", parts)}.";
    }

    string Extremes(List<ResultRow> shown, string what)
    {
        var ascending = shown.OrderBy(row => row.Value).ToList();
        var (least, most) = (ascending[0], ascending[^1]);
        var unit = Unit(least.Unit);
        if (ascending.Count == 1) return $"{what} is {Number(least.Value)}{unit} under {Name(least)}{Interval(least)}.";
        if (least.Value == most.Value) return $"{what} is {Number(least.Value)}{unit} under every system.";
        var factor = least.Value > 0 ? $", {Number(most.Value / least.Value)} times as much" : "";
        var unclear = least is { Low: { } low, High: { } high } && high > low && most.Low <= high ? " The run is too short to tell them apart." : "";
        return $"{what} is least under {Name(least)}, {Number(least.Value)}{unit}, and greatest under {Name(most)}, {Number(most.Value)}{unit}{factor}.{unclear}";
    }

    string Courses(List<ResultRow> shown, string metric)
    {
        var systems = shown.GroupBy(row => (row.System, row.Base, row.Variant)).ToList();
        var courses = systems.Take(MostNamed).Select(points => Course([.. points]));
        var rest = systems.Count > MostNamed ? $" {systems.Count - MostNamed} more systems are in the table." : "";
        return $"The {Words(metric)}: {string.Join("; ", courses)}.{rest}";
    }

    string Course(IReadOnlyList<ResultRow> points)
    {
        var (least, most) = (points.MinBy(row => row.Value)!, points.MaxBy(row => row.Value)!);
        var unit = Unit(least.Unit);
        return least.Value == most.Value
            ? $"{Name(least)} has {Number(least.Value)}{unit} at every point"
            : $"{Name(least)} has least at {least.Point}, {Number(least.Value)}{unit}, and most at {most.Point}, {Number(most.Value)}{unit}";
    }

    string Name(ResultRow row)
    {
        var system = scenario.Systems.First(system => IsOf(row, system));
        var on = severalBases && system.Base.Length > 0 ? $" on {system.BaseTitle}" : "";
        return system.Label.EndsWith(on, StringComparison.Ordinal) ? system.Label : system.Label + on;
    }

    static bool IsOf(ResultRow row, SystemUnderTest system) =>
        (row.System, row.Base, row.Variant) == (system.System, system.Base, StudyRows.VariantName(system.Variant));

    static bool IsSame(ResultRow row, ResultRow other) =>
        (row.System, row.Base, row.Variant, row.Point) == (other.System, other.Base, other.Variant, other.Point);

    static string Interval(ResultRow row) => row is { Low: { } low, High: { } high } && low != high ? $" (95 % interval {Number(low)} to {Number(high)})" : "";

    static string Words(string metric) => metric.Replace('-', ' ');

    static string Unit(string unit) => unit.Length == 0 || unit == "ratio" ? "" : $" {unit}";

    static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    /// <summary>Three digits, or all before the point.</summary>
    static string Number(double value) => Math.Abs(value) >= 100
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
