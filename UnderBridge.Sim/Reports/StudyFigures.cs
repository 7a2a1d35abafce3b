using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>The figures that a scenario asks for, from its study and the rows of its results.</summary>
public sealed class StudyFigures
{
    static readonly IReadOnlyList<string> Shares = ["IPC, direct", "IPC, indirect", "Real work in servers"];

    const string PublishedKey =
        " Triangles: published values. 'fitted': a residual was solved to meet the published value, which therefore validates nothing; 'input': the published value read back; "
        + "'assumed': a number was chosen in sight of it; 'predicted': no number rests on it.";

    readonly StudyResult study;
    readonly IReadOnlyList<ResultRow> rows;

    StudyFigures(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        this.study = study;
        this.rows = rows;
    }

    /// <summary>Each figure with the file stem it is to be written under.</summary>
    /// <exception cref="InputException">The scenario was changed in code to ask for a figure that it has nothing for.</exception>
    public static IReadOnlyList<(string Name, Figure Figure)> Of(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        Check(study, new ErrorList());
        var figures = new StudyFigures(study, rows);
        return [.. study.Scenario.Figures.Select(request => (request.Name, SayWhatIsSet(study.Scenario, figures.Draw(request))))];
    }

    /// <summary>One figure, whether or not the scenario asked for it: of a kind such as <see cref="FigureRequest.RoundTrip"/>.</summary>
    /// <exception cref="InputException">The study has nothing for such a figure.</exception>
    public static Figure Of(StudyResult study, string kind, string title) => Of(study, new FigureRequest(kind, kind, title));

    /// <summary>One figure as a scenario would ask for it. A tornado has runs of its own, so it must be among the figures of the scenario that is run.</summary>
    /// <exception cref="InputException">The study has nothing for such a figure.</exception>
    public static Figure Of(StudyResult study, FigureRequest request)
    {
        var errors = new ErrorList();
        var asked = study with { Scenario = study.Scenario with { Figures = [request] } };
        if (request.Kind == FigureRequest.Tornado && study.Tornados.All(tornado => tornado.Request != request))
            errors.Add(study.Scenario.Name, "a tornado that was not run", "a tornado among the figures of the scenario before it is run");
        Check(asked, errors);
        return SayWhatIsSet(asked.Scenario, new StudyFigures(asked, StudyRows.Of(asked)).Draw(request));
    }

    static void Check(StudyResult study, ErrorList errors)
    {
        ScenarioReader.ReadAgain(study.Scenario, study.Catalogue, [], errors);
        errors.ThrowIfAny();
    }

    Figure Draw(FigureRequest request) => request.Kind switch
    {
        FigureRequest.RoundTrip => RoundTrip(request, normalised: false),
        FigureRequest.Composition => RoundTrip(request, normalised: true),
        FigureRequest.CostShare => CostShare(request),
        FigureRequest.Throughput => Throughput(request),
        FigureRequest.Tornado => TornadoFigures.Draw(request, study.Tornados.First(tornado => tornado.Request == request)),
        _ when FigureRequest.OfMetrics.Contains(request.Kind) => new MetricFigures(study.Scenario, rows).Draw(request),
        _ when FigureRequest.OfWorkloads.ContainsKey(request.Kind) => new ContainmentFigures(study.Scenario, rows).Draw(request),
        _ when FigureRequest.OfSweeps.Contains(request.Kind) => new SweepFigures(study.Scenario, rows).Draw(request),
        _ => throw new ArgumentException($"no figure of kind '{request.Kind}'", nameof(request)),
    };

    internal static Figure SayWhatIsSet(Scenario scenario, Figure figure)
    {
        var settings = scenario.Settings.Select(setting => $"{setting.Key}={setting.Value}").ToList();
        return settings.Count == 0 ? figure : figure with { Caption = $"{figure.Caption} Set over the catalogue: {string.Join(", ", settings)}." };
    }

    StackedBars RoundTrip(FigureRequest request, bool normalised)
    {
        var causes = Causes.All.Where(cause => study.Observations.Any(observation => observation.ByCause[cause] != 0)).ToList();
        var bars = study.Observations.Select(observation => RoundTripBar(observation, causes, normalised)).ToList();
        var caption = normalised
            ? "Each round trip as shares of its own length, by cause. Behind each name stands the length in cycles."
            : $"Two servers call each other in a warm loop of {study.Observations[0].Units.Count} round trips on {study.Observations[0].Spec.Machine.Title}.{(rows.Any(row => row.Published is not null) ? PublishedKey : "")}";
        var axis = normalised ? new Axis("Share of the round trip", "%") : new Axis("Round trip", "cycles");
        return new StackedBars(request.Title, caption, axis, [.. causes.Select(cause => cause.Title())], bars) { Horizontal = true, Normalised = normalised };
    }

