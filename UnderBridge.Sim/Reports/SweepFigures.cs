using System.Globalization;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>Figures over the points of a sweep, which take no more than the rows of its results.</summary>
sealed class SweepFigures
{
    const string WorkScale = SettableKeys.Workload + "work-scale";

    // An axis that spans more than this shows its decades evenly.
    const double LogarithmicFrom = 8;

    static readonly Axis WorkPerIpc = new("Real work per IPC", "cycles", Logarithmic: true);

    readonly Scenario scenario;
    readonly Dictionary<(string System, string Base, string Variant, string Point, string Metric), ResultRow> rows;

    public SweepFigures(Scenario scenario, IReadOnlyList<ResultRow> rows)
    {
        this.scenario = scenario;
        this.rows = rows.DistinctBy(Key).ToDictionary(Key);
    }

    /// <summary>Each figure with the file stem it is to be written under.</summary>
    public static IReadOnlyList<(string Name, Figure Figure)> Of(Scenario scenario, IReadOnlyList<ResultRow> rows)
    {
        var figures = new SweepFigures(scenario, rows);
        return [.. scenario.Figures.Select(request => (request.Name, StudyFigures.SayWhatIsSet(scenario, figures.Draw(request))))];
    }

    /// <param name="request">A figure of one of the kinds <see cref="FigureRequest.OfSweeps"/> or <see cref="FigureRequest.OfMetrics"/>.</param>
    public Figure Draw(FigureRequest request) => request.Kind switch
    {
        FigureRequest.HeatMap => HeatMap(request),
        FigureRequest.RatioCurve => RatioCurve(request),
        _ => new MetricFigures(scenario, [.. rows.Values]).Draw(request),
    };

    Lines RatioCurve(FigureRequest request)
    {
        var subjects = scenario.Systems.Where(system => system.System == FigureRequest.Subject).ToList();
        var curves = subjects.GroupBy(system => system.Base).Select(group => new LineSeries(NameOf(group.First()),
            [.. group.SelectMany(system => scenario.Points.Select(point => RatioPoint(system, $"{point}"))).OrderBy(point => point.X)])).ToList();
        var marked = subjects.Select(system => rows.GetValueOrDefault(Key(system, $"{WorkScale}=1", Metrics.WorkPerIpc))?.Value).FirstOrDefault();
        var caption = "Throughput of UnderBridge over that of native IPC with KPTI, while every cycle of real work in app and servers is scaled. One point a run of the same recorded calls. "
            + "Bands: all assumed prices anywhere in their ranges.";
        return new Lines(request.Title, caption, WorkPerIpc, new Axis("UnderBridge / native", From: 0), curves)
        {
            Default = marked is { } work ? new DefaultPoint(work, FormattableString.Invariant($"default, {work:0}")) : null,
            References = [new ReferenceLine(1, "native")],
        };
    }

    LinePoint RatioPoint(SystemUnderTest system, string point)
    {
        var ratio = rows[Key(system, point, Metrics.Normalised)];
        var band = ratio is { RangeLow: { } low, RangeHigh: { } high } ? (Interval?)new Interval(low, high) : null;
        return new LinePoint(rows[Key(system, point, Metrics.WorkPerIpc)].Value, ratio.Value, band);
    }

    HeatMap HeatMap(FigureRequest request)
    {
        var (other, subject) = Compared(request.Against);
        var ((xs, xOrder, x), (ys, yOrder, y)) = (AxisOf(0, subject), AxisOf(1, subject));
        var cells = ys.Select((_, j) => xs.Select((_, i) => Ratio(subject, other, xOrder[i], yOrder[j])).ToList()).ToList();
        IReadOnlyList<IReadOnlyList<double>> values = [.. cells.Select(row => (IReadOnlyList<double>)[.. row.Select(cell => cell.Value)])];
        var (name, rival) = (subject.Title, NameOf(other));
        var work = scenario.Catalogue is { } catalogue ? WorkPrices.Caption(scenario.Workload, catalogue) : "";
        var works = rows.Values.Any(row => row.Metric == Metrics.Throughput);
        var caption = $"{(works ? "Throughput" : "Round trips a second")} of {name} over {(works ? "that" : "those")} of {rival}{(subject.Base.Length == 0 ? "" : $", both on {subject.BaseTitle}")}: "
            + $"each cell a point of the sweep, {scenario.Points.Count} in all{(works ? ", with the same work for both" : "")}. {Outcome(name, [.. cells.SelectMany(row => row)])}{work}";
        return new HeatMap(request.Title, caption, x, y, new Axis($"{name} / {rival}", Logarithmic: true), xs, ys, values) { Levels = [new ReferenceLine(1, "break-even")] };
    }

