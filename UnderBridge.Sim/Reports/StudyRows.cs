using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Reports;

/// <summary>The rows of results.csv of a study, in the order of its scenario.</summary>
public sealed class StudyRows
{
    readonly StudyResult study;
    readonly Catalogue catalogue;
    readonly Dictionary<Observation, Sensitivity> sensitivities;
    readonly ReferenceRuns references;

    StudyRows(StudyResult study, Catalogue catalogue, ReferenceRuns references)
    {
        this.study = study;
        this.catalogue = catalogue;
        this.references = references;
        sensitivities = study.Observations.Where(observation => observation.Readings.Count == 0)
            .ToDictionary(observation => observation, observation => Sensitivity.Of(observation, references.Of));
    }

    /// <summary>The rows of a study on the catalogue that it ran on.</summary>
    public static IReadOnlyList<ResultRow> Of(StudyResult study) => Of(study, study.Catalogue);

    /// <param name="study">What was run.</param>
    /// <param name="catalogue">The catalogue it was run on.</param>
    /// <param name="references">Reference runs on that catalogue, for studies that share them.</param>
    internal static IReadOnlyList<ResultRow> Of(StudyResult study, Catalogue catalogue, ReferenceRuns? references = null)
    {
        var rows = new StudyRows(study, catalogue, references ?? new ReferenceRuns(catalogue));
        return [.. study.Observations.SelectMany(rows.Of), .. study.Tornados.SelectMany(Of)];
    }

    // A row for each number, with the least and greatest value over its range, and one for all numbers at once.
    static IEnumerable<ResultRow> Of(TornadoResult tornado)
    {
        var system = tornado.System;
        var row = new ResultRow(system.System, system.Base, VariantName(system.Variant), "", tornado.Name, tornado.Unit, tornado.Value);
        foreach (var bar in tornado.Bars)
            yield return row with { Point = bar.Number.Name, RangeLow = Math.Min(bar.AtLow, bar.AtHigh), RangeHigh = Math.Max(bar.AtLow, bar.AtHigh) };
        yield return row with { Point = TornadoResult.AllTogether, RangeLow = tornado.Together.Low, RangeHigh = tornado.Together.High };
    }

    IEnumerable<ResultRow> Of(Observation observation)
    {
        var rows = Measured(observation).Select(row => Precise(observation, row));
        if (observation.Replications == 1) return rows;
        return [.. rows, Row(observation, Metrics.Replications, "runs", observation.Replications), .. BesideFirst(observation)];
    }

    IEnumerable<ResultRow> Measured(Observation observation)
    {
        if (observation.Readings.Count > 0) return observation.Readings.Select(reading => Of(observation, reading));
        if (study.Scenario.Workload is PingPong) return [MeanCycles(observation, Metrics.RoundTrip)];
        if (study.Scenario.Workload is ServiceMix) return [MeanCycles(observation, Metrics.OperationCost), .. AddedCost(observation), .. Throughput(observation)];
        var kinds = study.Scenario.Figures.Select(figure => figure.Kind).ToHashSet();
        var everything = kinds.Count == 0;
        var rows = new List<ResultRow>();
        if (everything || kinds.Overlaps([FigureRequest.Throughput, .. FigureRequest.OfSweeps, .. FigureRequest.OfMetrics])) rows.AddRange(Throughput(observation));
        if (study.Scenario.ReportsShares) rows.AddRange(Shares(observation));
        if (kinds.Overlaps(FigureRequest.OfSweeps)) rows.Add(Row(observation, Metrics.WorkPerIpc, "cycles", observation.WorkPerIpc));
        rows.AddRange(Counts(observation));
        return rows;
    }

    ResultRow Of(Observation observation, Reading reading)
    {
        var row = Row(observation, reading.Metric, reading.Unit, reading.Value, reading.Range);
        return Against(observation, row with { Point = Joined(observation.Point, reading.Point) });
    }

    const string TooShort = "too-short";

    // A precision that was asked for and not met, or replications that do not tell two systems apart.
    static ResultRow Precise(Observation observation, ResultRow row)
    {
        if (row is not { Low: { } low, High: { } high }) return row;
        var (estimate, workload) = (new Estimate(row.Value, low, high), observation.Workload);
        var missed = workload.Precision > 0 && workload.Random.Contains(row.Metric) && !new StoppingRule(workload.Replications, workload.Precision).IsMet(estimate);
        var untold = observation.Replications > 1 && row.Metric == Metrics.Normalised && low != high && estimate.Against(1) == Verdict.TooShort;
        return missed || untold ? row with { Status = TooShort } : row;
    }

