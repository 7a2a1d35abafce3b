using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Studies;

/// <summary>Runs scenarios on a catalogue. Runs are independent of each other, so any number of threads gives the same result.</summary>
sealed class ScenarioRunner(Catalogue catalogue)
{
    readonly ConcurrentDictionary<(string, Replay), Lazy<Recording>> recordings = new();
    readonly ReferenceRuns references = new(catalogue);
    readonly Lock telling = new();

    /// <summary>What the steps of paths cost; those of the machines unless replaced.</summary>
    public StepCosts Costs { get; init; } = StepCosts.OfMachine;

    /// <summary>Where systems run: studies that share one share its limit.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <param name="scenario">What to run; its reader has accepted it.</param>
    /// <param name="jobs">How many systems run at once.</param>
    /// <param name="progress">Told of each run that ended, if given; from any thread, one at a time.</param>
    /// <param name="cancellation">Ends the study between two runs.</param>
    /// <exception cref="InputException">The scenario was changed in code to one that no file may describe, or a trace is wrong.</exception>
    /// <exception cref="Systems.PathException">The verifier refuses a path under the features asked for.</exception>
    public StudyResult Run(Scenario scenario, int jobs, Action<Observation>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        Check(scenario);
        var resolved = scenario.Points.Select(point => At(scenario, point)).ToList();
        var read = resolved.Select(RecordingOf).ToList();
        var runs = scenario.Points.SelectMany((point, p) => scenario.Systems.Select(system => (resolved[p], system, point.ToString(), read[p]))).ToList();
        var observations = new Observation[runs.Count];
        var failures = new Exception?[runs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation, TaskScheduler = Scheduler };
        Parallel.ForEach(Partitioner.Create(0, runs.Count, 1), options, range =>
        {
            var i = range.Item1;
            var (at, system, point, recording) = runs[i];
            try
            {
                observations[i] = Replicated.Observe(at, replication => Observe(replication, system, point, recording), cancellation);
                if (progress is null) return;
                lock (telling) progress(observations[i]);
            }
            catch (Exception failure)
            {
                failures[i] = failure;
            }
        });
        // One failure says it all: the first in the order of the scenario, whatever the threads did.
        if (failures.FirstOrDefault(failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
        return new StudyResult(scenario, observations, [.. Warnings(observations), .. read.SelectMany(recording => recording?.Warnings ?? []).Distinct()])
        {
            Catalogue = catalogue,
            Tornados = [.. scenario.Figures.Where(figure => figure.Kind == FigureRequest.Tornado).Select(figure => TornadoOf(scenario, figure).Run(jobs, cancellation))],
        };
    }

    // Figures are checked where they are drawn; tornados are runs of their own. Files have seeds that are not negative, but the streams of replications do not care.
    void Check(Scenario scenario)
    {
        const int AnySeed = 1;
        var errors = new ErrorList();
        IReadOnlyList<FigureRequest> tornados = [.. scenario.Figures.Where(figure => figure.Kind == FigureRequest.Tornado)];
        ScenarioReader.ReadAgain(scenario with { Figures = tornados, Seed = AnySeed }, catalogue, [], errors);
        errors.ThrowIfAny();
    }

    Tornado TornadoOf(Scenario scenario, FigureRequest figure)
    {
        var alone = TornadoPoint.Named(scenario, figure)!.Alone(scenario, figure);
        return new Tornado(catalogue, alone, figure, RecordingOf(At(alone, SweepPoint.Origin)));
    }

    /// <summary>Reads what the points of a scenario replay, without running anything.</summary>
    /// <exception cref="InputException">A trace is wrong, a call is routed to a server that there is not, or a warm-up leaves nothing to measure.</exception>
    public void CheckRecordings(Scenario scenario)
    {
        foreach (var point in scenario.Points) RecordingOf(At(scenario, point));
    }

    /// <summary>What the verifier says against the paths of a scenario, each fault once however many systems and points meet it.</summary>
    public IReadOnlyList<string> Refusals(Scenario scenario) =>
        [.. scenario.Points.Select(point => At(scenario, point))
            .SelectMany(resolved => scenario.Systems.SelectMany(system => SystemResolver.Resolve(resolved, system, catalogue).Verify().Select(fault => (system.Label, fault))))
            .DistinctBy(refusal => refusal.fault)
            .Select(refusal => $"{refusal.Label}: {refusal.fault}")];

    ResolvedScenario At(Scenario scenario, SweepPoint point) => ResolvedScenario.Of(scenario.At(point), catalogue) with { Costs = Costs };

    // Points that read a trace in the same way share what was read, from one run of the study to the next.
    Recording? RecordingOf(ResolvedScenario point)
    {
        if (point.Workload is not Replay replay) return null;
        var key = (point.Scenario.File, replay with { WorkScale = 1, WarmUp = 0, Operations = 0, Batches = 0, Replications = 1, Precision = 0 });
        var recording = recordings.GetOrAdd(key, _ => new Lazy<Recording>(() => Recording.Read(point.Scenario, replay, catalogue))).Value;
        recording.CheckWarmUp(point.Scenario, replay);
        return recording;
    }

    // A warm loop is short, so the ranges of its footprints are tried too; a replay holds them.
    Observation Observe(ResolvedScenario scenario, SystemUnderTest system, string point, Recording? recording)
    {
        if (new ContainmentMeasurement(scenario, system, point, catalogue, references).Observe() is { } contained) return contained;
        if (new LoadMeasurement(scenario, system, point, catalogue, references).Observe() is { } loaded) return loaded with { Workload = scenario.Workload };
        var observation = Measurement.Of(scenario, system, point, catalogue, recording) with { Workload = scenario.Workload };
        if (scenario.Workload is Replay) return scenario.Scenario.ReportsShares
            ? observation with { WithoutTraceOfIpc = Measurement.Of(scenario, system, point, catalogue, recording, ipcLeavesTrace: false) }
            : observation;
        if (scenario.Workload is not PingPong) return observation;
        return observation with
        {
            AtSizes = ReferenceRuns.Ends.ToDictionary(end => end, end => Measurement.Of(scenario, system, point, catalogue, recording, end)),
        };
    }

    static IEnumerable<string> Warnings(IEnumerable<Observation> observations) => observations
        .Where(observation => observation.Spec.Design.NeedsKpti && !observation.Spec.Kernel.Features.Kpti)
        .Select(observation => $"{observation.System.Label} runs without KPTI: its prices hold, its isolation does not, because apps can reach the user-accessible kernel")
        .Distinct();
}
