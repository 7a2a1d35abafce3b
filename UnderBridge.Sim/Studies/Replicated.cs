using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Studies;

/// <summary>Runs a system as often as its workload asks, each time on random numbers of its own, and puts the runs together.</summary>
static class Replicated
{
    /// <param name="scenario">What to run; its seed is that of the first replication.</param>
    /// <param name="once">Runs it once.</param>
    /// <param name="cancellation">Ends it between two replications.</param>
    public static Observation Observe(ResolvedScenario scenario, Func<ResolvedScenario, Observation> once, CancellationToken cancellation = default)
    {
        var workload = scenario.Workload;
        var first = once(scenario);
        if (workload.Replications == 1 || !Samples([first], workload).Any()) return first;
        var runs = new List<Observation> { first };
        var rule = new StoppingRule(workload.Replications, workload.Precision);
        while (!rule.Ends(runs.Count, Samples(runs, workload).Select(sample => sample.Estimate())))
        {
            cancellation.ThrowIfCancellationRequested();
            runs.Add(once(scenario with { Scenario = scenario.Scenario with { Seed = Replication.Seed(scenario.Scenario.Seed, runs.Count) } }));
        }
        return Joined(runs);
    }

    // Of everything that is random and was measured.
    static IEnumerable<RatioSample> Samples(List<Observation> runs, Workload workload)
    {
        var readings = runs[0].Readings;
        if (readings.Count == 0) return runs[0].Units.Count == 0 ? [] : workload.Random.Select(metric => RatioSample.Joined([.. runs.Select(run => run.SampleOf(metric)!)]));
        return Enumerable.Range(0, readings.Count).Where(i => workload.Random.Contains(readings[i].Metric)).Select(i => RatioSample.Joined([.. runs.Select(run => run.Readings[i].SampleOrValue)]));
    }

    static Observation Joined(List<Observation> runs) => runs[0] with
    {
        Replications = runs.Count,
        Units = [.. runs.SelectMany(run => run.Units)],
        ByCause = Causes.All.ToDictionary(cause => cause, cause => runs.Sum(run => run.ByCause[cause])),
        ByNumber = [.. runs.SelectMany(run => run.ByNumber).GroupBy(share => (share.Number, share.Cause)).Select(group => group.First() with { Cycles = group.Sum(share => share.Cycles) })],
        Counts = runs[0].Counts.ToDictionary(count => count.Key, count => runs.Sum(run => run.Counts[count.Key])),
        Ipcs = runs.Sum(run => run.Ipcs),
        WithoutTraceOfIpc = runs[0].WithoutTraceOfIpc is null ? null : Joined([.. runs.Select(run => run.WithoutTraceOfIpc!)]),
        Readings = [.. runs[0].Readings.Select((_, i) => Joined([.. runs.Select(run => run.Readings[i])]))],
    };

    static Reading Joined(List<Reading> replications)
    {
        var sample = RatioSample.Joined([.. replications.Select(reading => reading.SampleOrValue)]);
        var ranges = replications.Select(reading => reading.Range).OfType<(double Low, double High)>().ToList();
        return replications[0] with
        {
            Value = sample.Estimate(), Sample = sample, Range = ranges.Count == 0 ? null : (ranges.Average(range => range.Low), ranges.Average(range => range.High)),
        };
    }
}