    // Throughput by that of the first system at the same point, replication by replication: both served the same requests on the same random numbers.
    IEnumerable<ResultRow> BesideFirst(Observation observation)
    {
        var first = study.Observations.First(other => other.Point == observation.Point);
        if (ReferenceEquals(first, observation)) yield break;
        foreach (var reading in observation.Readings.Where(reading => reading.Metric == Metrics.Throughput))
        {
            if (first.SampleOf(reading.Metric, reading.Point) is not { } others || reading.Sample?.Over(others) is not { } ratio) continue;
            var row = Against(observation, Row(observation, Metrics.Normalised, "ratio", ratio, null) with { Point = Joined(observation.Point, reading.Point) }, first);
            yield return ratio.Against(1) == Verdict.TooShort ? row with { Status = TooShort } : row;
        }
    }

    static string Joined(string point, string within) => point.Length == 0 ? within : within.Length == 0 ? point : $"{point} {within}";

    ResultRow MeanCycles(Observation observation, string metric)
    {
        var cycles = ToDoubles(observation.Units);
        var estimate = cycles.Length < 2 ? Estimate.Exact(cycles[0]) : BatchMeans.Mean(cycles, observation.Batches);
        var range = Scaled(sensitivities[observation].Range(), 1.0 / observation.Units.Count);
        return Against(observation, Row(observation, metric, "cycles", estimate, range));
    }

    // Beyond the first system at the same point, operation by operation.
    IEnumerable<ResultRow> AddedCost(Observation observation)
    {
        var first = study.Observations.First(other => other.Point == observation.Point);
        if (ReferenceEquals(first, observation)) yield break;
        var added = ToDoubles([.. observation.Units.Zip(first.Units, (own, others) => own - others)]);
        var estimate = added.Length < 2 ? Estimate.Exact(added[0]) : BatchMeans.Mean(added, Math.Min(observation.Batches, first.Batches));
        var range = Scaled(Sensitivity.DifferenceRange(sensitivities[observation], sensitivities[first]), 1.0 / observation.Units.Count);
        yield return Against(observation, Row(observation, Metrics.AddedCost, "cycles", estimate, range), first);
    }

    IEnumerable<ResultRow> Throughput(Observation observation)
    {
        var cycles = ToDoubles(observation.Units);
        var ones = cycles.Select(_ => 1.0).ToArray();
        var hertz = observation.Spec.Machine.Tsc.Hertz;
        var range = sensitivities[observation].Range() is { } ends
            ? ((double, double)?)(cycles.Length * hertz / ends.High, cycles.Length * hertz / ends.Low) : null;
        yield return Against(observation, Row(observation, Metrics.Throughput, "op/s", Ratio(ones, cycles, observation.Batches) * hertz, range));
        var native = Reference(study, observation);
        // Of systems that needed different numbers of replications, those that both have.
        var (shared, batches) = (Math.Min(native.Units.Count, cycles.Length), Math.Min(native.Batches, observation.Batches));
        var ratio = ReferenceEquals(native, observation) ? Estimate.Exact(1) : Ratio(ToDoubles(native.Units)[..shared], cycles[..shared], batches);
        var ratioRange = ReferenceEquals(native, observation) ? null : Sensitivity.RatioRange(sensitivities[native], sensitivities[observation]);
        // A ratio claims no more than the weaker of its two sides, and the bar that is 1 by definition claims nothing.
        var row = Row(observation, Metrics.Normalised, "ratio", ratio, ratioRange);
        yield return ReferenceEquals(native, observation) ? row : Against(observation, row, native);
    }

    IEnumerable<ResultRow> Shares(Observation observation)
    {
        var total = observation.IpcDirect + observation.IpcIndirect + observation.WorkServers;
        if (total <= 0) yield break;
        // Of all stalls this part is IPC's; the rest belongs to the servers' work, which pushes out its own lines and the app's.
        var ofIpc = observation.Stalls == 0 ? 0 : observation.IpcIndirect / observation.Stalls;
        yield return Share(observation, Metrics.IpcDirect, observation.IpcDirect / total, cause => cause.IsIpcStep() ? 1 : 0);
        yield return Share(observation, Metrics.IpcIndirect, observation.IpcIndirect / total, cause => cause.IsStall() ? ofIpc : 0);
        yield return Share(observation, Metrics.Work, observation.WorkServers / total,
            cause => cause.IsStall() ? 1 - ofIpc : cause == Cause.WorkServer ? 1 : 0);
    }

