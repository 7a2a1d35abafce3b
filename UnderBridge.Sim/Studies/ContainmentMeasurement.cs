using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Studies;

/// <summary>Audits, attacks and fails one system of a scenario.</summary>
sealed class ContainmentMeasurement(ResolvedScenario scenario, SystemUnderTest system, string point, Catalogue catalogue, ReferenceRuns references)
{
    // A hang lasts as long as the watchdog waits, so it is tried less often than a crash.
    const int Bins = 30, TrialsAtEnds = 2, CrashesAHang = 5;

    const string Everybody = "apps, servers and kernel";

    static readonly string Flags = string.Join(" + ", Enum.GetValues<Harm>().Where(harm => harm is not (Harm.None or Harm.All)).Select(harm => $"{(int)harm} {Kebab.Of(harm)}"));
    static readonly string Outcomes = string.Join("; ", Enum.GetValues<AttackOutcome>().Select(outcome => $"{(int)outcome} {Kebab.Of(outcome)}"));

    /// <summary>What a workload of containment asks, or null when the scenario has another.</summary>
    public Observation? Observe() => scenario.Workload switch
    {
        BothEnds both => Both(both),
        Attacks attacks => Empty() with { Readings = [.. Attacked(attacks)] },
        ServerFaults faults => Empty() with { Readings = [.. Failed(faults)] },
        _ => null,
    };

    Observation Both(BothEnds both)
    {
        var loop = scenario with { Workload = both.Loop };
        var roundTrip = AtAllSizes(sizes => Measurement.Of(loop, system, point, catalogue, recording: null, sizes));
        var appCall = AtAllSizes(sizes => AppCalls(both.Loop, sizes));
        var cast = Casting.Of(scenario, system, catalogue);
        var score = IsolationScore.Of(cast);
        var harms = IsolationScore.HarmsOf(cast);
        return roundTrip with
        {
            Workload = both,
            Readings =
            [
                Cycles(Metrics.RoundTrip, roundTrip),
                Cycles(Metrics.AppCall, appCall),
                Isolation(Metrics.Isolation, score, share => share.Mean),
                Isolation(Metrics.Confidentiality, score, share => share.Confidentiality),
                Isolation(Metrics.Integrity, score, share => share.Integrity),
                Isolation(Metrics.Availability, score, share => share.Availability),
                .. harms.Pairs.Select(pair => new Reading(Metrics.Harm, Flags, Estimate.Exact((int)pair.Harm), $"{pair.By} > {pair.To}")),
            ],
        };
    }

    static Observation AtAllSizes(Func<RangeEnd, Observation> observe) =>
        observe(RangeEnd.Value) with { AtSizes = ReferenceRuns.Ends.ToDictionary(end => end, observe) };

    /// <summary>An app calls a server, which calls another, as SQLite calls the file system and that the disk; nobody works.</summary>
    Observation AppCalls(PingPong loop, RangeEnd sizes)
    {
        var program = catalogue.Programs["echo"].AtSizes(sizes);
        var simulated = new SimulatedSystem(Spec.AtSizes(sizes), scenario.Scenario.Seed);
        var servers = simulated.AddServers(workScale: 1, (program with { Name = "middle" }, new PassOn(1)), (program, new PassOn(null)));
        var calls = Enumerable.Repeat(new ReplayCall(Compute: 0, Server: 0, default, EndsOperation: true), loop.WarmUp + loop.RoundTrips).ToList();
        var app = new ReplayApp(simulated, program with { Name = "app" }, calls, servers, program.CodeKib, workScale: 1);
        var begin = LedgerMark.Take(simulated);
        app.Run(ended => begin = ended == loop.WarmUp ? LedgerMark.Take(simulated) : begin);
        if (simulated.Core.Faults.Count > 0) throw new ProtectionFaultException(system.Label, simulated.Core.Faults);
        var ends = app.OperationEnds;
        return Measurement.Since(begin, simulated, system, point, [.. Enumerable.Range(loop.WarmUp, loop.RoundTrips).Select(i => ends[i] - (i == 0 ? 0 : ends[i - 1]))]);
    }

    Reading Cycles(string metric, Observation observation)
    {
        var cycles = observation.Units.Select(unit => (double)unit).ToArray();
        var mean = cycles.Length < 2 ? Estimate.Exact(cycles[0]) : BatchMeans.Mean(cycles, Math.Min(BatchMeans.DefaultBatches, cycles.Length));
        var range = Sensitivity.Of(observation, references.Of).Range();
        return new Reading(metric, "cycles", mean) { Range = range is { } ends ? (ends.Low / cycles.Length, ends.High / cycles.Length) : null };
    }

    sealed class PassOn(int? to) : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => to is { } next ? [next] : [];

