using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>A metric with one number at the ends of its range and all others as they are.</summary>
readonly record struct TornadoBar(ISourced Number, double AtLow, double AtHigh)
{
    public double Width => Math.Abs(AtHigh - AtLow);
}

/// <summary>How a metric hangs on each number with a range, the widest first, and how far it goes over all of them together.</summary>
/// <param name="Request">The figure that asked.</param>
/// <param name="System">The system whose metric it is.</param>
/// <param name="Name">The metric's name in results.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Value">The metric with every number as it is.</param>
/// <param name="Bars">One a number.</param>
/// <param name="Together">Least and greatest value over the two corners in which every number stands at its worse or its better end, and over the samples.</param>
sealed record TornadoResult(
    FigureRequest Request, SystemUnderTest System, string Name, string Unit, double Value, IReadOnlyList<TornadoBar> Bars, (double Low, double High) Together)
{
    /// <summary>The point of results at which all numbers move.</summary>
    public const string AllTogether = "all together";
}

/// <summary>
/// Moves every number that a metric used to both ends of its range, one at a time, and runs again. Numbers that were fitted are not moved: they follow, as they
/// would have been fitted to the same publication beside the moved number.
/// </summary>
sealed class Tornado
{
    /// <summary>The round trips with which a residual is fitted again; they are all alike once warm.</summary>
    static readonly PingPong Refit = new() { WarmUp = 50, RoundTrips = 50 };

    readonly Catalogue catalogue;
    readonly Scenario scenario;
    readonly FigureRequest request;
    readonly Recording? recording;
    readonly IReadOnlyList<SystemUnderTest> compared;

    // Those compared, and behind them the one that a cost is added to.
    readonly IReadOnlyList<SystemUnderTest> systems;
    readonly IReadOnlyList<Residual> residuals;
    readonly IReadOnlyList<ISourced> numbers;
    readonly double value;
    readonly string unit;

    public Tornado(Catalogue catalogue, Scenario scenario, FigureRequest request, Recording? recording)
    {
        this.catalogue = catalogue;
        this.scenario = scenario;
        this.request = request;
        this.recording = recording;
        SystemUnderTest Named(string name) => scenario.Systems.First(system => system.System == name);
        compared = request.Against.Length == 0 ? [Named(request.System)] : [Named(request.System), Named(request.Against)];
        systems = request.Metric == Scenarios.Metrics.AddedCost ? [.. compared, scenario.Systems[0]] : compared;
        var observed = systems.Select(system => Observe(system, catalogue)).ToList();
        unit = compared.Count == 2 ? "ratio" : Unit(observed[0]);
        value = Metric(observed);
        residuals = [.. observed.SelectMany(Residuals).DistinctBy(residual => residual.Number.Name)];
        numbers = [.. observed.SelectMany(NumbersOf).Concat(ServiceNumbers.Of(ResolvedScenario.Of(scenario, catalogue).Workload, observed, catalogue)).Where(number => number.LowNumber < number.HighNumber && number.Grade != Grade.Fitted).DistinctBy(number => number.Name)];
    }

    string Name => $"tornado.{request.Metric}{(request.Against.Length == 0 ? "" : $"-over-{request.Against}")}{(request.At.Length == 0 ? "" : $"-at-{request.At}")}";

    /// <param name="jobs">How many runs at once.</param>
    /// <param name="cancellation">Ends it between two runs.</param>
    public TornadoResult Run(int jobs, CancellationToken cancellation)
    {
        var ends = numbers.SelectMany(number => new[] { At(number, number.LowNumber), At(number, number.HighNumber) });
        var moved = Metrics([.. ends], jobs, cancellation);
        var bars = numbers.Select((number, i) => new TornadoBar(number, moved[2 * i], moved[2 * i + 1])).ToList();
        IReadOnlyDictionary<string, double>[] together = [Corner(bars, least: true), Corner(bars, least: false), .. Samples()];
        var all = Metrics(together, jobs, cancellation).Append(value).ToList();
        return new TornadoResult(
            request, systems[0], Name, unit, value, [.. bars.OrderByDescending(bar => bar.Width).ThenBy(bar => bar.Number.Name, StringComparer.Ordinal)], (all.Min(), all.Max()));
    }

    static Dictionary<string, double> At(ISourced number, double value) => new() { [number.Name] = value };

    // Where each number alone would lower or raise the metric.
    static Dictionary<string, double> Corner(IEnumerable<TornadoBar> bars, bool least) =>
        bars.ToDictionary(bar => bar.Number.Name, bar => bar.AtLow < bar.AtHigh == least ? bar.Number.LowNumber : bar.Number.HighNumber);