    ResultRow Share(Observation observation, string metric, double share, Func<Cause, double> part)
    {
        var whole = Sensitivity.Of(observation, references.Of, cause => cause is Cause.WorkApp or Cause.Idle ? 0 : 1);
        var range = Sensitivity.RatioRange(Sensitivity.Of(observation, references.Of, part), whole);
        return Against(observation, Row(observation, metric, "%", 100 * share) with { RangeLow = 100 * range?.Low, RangeHigh = 100 * range?.High });
    }

    // The recorded calls are the same at every point of a variation, so they are listed without one only.
    static IEnumerable<ResultRow> Counts(Observation observation) => observation.Counts
        .Where(count => !IsCall(count.Key) || observation.Point.Length == 0)
        .Select(count => IsCall(count.Key)
            ? Row(observation, count.Key, "calls", (double)count.Value / observation.Replications)
            : Row(observation, count.Key, "per operation", (double)count.Value / observation.Units.Count));

    static bool IsCall(string count) => count.StartsWith(Metrics.Calls + ".", StringComparison.Ordinal);

    /// <summary>The bar that others of its base and point are normalised to: native with KPTI, else the first of them; of loads the first system.</summary>
    internal static Observation Reference(StudyResult study, Observation observation)
    {
        if (observation.Readings.Count > 0) return study.Observations.First(other => other.Point == observation.Point);
        var peers = study.Observations.Where(other => other.System.Base == observation.System.Base && other.Point == observation.Point).ToList();
        return peers.FirstOrDefault(peer => peer.System is { System: SystemNames.Native, Variant: KptiVariant.Kpti }) ?? peers[0];
    }

    // One operation has no interval.
    static Estimate Ratio(double[] numerators, double[] denominators, int batches) => denominators.Length < 2
        ? Estimate.Exact(numerators[0] / denominators[0]) : BatchMeans.Ratio(numerators, denominators, batches);

    static ResultRow Row(Observation observation, string metric, string unit, double value) => Row(observation, metric, unit, value, null, null, null);

    static ResultRow Row(Observation observation, string metric, string unit, Estimate value, (double Low, double High)? range) =>
        Row(observation, metric, unit, value.Value, value.Low, value.High, range);

    static ResultRow Row(Observation observation, string metric, string unit, double value, double? low, double? high, (double Low, double High)? range) => new(
        observation.System.System, observation.System.Base, VariantName(observation.System.Variant), observation.Point,
        metric, unit, value, low, high, range?.Low, range?.High);

    // A run that the user changed is not what the publication measured: it is held against nothing, and may claim nothing.
    ResultRow Against(Observation observation, ResultRow row, Observation? other = null)
    {
        if (study.Scenario.Settings.Count > 0 || observation.Point.Length > 0 || observation.Spec.Costs != StepCosts.OfMachine) return row;
        var published = Published(row);
        if (published is null) return row with { Status = Kebab.Of(Standings.Alone(observation.Numbers.Concat(other?.Numbers ?? []))) };
        var standing = Standings.Against(published.Id, observation.Numbers);
        // What was fitted or read back meets its publication whatever was assumed beside it.
        var pinned = standing is Standing.Fitted or Standing.Input;
        return row with
        {
            Published = published.Value, Status = Kebab.Of(standing), RangeLow = pinned ? null : row.RangeLow, RangeHigh = pinned ? null : row.RangeHigh,
        };
    }

    PublishedNumber? Published(ResultRow row)
    {
        var simulated = new SimulatedAs(study.Scenario.Machine, row.System, row.Base, row.Variant, row.Metric);
        return catalogue.Bibliography.Published.Values.FirstOrDefault(number => number.SimulatedAs == simulated);
    }

    internal static string VariantName(KptiVariant variant) => variant == KptiVariant.Default ? "" : Kebab.Of(variant);

    static (double, double)? Scaled((double Low, double High)? range, double factor) =>
        range is { } ends ? (ends.Low * factor, ends.High * factor) : null;

    static double[] ToDoubles(IReadOnlyList<long> cycles) => [.. cycles.Select(count => (double)count)];
}