    // What the intervals bear out, and else what the values say and how far that is open.
    static string Outcome(string name, IReadOnlyList<Estimate> ratios)
    {
        if (ratios.All(ratio => ratio.Low >= 1)) return $"{name} is nowhere slower.";
        if (ratios.All(ratio => ratio.High < 1)) return $"{name} is slower everywhere.";
        var (least, most) = (ratios.Min(ratio => ratio.Value), ratios.Max(ratio => ratio.Value));
        var values = least >= 1 ? $"{name} is nowhere slower as far as the runs can tell." : most < 1 ? $"{name} is slower everywhere as far as the runs can tell." : "On the line both are equally fast.";
        var open = ratios.Count(ratio => ratio.Low < 1 && ratio.High >= 1 && ratio.Low < ratio.High);
        return open == 0 ? values : FormattableString.Invariant($"{values} At {open} points, 95 % intervals leave open which is faster.");
    }

    // The scenario's reader has seen to it that there are two of one base.
    (SystemUnderTest Other, SystemUnderTest Subject) Compared(string against) =>
        (from other in scenario.Systems
         from subject in scenario.Systems
         where other.System == against && subject.System == FigureRequest.Subject && subject.Base == other.Base
         select (other, subject)).First();

    // The places of an axis in ascending order, the values of its key that belong to them, and what it measures.
    (IReadOnlyList<double> Places, IReadOnlyList<string> Values, Axis Axis) AxisOf(int index, SystemUnderTest system)
    {
        var axes = scenario.Sweep!.Axes;
        var (key, written) = (axes[index].Key, ((ListAxis)axes[index]).Values);
        var isWork = key == WorkScale && scenario.Workload is Replay;
        double Place(string value) => !isWork ? double.Parse(value, CultureInfo.InvariantCulture)
            : rows[Key(system, $"{scenario.Points.First(point => point[key] == value)}", Metrics.WorkPerIpc)].Value;
        var placed = written.Select(value => (Place: Place(value), Value: value)).OrderBy(one => one.Place).ToList();
        var (least, most) = (placed[0].Place, placed[^1].Place);
        var axis = isWork ? WorkPerIpc : new Axis(key, new SettableKeys(scenario.Workload).Find(key)!.Unit, Logarithmic: least > 0 && most > LogarithmicFrom * least);
        return ([.. placed.Select(one => one.Place)], [.. placed.Select(one => one.Value)], axis);
    }

    // How fast one system is beside another. Both normalised to the same third they hang on the same requests, so that their intervals are narrower than those of themselves.
    Estimate Ratio(SystemUnderTest subject, SystemUnderTest other, string x, string y)
    {
        var point = $"{SweepPoint.Origin.And(scenario.Sweep!.Axes[0].Key, x).And(scenario.Sweep.Axes[1].Key, y)}";
        Estimate? Of(SystemUnderTest system, string metric) => rows.TryGetValue(Key(system, point, metric), out var row) ? new Estimate(row.Value, row.Low ?? row.Value, row.High ?? row.Value) : null;

        if (Of(subject, Metrics.Throughput) is { } speed && Of(other, Metrics.Throughput) is { } others)
            return Of(subject, Metrics.Normalised) is { } one && Of(other, Metrics.Normalised) is { } two
                ? new Estimate(speed.Value / others.Value, one.Low / two.High, one.High / two.Low) : new Estimate(speed.Value / others.Value, speed.Low / others.High, speed.High / others.Low);
        var (own, its) = (Of(subject, Metrics.RoundTrip)!.Value, Of(other, Metrics.RoundTrip)!.Value);
        return new Estimate(its.Value / own.Value, its.Low / own.High, its.High / own.Low);
    }

    static string NameOf(SystemUnderTest system) => system.System == FigureRequest.Subject && system.Base.Length > 0 ? system.BaseTitle : system.Label;

    static (string, string, string, string, string) Key(SystemUnderTest system, string point, string metric) =>
        (system.System, system.Base, StudyRows.VariantName(system.Variant), point, metric);

    static (string, string, string, string, string) Key(ResultRow row) => (row.System, row.Base, row.Variant, row.Point, row.Metric);
}
