using System.Globalization;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>
/// What a study answers, in a sentence or two made of its rows: what a figure of it sets side by side, or else the first metric of its workload.
/// Systems are told apart only where the 95 % interval of one by the other, on the same random numbers, is clear of 1; else the sentence says so.
/// </summary>
public sealed class Answer
{
    /// <summary>Courses of time, of which neither first nor last point answers anything.</summary>
    static readonly IReadOnlyList<string> OverTime = [Metrics.Answered, Metrics.AnsweredElsewhere, Metrics.WindowThroughput, Metrics.WindowMigrations];

    readonly StudyResult study;
    readonly Scenario scenario;
    readonly IReadOnlyList<ResultRow> rows;
    readonly bool severalBases;

    Answer(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        this.study = study;
        this.rows = rows;
        scenario = study.Scenario;
        severalBases = scenario.Systems.Select(system => system.Base).Where(kernel => kernel.Length > 0).Distinct().Count() > 1;
    }

    /// <summary>Empty if the rows answer nothing.</summary>
    public static string Of(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        var sentence = new Answer(study, rows).Sentence();
        var set = study.Scenario.Settings.Select(setting => $"{setting.Key}={setting.Value}").ToList();
        return set.Count == 0 || sentence.Length == 0 ? sentence : $"With {string.Join(", ", set)}: {sentence}";
    }

    string Sentence()
    {
        if (study.Tornados.Count > 0 && scenario.Figures.All(figure => figure.Kind == FigureRequest.Tornado)) return string.Join(' ', study.Tornados.Select(OverRanges));
        if (scenario.Workload is Attacks) return Breaches();
        if (scenario.Workload is ServerFaults) return Crash();
        if (scenario.Figures.FirstOrDefault(figure => figure.Kind == FigureRequest.Pareto) is { } pareto) return Frontier((Tradeoff)new ContainmentFigures(scenario, rows).Draw(pareto));
        var (metric, figure) = Headline();
        var shown = rows.Where(row => row.Metric == metric).ToList();
        if (shown.Count == 0) return "";
        if (metric == Metrics.Normalised && shown.Exists(row => row.System == FigureRequest.Subject)) return Gains(shown);
        var points = shown.Select(row => row.Point).Distinct().ToList();
        if (points.Count > 1) return Ends(shown, points, metric, figure);
        return metric switch
        {
            Metrics.IpcDirect => Shares(shown),
            Metrics.RoundTrip => RoundTrips(shown),
            _ => Sentence(metric, figure, Spread(shown)),
        };
    }

    (string Metric, FigureRequest? Figure) Headline()
    {
        var figures = scenario.Figures.Select(figure => (Metric: figure.Kind switch
        {
            FigureRequest.RoundTrip or FigureRequest.Composition => Metrics.RoundTrip,
            FigureRequest.CostShare => Metrics.IpcDirect,
            FigureRequest.Throughput or FigureRequest.RatioCurve or FigureRequest.HeatMap => Metrics.Normalised,
            _ => figure.Metric,
        }, Figure: (FigureRequest?)figure));
        return figures.Append((Metrics.Normalised, null)).Concat(scenario.Workload.Measures.Select(metric => (Metric: metric, Figure: (FigureRequest?)null)))
            .FirstOrDefault(shown => !OverTime.Contains(shown.Metric) && rows.Any(row => row.Metric == shown.Metric), ("", null));
    }

    // Whether the ratio ever turns is what a tornado of two systems asks.
    static string OverRanges(TornadoResult tornado)
    {
        var (low, high) = tornado.Together;
        var name = tornado.Request.Y.Length > 0 ? tornado.Request.Y : Words(tornado.Name);
        var turn = tornado.Request.Against.Length == 0 ? "" : high < 1 ? ", all below 1" : low > 1 ? ", all above 1" : ", on both sides of 1";
        var tried = FormattableString.Invariant($"two corners and {tornado.Request.Samples} samples of all ranges");
        return $"{name}: {Number(tornado.Value)}{Unit(tornado.Unit)}, and {Number(low)} to {Number(high)} over {tried}{turn}.";
    }

    string Breaches()
    {
        var outcomes = rows.Where(row => row.Metric == Metrics.Outcome).ToList();
        if (outcomes.Count == 0) return "";
        string Counts(AttackOutcome outcome) => string.Join(", ", outcomes.GroupBy(row => Name(row)).Select(attacks =>
            FormattableString.Invariant($"{attacks.Key} {attacks.Count(row => row.Value == (int)outcome)}")));
        var attacks = outcomes.Select(row => row.Point).Distinct().Count();
        return FormattableString.Invariant($"Of {attacks} attacks so many succeed: {Counts(AttackOutcome.Breached)}. Contained only while an assumption holds: {Counts(AttackOutcome.ContainedWhileAssumed)}.");
    }