        public void Plan(in ServerRequest request, ServerPlan plan)
        {
            if (to is { } next) plan.Call(next, default);
        }
    }

    static Reading Isolation(string metric, IsolationScore score, Func<Share, double> part) =>
        new(metric, "% of pairs", Estimate.Exact(part(score.Value))) { Range = (part(score.Broken), part(score.WithoutLeaks)) };

    IEnumerable<Reading> Attacked(Attacks attacks)
    {
        var run = new AttackRun(Spec, Programs, attacks.Trials, scenario.Scenario.Seed);
        foreach (var kind in Enum.GetValues<AttackKind>())
        {
            var result = kind == AttackKind.LoopingServer ? Looped() : run.Of(kind);
            var name = Kebab.Of(kind);
            yield return new Reading(Metrics.Outcome, Outcomes, Estimate.Exact((int)result.Outcome), name);
            yield return new Reading(Metrics.Reached, "apps; servers; kernel", Estimate.Exact(result.Reached.Count), name);
            if (result.DetectedAfter is { } cycles) yield return new Reading(Metrics.DetectedAfter, "cycles", Estimate.Exact(cycles), name);
        }
    }

    // Whoever is served by another server is reached when it is served no longer.
    AttackResult Looped()
    {
        var load = new ServerFaults { Trials = 1 };

        AttackResult Loop(Assumptions broken)
        {
            var trial = Fail(load, ServerFault.Hang, catalogue.Recovery, scenario.Scenario.Seed, broken);
            var served = trial.AnsweredElsewhere.Skip((int)Math.Ceiling(Bins * load.Before / (load.Before + load.After))).Any(share => share > 0);
            return new AttackResult(AttackKind.LoopingServer, served ? AttackOutcome.Contained : AttackOutcome.Breached, trial.Detected, served ? [] : [Everybody]);
        }

        var (held, broken) = (Loop(Assumptions.None), Loop(Assumptions.MonitorCorrect));
        return held.Outcome == broken.Outcome ? held
            : held with { Outcome = AttackOutcome.ContainedWhileAssumed, Reached = broken.Reached, RestsOn = Assumptions.MonitorCorrect };
    }

    IEnumerable<Reading> Failed(ServerFaults faults)
    {
        foreach (var (kind, recovery, lost, survivors) in new[]
        {
            (ServerFault.Crash, Metrics.RecoveryTime, Metrics.Lost, Metrics.Survivors),
            (ServerFault.Hang, Metrics.HangRecoveryTime, Metrics.HangLost, Metrics.HangSurvivors),
        })
        {
            var trials = Trials(faults, kind, RangeEnd.Value);
            var (low, high) = (Trials(faults, kind, RangeEnd.Low), Trials(faults, kind, RangeEnd.High));
            Reading Mean(string metric, string unit, Func<FaultTrial, double> value) =>
                new(metric, unit, MeanOf(trials, value)) { Sample = RatioSample.Mean([.. trials.Select(value)]), Range = Around(MeanOf(trials, value).Value, low.Average(value), high.Average(value)) };

            if (kind == ServerFault.Crash)
                foreach (var reading in Timeline(faults, trials)) yield return reading;
            yield return Mean(recovery, "ms", trial => trial.Recovery);
            yield return Mean(lost, "requests", trial => trial.Lost);
            yield return new Reading(survivors, "% of the others", Estimate.Exact(100 * trials[0].Survivors));
        }
    }

    static IEnumerable<Reading> Timeline(ServerFaults faults, List<FaultTrial> trials)
    {
        foreach (var (metric, answered) in new (string, Func<FaultTrial, IReadOnlyList<double>>)[]
        {
            (Metrics.Answered, trial => trial.Answered), (Metrics.AnsweredElsewhere, trial => trial.AnsweredElsewhere),
        })
            for (var bin = 0; bin < Bins; bin++)
            {
                var middle = (bin + 0.5) / Bins * (faults.Before + faults.After) - faults.Before;
                yield return new Reading(metric, "% of requests", Estimate.Exact(trials.Average(trial => 100 * answered(trial)[bin])), FormattableString.Invariant($"{Math.Round(middle, 6)}"));
            }
    }

    List<FaultTrial> Trials(ServerFaults faults, ServerFault kind, RangeEnd end)
    {
        var trials = kind == ServerFault.Crash ? faults.Trials : (faults.Trials + CrashesAHang - 1) / CrashesAHang;
        if (end != RangeEnd.Value) trials = Math.Min(trials, TrialsAtEnds);
        return [.. Enumerable.Range(0, trials).Select(trial => Fail(faults, kind, catalogue.Recovery.At(end), scenario.Scenario.Seed + trial))];
    }

    FaultTrial Fail(ServerFaults faults, ServerFault kind, RecoveryPrices prices, int seed, Assumptions broken = Assumptions.None) =>
        new FaultRun(Spec, Programs, prices, new FaultLoad(1000 * faults.Load, faults.Work, faults.Before, faults.After, Bins), kind, seed, broken).Run();

    static Estimate MeanOf(IReadOnlyList<FaultTrial> trials, Func<FaultTrial, double> value)
    {
        double[] values = [.. trials.Select(value)];
        return values.Length < 2 ? Estimate.Exact(values[0]) : BatchMeans.Mean(values, values.Length);
    }

    static (double, double) Around(double value, double one, double other) => (Math.Min(value, Math.Min(one, other)), Math.Max(value, Math.Max(one, other)));

    SystemSpec Spec => SystemResolver.Resolve(scenario, system, catalogue);

    Programs Programs => new(catalogue.Programs["sqlite"], catalogue.Programs["file-system"], catalogue.Programs["disk"], catalogue.Programs["echo"]);

    // Nothing of these is cycles of a core that somebody waits for.
    Observation Empty() => new()
    {
        System = system, Point = point, Spec = Spec, Workload = scenario.Workload, Units = [],
        ByCause = Causes.All.ToDictionary(cause => cause, _ => 0L), ByNumber = [],
    };
}