    string AboutWork => WorkPrices.Caption(study.Scenario.Workload, study.Catalogue);

    StackedBar RoundTripBar(Observation observation, IReadOnlyList<Cause> causes, bool normalised)
    {
        var row = Row(observation, Metrics.RoundTrip);
        var segments = causes.Where(cause => observation.ByCause[cause] != 0)
            .Select(cause => new Segment(cause.Title(), (double)observation.ByCause[cause] / observation.Units.Count));
        return normalised
            ? new StackedBar(FormattableString.Invariant($"{observation.System.Label}, {row.Value:0.#}"), [.. segments])
            : new StackedBar(observation.System.Label, [.. segments], Annotation(row), row.Published);
    }

    /// <summary>As <c>1822 (published 2035, -10.5 %, predicted)</c>.</summary>
    static string Annotation(ResultRow row)
    {
        if (row.Published is not { } published) return FormattableString.Invariant($"{row.Value:0.#}");
        var error = 100 * (row.Value / published - 1);
        var sign = Math.Abs(error) < 0.05 ? "±" : error > 0 ? "+" : "−";
        return FormattableString.Invariant($"{row.Value:0.#} (published {published:0.#}, {sign}{Math.Abs(error):0.0} %, {row.Status})");
    }

    StackedBars CostShare(FigureRequest request)
    {
        var bars = study.Observations.Select(observation => new StackedBar(observation.System.Label,
        [
            new Segment(Shares[0], Row(observation, Metrics.IpcDirect).Value),
            // A second run that happens to stall more leaves no bar to draw.
            new Segment(Shares[1], Math.Max(0, Row(observation, Metrics.IpcIndirect).Value)),
            new Segment(Shares[2], Row(observation, Metrics.Work).Value),
        ]) { Group = observation.System.Base.Length == 0 ? "" : observation.System.BaseTitle }).ToList();
        var appShares = study.Observations.Select(observation => FormattableString.Invariant($"{100.0 * observation.WorkApp / observation.Cycles:0} %"));
        var caption = "Direct: prices of the steps that carry IPC. Indirect: stalls that a second run is free of, in which IPC touches no memory and flushes nothing. Real work: the servers' own, copies of blocks "
            + $"and stalls of their own making included. The app's own compute is left out; of all cycles it is {string.Join(", ", appShares)} from left to right.{AboutWork}";
        return new StackedBars(request.Title, caption, new Axis("Share of IPC and server work", "%"), Shares, bars) { Normalised = true, LabelSegments = true };
    }

    GroupedBars Throughput(FigureRequest request)
    {
        var bases = study.Observations.Select(observation => observation.System.Base).Distinct().ToList();
        var labels = study.Observations.Select(observation => observation.System.Label).Distinct().ToList();
        var series = labels.Select(label => new BarSeries(label, [.. bases.Select(kernel => ThroughputBar(label, kernel))])).ToList();
        var first = study.Observations[0];
        var run = first.Replications > 1 ? $"{first.Units.Count / first.Replications} operations replayed in each of {first.Replications} replications"
            : $"{first.Units.Count} operations replayed in {first.Batches} non-overlapping batches of consecutive operations";
        var caption = $"{run}: error bars are Student-t 95 % intervals of their variation, without artificial "
            + $"noise. Thin whiskers: all assumed prices anywhere in their ranges. Normalised to native with KPTI of each kernel.{AboutWork}";
        return new GroupedBars(
            request.Title, caption, new Axis("Throughput, normalised"), [.. bases.Select(kernel => study.Scenario.Systems.First(system => system.Base == kernel).BaseTitle)], series);
    }

    Bar? ThroughputBar(string label, string kernel)
    {
        var observation = study.Observations.FirstOrDefault(one => one.System.Label == label && one.System.Base == kernel);
        if (observation is null) return null;
        var row = Row(observation, Metrics.Normalised);
        return new Bar(row.Value, Interval(row.Low, row.High), Interval(row.RangeLow, row.RangeHigh), FormattableString.Invariant($"{row.Value:0.0}"), row.Published);
    }

    ResultRow Row(Observation observation, string metric) =>
        rows.First(row => row.Metric == metric && row.System == observation.System.System && row.Base == observation.System.Base
            && row.Variant == StudyRows.VariantName(observation.System.Variant) && row.Point == observation.Point);

    static Interval? Interval(double? low, double? high) => low is { } from && high is { } to ? new Interval(from, to) : null;
}