    string Crash()
    {
        IReadOnlyList<string> metrics = [Metrics.RecoveryTime, Metrics.Lost, Metrics.Survivors];
        return $"When a server crashes: {string.Join("; ", metrics.Select(metric => $"{Words(metric)} {Spread([.. rows.Where(row => row.Metric == metric)])}"))}.";
    }

    static string Frontier(Tradeoff tradeoff)
    {
        var frontier = tradeoff.Frontier.Select(point => $"{point.Name} ({Number(point.X)} {tradeoff.X.Unit}, {Number(point.Y)} {tradeoff.Y.Unit})");
        return $"{tradeoff.X.Label} and {tradeoff.Y.Label.ToLowerInvariant()}: no other is at least as good in both and better in one than {string.Join(", ", frontier)}.";
    }

    string RoundTrips(List<ResultRow> shown)
    {
        var spread = $"A round trip takes {Spread(shown)}.";
        var subject = shown.FirstOrDefault(row => row.System == FigureRequest.Subject) ?? shown[0];
        var observation = Observed(subject);
        if (observation.Cycles == 0) return spread;
        var (cause, cycles) = observation.ByCause.MaxBy(cause => cause.Value);
        return $"{spread} Of the {Number(subject.Value)} cycles of {Name(subject)} {Percent(cycles / (double)observation.Cycles)} go to: {cause.Title()}.";
    }

    string Gains(List<ResultRow> shown) => string.Join(' ', shown.Where(row => row.System == FigureRequest.Subject && !ReferenceEquals(StudyRows.Reference(study, Observed(row)), Observed(row)))
        .GroupBy(row => (row.System, row.Base, row.Variant)).Select(points => Gain([.. points.OrderBy(row => row.Value)])));

    string Gain(IReadOnlyList<ResultRow> ascending)
    {
        var (least, most) = (ascending[0], ascending[^1]);
        var reference = StudyRows.Reference(study, Observed(least)).System;
        if (ascending.Count > 1) return $"The throughput of {Name(least)} is {Number(least.Value)} times that of {Name(reference)} at {least.Point}{Unclear(least)} and {Number(most.Value)} times at {most.Point}{Unclear(most)}.";
        var range = least is { RangeLow: { } low, RangeHigh: { } high } ? $", {Number(low)} to {Number(high)} over all assumed ranges" : "";
        var interval = least is { Low: { } from, High: { } to } && from != to ? $" (95 % interval {Number(from)} to {Number(to)}{range})" : "";
        return $"The throughput of {Name(least)} is {Number(least.Value)} times that of {Name(reference)}{interval}{(Holds1(least) ? ": the run is too short to tell which is faster" : "")}.";
    }

    static string Unclear(ResultRow ratio) => Holds1(ratio) ? " (too short to tell which is faster)" : "";

    static bool Holds1(ResultRow ratio) => ratio is { Low: <= 1, High: >= 1 } && ratio.Low != ratio.High;

    string Shares(List<ResultRow> shown)
    {
        var parts = shown.Select(direct =>
        {
            var indirect = rows.First(row => row.Metric == Metrics.IpcIndirect && IsSame(row, direct)).Value;
            return FormattableString.Invariant($"{direct.Value + indirect:0} % under {Name(direct)} ({direct.Value:0} % direct, {indirect:0} % indirect)");
        });
        return $"Of the cycles of IPC and server work IPC takes {string.Join(", ", parts)}.";
    }

    // A course over many points is told by where it begins and where it ends; the figure shows the rest.
    string Ends(List<ResultRow> shown, List<string> points, string metric, FigureRequest? figure)
    {
        var ends = new[] { points[0], points[^1] }.Select(point => $"at {Place(point, figure)} {Spread([.. shown.Where(row => row.Point == point)])}");
        return Sentence(metric, figure, string.Join("; ", ends));
    }

    static string Sentence(string metric, FigureRequest? figure, string text)
    {
        var subject = figure is null ? Words(metric) : figure.Title;
        return $"{char.ToUpperInvariant(subject[0])}{subject[1..]}: {text}.";
    }

