using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>One measured value.</summary>
/// <param name="Metric">What is measured, by one of the names in <see cref="Metrics"/>.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Point">Where on an axis of the workload's own it was measured, such as the number of servers or a time; empty where the workload has none.</param>
public readonly record struct Reading(string Metric, string Unit, Estimate Value, string Point = "")
{
    /// <summary>Where the value may lie over the assumed ranges of the numbers under it; null where that was not tried.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>What the value was estimated from; null where it was counted or computed once.</summary>
    internal RatioSample? Sample { get; init; }

    /// <summary>The mean of one value a unit of work, from batches of consecutive units.</summary>
    internal static Reading Mean(string metric, string unit, IReadOnlyList<double> values, string point = "", int batches = BatchMeans.DefaultBatches) =>
        new(metric, unit, BatchMeans.Mean([.. values], batches), point) { Sample = BatchMeans.Sample([.. values], [.. values.Select(_ => 1.0)], batches) };

    /// <summary>Units of work a second, from the cycles of each.</summary>
    internal static Reading Rate(string metric, IReadOnlyList<long> cycles, double hertz, string point = "", int batches = BatchMeans.DefaultBatches)
    {
        double[] ones = [.. cycles.Select(_ => 1.0)], all = [.. cycles.Select(count => (double)count)];
        return new(metric, "op/s", BatchMeans.Ratio(ones, all, batches) * hertz, point) { Sample = BatchMeans.Sample([.. cycles.Select(_ => hertz)], all, batches) };
    }

    /// <summary>A part of a whole in percent.</summary>
    internal static Reading Share(string metric, double part, double whole) =>
        new(metric, "%", Estimate.Exact(100 * part / whole)) { Sample = RatioSample.Once(100 * part, whole) };

    internal RatioSample SampleOrValue => Sample ?? RatioSample.Once(Value.Value);
}

/// <summary>What one system did in the measured part of one run. All cycles are of one core.</summary>
public sealed record Observation
{
    public required SystemUnderTest System { get; init; }

    /// <summary>The point of the sweep, as <c>machine.wrpkru=28</c>, or empty.</summary>
    public required string Point { get; init; }

    public required SystemSpec Spec { get; init; }

    /// <summary>The workload with all settings carried out.</summary>
    public Workload Workload { get; init; } = new PingPong();

    /// <summary>Cycles of each round trip or operation, in order.</summary>
    public required IReadOnlyList<long> Units { get; init; }

    /// <summary>How many runs on random numbers of their own these are, put together; every system has the same random numbers in the same replication.</summary>
    public int Replications { get; init; } = 1;

    /// <summary>Whole cycles by cause; their sum is the time that passed.</summary>
    public required IReadOnlyDictionary<Cause, long> ByCause { get; init; }

    /// <summary>The same cycles by the number they rest on and cause, before rounding.</summary>
    public required IReadOnlyList<NumberShare> ByNumber { get; init; }

    /// <summary>The same run as if its IPC left no trace in TLBs and caches; null where that was not tried.</summary>
    public Observation? WithoutTraceOfIpc { get; init; }

    /// <summary>Things counted in the measured part, by name: <c>fs-calls</c>, <c>block-writes</c>, <c>calls.pread64</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    public long Cycles => ByCause.Values.Sum();

    /// <summary>Stalls of all causes.</summary>
    public double Stalls => ByCause.Where(cause => cause.Key.IsStall()).Sum(cause => cause.Value);

    /// <summary>Cycles of the app's own compute.</summary>
    public double WorkApp => ByCause[Cause.WorkApp];

    /// <summary>Prices of the steps that carry IPC.</summary>
    public double IpcDirect => ByCause.Where(cause => cause.Key.IsIpcStep()).Sum(cause => cause.Value);

    /// <summary>Stalls that there would not be if IPC left no trace in TLBs and caches.</summary>
    public double IpcIndirect => WithoutTraceOfIpc is { } other ? Stalls - other.Stalls
        : throw new InvalidOperationException("the indirect cost of IPC takes a second run, which this study did without");

    /// <summary>Work of the servers, with the stalls that are not IPC's.</summary>
    public double WorkServers => Cycles - WorkApp - ByCause[Cause.Idle] - IpcDirect - IpcIndirect;

    /// <summary>The same run with all footprints at the low and at the high end of their ranges, where that was tried.</summary>
    internal IReadOnlyDictionary<RangeEnd, Observation> AtSizes { get; init; } = new Dictionary<RangeEnd, Observation>();

    /// <summary>What was measured besides cycles, or in place of them; each becomes a row of the results.</summary>
    public IReadOnlyList<Reading> Readings { get; init; } = [];

    /// <summary>Units of work that the cycles are of: those of a closed loop include its warm-up.</summary>
    internal int UnitsCharged => Workload is ClosedLoop { Load: var load } ? Replications * (load.WarmUp + load.Requests) : Units.Count;

    /// <summary>Into how many parts the units are cut for intervals: the replications, where there are several.</summary>
    internal int Batches => Math.Min(Units.Count, Replications > 1 ? Replications : Workload is Replay replay ? replay.Batches : BatchMeans.DefaultBatches);

    /// <summary>What a metric was estimated from, at a point of the workload's own axis; null where it was counted or computed.</summary>
    internal RatioSample? SampleOf(string metric, string within = "")
    {
        if (Readings.Count > 0) return Readings.Where(reading => (reading.Metric, reading.Point) == (metric, within)).Select(reading => reading.Sample).FirstOrDefault();
        if (Units.Count == 0) return null;
        double[] cycles = [.. Units.Select(unit => (double)unit)], ones = [.. Units.Select(_ => 1.0)];
        return metric switch
        {
            Metrics.RoundTrip or Metrics.OperationCost => BatchMeans.Sample(cycles, ones, Batches),
            Metrics.Throughput => BatchMeans.Sample(ones, cycles, Batches),
            _ => null,
        };
    }

    /// <summary>Calls between an app and a server or two servers.</summary>
    public long Ipcs { get; init; }

    /// <summary>Cycles of real work, in app and servers, for each call.</summary>
    public double WorkPerIpc => Ipcs == 0 ? 0 : (double)(ByCause[Cause.WorkApp] + ByCause[Cause.WorkServer]) / Ipcs;

    /// <summary>Share of the cycles that rests on numbers of a grade, from 0 to 1.</summary>
    public double Share(Grade grade)
    {
        var total = ByNumber.Sum(share => Math.Abs(share.Cycles));
        return total == 0 ? 0 : ByNumber.Where(share => share.Number.Grade == grade).Sum(share => Math.Abs(share.Cycles)) / total;
    }

    /// <summary>Cycles that rest on a number, whatever their cause.</summary>
    public double CyclesOf(string number) => ByNumber.Where(share => share.Number.Name == number).Sum(share => share.Cycles);

    /// <summary>Every number of the run: those that were charged, and the footprints of its paths.</summary>
    public IEnumerable<ISourced> Numbers =>
        ByNumber.Where(share => share.Cycles != 0).Select(share => share.Number).Concat(Spec.Paths
            .SelectMany(path => path.Footprints.Values).SelectMany(footprint => footprint.Counts));
}