    IEnumerable<IReadOnlyDictionary<string, double>> Samples()
    {
        if (request.Samples == 0) return [];
        var axes = numbers.Select(number => new RangeAxis(number.Name, number.LowNumber, number.HighNumber, Logarithmic: false, number is Sourced<int>)).ToList();
        return new LatinHypercube(request.Samples, scenario.Seed).Draw(axes)
            .Select(point => point.Settings.ToDictionary(setting => setting.Key, setting => double.Parse(setting.Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    double[] Metrics(IReadOnlyDictionary<string, double>[] moves, int jobs, CancellationToken cancellation)
    {
        var results = new double[moves.Length];
        Parallel.For(0, moves.Length, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation }, i => results[i] = Metric(moves[i]));
        return results;
    }

    double Metric(IReadOnlyDictionary<string, double> values)
    {
        var moved = Follow(values);
        return Metric([.. systems.Select(system => Observe(system, moved))]);
    }

    double Metric(List<Observation> observed)
    {
        var without = systems.Count > compared.Count ? Value(observed[^1]) : 0;
        var value = Value(observed[0]) - without;
        return compared.Count == 1 ? value : value / (Value(observed[1]) - without);
    }

    Observation Observe(SystemUnderTest system, Catalogue numbers)
    {
        return Replicated.Observe(ResolvedScenario.Of(scenario, numbers), Once);

        Observation Once(ResolvedScenario resolved) => new LoadMeasurement(resolved, system, "", numbers).Observe(shares: request.Metric == Scenarios.Metrics.IpcShare)
            ?? Measurement.Of(resolved, system, "", numbers, recording, ranges: false);
    }

    double Value(Observation observation)
    {
        if (observation.Readings.Where(reading => reading.Metric == request.Metric).ToList() is [var read, ..]) return read.Value.Value;
        if (observation.Units.Count == 0)
            throw new InputException([new InputError(scenario.File, 0, 0, $"a tornado of {observation.System.Label} at '{request.At}', where it does not run for want of keys", "a point at which it runs")]);
        return CountsCycles ? observation.Units.Average() : observation.Units.Count * observation.Spec.Machine.Tsc.Hertz / observation.Units.Sum();
    }

    bool CountsCycles => request.Metric is Scenarios.Metrics.RoundTrip or Scenarios.Metrics.OperationCost or Scenarios.Metrics.AddedCost;

    string Unit(Observation observation) => observation.Readings.FirstOrDefault(reading => reading.Metric == request.Metric).Unit ?? (CountsCycles ? "cycles" : "op/s");

    // The ratios of overlap are charged nothing themselves, but every stall is what they leave of a latency.
    static IEnumerable<ISourced> NumbersOf(Observation observation) => observation.Stalls == 0
        ? observation.Numbers : observation.Numbers.Append(observation.Spec.Machine.Prices["overlap"]).Append(observation.Spec.Machine.Prices["overlap-fetch"]);

    /// <summary>A fitted number, the scenario of the run it was fitted on, what that gave, and how often a round trip of it charges the number.</summary>
    sealed record Residual(ISourced Number, Scenario Reference, double RoundTrip, double Uses);

    IEnumerable<Residual> Residuals(Observation observation)
    {
        foreach (var fitted in observation.ByNumber.Select(share => share.Number).Where(number => number.Grade == Grade.Fitted).DistinctBy(number => number.Name))
        {
            if (fitted.RestsOn is not { } id || ReferenceRuns.Scenario(id, catalogue) is not { } reference) continue;
            var run = ReferenceRun(reference, catalogue);
            var uses = run.CyclesOf(fitted.Name) / fitted.Number / run.Units.Count;
            if (uses > 0) yield return new Residual(fitted, reference, run.Units.Average(), uses);
        }
    }

    static Observation ReferenceRun(Scenario reference, Catalogue numbers) =>
        Measurement.Of(ResolvedScenario.Of(reference with { Workload = Refit }, numbers), reference.Systems[0], "", numbers, recording: null);

    // A round trip is linear in its residual, so one step fits it again.
    Catalogue Follow(IReadOnlyDictionary<string, double> values)
    {
        var moved = catalogue.With(values);
        var fitted = residuals.ToDictionary(residual => residual.Number.Name,
            residual => residual.Number.Number - (ReferenceRun(residual.Reference, moved).Units.Average() - residual.RoundTrip) / residual.Uses);
        return catalogue.With(values.Concat(fitted).ToDictionary());
    }
}