    /// <summary>As <c>Cores = 20</c>, if a figure names its axis.</summary>
    static string Place(string point, FigureRequest? figure) =>
        figure is { X.Length: > 0 } && point.Count(letter => letter == '=') <= 1 ? $"{figure.X} = {point[(point.IndexOf('=', StringComparison.Ordinal) + 1)..]}" : point;

    string Spread(List<ResultRow> shown)
    {
        var (least, most) = (shown.MinBy(row => row.Value)!, shown.MaxBy(row => row.Value)!);
        if (shown.Count == 1) return $"{Quantity(least)} under {Name(least)}{Interval(least)}";
        return least.Value == most.Value ? $"{Quantity(least)} under every system" : $"from {Quantity(least)} ({Peers(least, shown)}) to {Quantity(most)} ({Peers(most, shown)})";
    }

    // An extreme with those that equal it, and those that it can not be told from.
    string Peers(ResultRow extreme, List<ResultRow> shown)
    {
        var equal = shown.Where(row => row.Value == extreme.Value).Select(Name).Distinct();
        var near = shown.Where(row => row.Value != extreme.Value && !IsToldFrom(row, extreme)).Select(Name).Distinct().ToList();
        return string.Join(", ", equal) + (near.Count == 0 ? "" : $"; the run is too short to tell it from {string.Join(", ", near)}");
    }

    // Where nothing pairs, the intervals themselves must be apart.
    bool IsToldFrom(ResultRow row, ResultRow other) => Pair(row, other) is { } pair ? pair.One.Beside(pair.Other) != Statistics.Verdict.TooShort
        : (row.Low ?? row.Value) > (other.High ?? other.Value) || (other.Low ?? other.Value) > (row.High ?? row.Value);

    (RatioSample One, RatioSample Other)? Pair(ResultRow row, ResultRow other)
    {
        if (row.Metric == Metrics.Normalised && !ReferenceEquals(StudyRows.Reference(study, Observed(row)), StudyRows.Reference(study, Observed(other)))) return null;
        return SampleOf(row) is { Count: > 1 } one && SampleOf(other) is { Count: > 1 } two ? (one, two) : null;
    }

    // Ratios to the same system are as far apart as what is divided by it, and so are differences from it.
    RatioSample? SampleOf(ResultRow row)
    {
        var observation = Observed(row);
        var metric = row.Metric switch { Metrics.Normalised => Metrics.Throughput, Metrics.AddedCost => Metrics.OperationCost, _ => row.Metric };
        return observation.SampleOf(metric, Within(observation, row)!);
    }

    Observation Observed(ResultRow row) => study.Observations.First(one => IsOf(row, one.System) && Within(one, row) is not null);

    // What is left of a row's point within that of the sweep; null where it is of another.
    static string? Within(Observation observation, ResultRow row) => row.Point == observation.Point ? "" : observation.Point.Length == 0 ? row.Point
        : row.Point.StartsWith(observation.Point + ' ', StringComparison.Ordinal) ? row.Point[(observation.Point.Length + 1)..] : null;

    string Name(ResultRow row) => Name(scenario.Systems.First(system => IsOf(row, system)));

    string Name(SystemUnderTest system)
    {
        var on = severalBases && system.Base.Length > 0 ? $" on {system.BaseTitle}" : "";
        var name = system.Label.EndsWith(on, StringComparison.Ordinal) ? system.Label : system.Label + on;
        // In a list of names, one with a comma would be two.
        return name.Contains(',', StringComparison.Ordinal) ? $"'{name}'" : name;
    }

    static bool IsOf(ResultRow row, SystemUnderTest system) =>
        (row.System, row.Base, row.Variant) == (system.System, system.Base, StudyRows.VariantName(system.Variant));

    static bool IsSame(ResultRow row, ResultRow other) =>
        (row.System, row.Base, row.Variant, row.Point) == (other.System, other.Base, other.Variant, other.Point);

    static string Interval(ResultRow row) => row is { Low: { } low, High: { } high } && low != high ? $", 95 % interval {Number(low)} to {Number(high)}" : "";

    static string Quantity(ResultRow row) => Number(row.Value) + Unit(row.Unit);

    static string Words(string metric) => metric.Replace('-', ' ');

    static string Unit(string unit) => unit.Length == 0 || unit == "ratio" ? "" : $" {unit}";

    static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);

    /// <summary>Three digits, or all before the point, in groups where they are many.</summary>
    static string Number(double value) => Math.Abs(value) >= 100
        ? value.ToString(Math.Abs(value) >= 10_000 ? "#,0" : "0", CultureInfo.InvariantCulture)
        : double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
