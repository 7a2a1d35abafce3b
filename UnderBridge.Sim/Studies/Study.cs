using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>What a scenario gave.</summary>
/// <param name="Scenario">What was run, with all settings.</param>
/// <param name="Observations">One for each system at each point, in the order of the scenario.</param>
/// <param name="Warnings">What a reader of the results should know, as sentences.</param>
public sealed record StudyResult(Scenario Scenario, IReadOnlyList<Observation> Observations, IReadOnlyList<string> Warnings)
{
    /// <summary>The facts it rests on.</summary>
    public required Catalogue Catalogue { get; init; }

    /// <summary>One for each figure that asks for one.</summary>
    internal IReadOnlyList<TornadoResult> Tornados { get; init; } = [];
}

/// <summary>Studies in code: each runs systems under a workload, and gives what it observed of them. Runs are independent of each other, so results do not depend on how many run at once.</summary>
public static class Study
{
    const string Place = "study";

    /// <summary>The version of the simulator, which its results carry.</summary>
    public static string Version { get; } = typeof(Study).Assembly.GetName().Version!.ToString(3);

    /// <summary>Runs a scenario, read from a file by <see cref="ScenarioReader.Load(string, IEnumerable{string})"/> or made in code.</summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="options">Catalogue, settings, seed, jobs, progress and cancellation; null takes the defaults.</param>
    /// <exception cref="InputException">A setting or a trace is wrong, or the scenario was changed in code to one that no file may describe; the message names all that is.</exception>
    /// <exception cref="PathException">The verifier refuses a path under the features asked for.</exception>
    /// <exception cref="OperationCanceledException">The study was cancelled.</exception>
    public static StudyResult Run(Scenario scenario, StudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        options ??= new StudyOptions();
        var catalogue = options.Catalogue ?? scenario.Catalogue ?? Catalogue.Load();
        var errors = new ErrorList();
        var settings = SettingParser.Parse(options.Settings, errors);
        new SettableKeys(scenario.Workload, catalogue.Machines.Keys).Check(settings, errors);
        errors.ThrowIfAny();
        return Run(scenario.With(settings) with { Seed = options.Seed ?? scenario.Seed }, options, catalogue);
    }

    /// <summary>Runs systems under one workload.</summary>
    /// <param name="machine">Name of a hardware profile of the catalogue.</param>
    /// <param name="systems">
    /// Each as <c>underbridge</c>, <c>sel4 with kpti</c> or <c>skybridge on zircon without kpti</c>. Systems are normalised to the first on the same kernel: to hold a design against the
    /// kernel it runs on, say <c>native on sel4</c> beside <c>underbridge on sel4</c>.
    /// </param>
    /// <param name="workload">What they are asked to do; null has two servers call each other in a warm loop.</param>
    /// <param name="options">Catalogue, settings, seed, jobs, progress and cancellation; null takes the defaults.</param>
    /// <exception cref="InputException">A name, a setting or the workload is wrong; the message names all that is.</exception>
    /// <exception cref="PathException">The verifier refuses a path under the features asked for.</exception>
    /// <exception cref="OperationCanceledException">The study was cancelled.</exception>
    public static StudyResult Compare(string machine, IEnumerable<string> systems, Workload? workload = null, StudyOptions? options = null) =>
        Run(machine, systems, null, workload, options ?? new StudyOptions());

    /// <summary>Runs systems at every combination of the values of some keys.</summary>
    /// <param name="machine">Name of a hardware profile of the catalogue.</param>
    /// <param name="systems">Each as for <see cref="Compare"/>.</param>
    /// <param name="axes">Keys with their values: <c>new ListAxis("machine.wrpkru", ["11", "28"])</c>, or <c>new RangeAxis(...).Cut(steps)</c>.</param>
    /// <param name="workload">What they are asked to do; null has two servers call each other in a warm loop.</param>
    /// <param name="options">Catalogue, settings, seed, jobs, progress and cancellation; null takes the defaults.</param>
    /// <exception cref="InputException">A name, a key, a value or the workload is wrong; the message names all that is.</exception>
    /// <exception cref="PathException">The verifier refuses a path under the features asked for.</exception>
    /// <exception cref="OperationCanceledException">The study was cancelled.</exception>
    public static StudyResult Sweep(
        string machine, IEnumerable<string> systems, IEnumerable<ListAxis> axes, Workload? workload = null, StudyOptions? options = null) =>
        Run(machine, systems, new Sweep([.. axes]), workload, options ?? new StudyOptions());

    /// <summary>A system with everything decided as a study would, to be built and run by oneself: <c>new SimulatedSystem(spec, seed)</c>.</summary>
    /// <param name="machine">Name of a hardware profile of the catalogue.</param>
    /// <param name="system">As for <see cref="Compare"/>: <c>underbridge on sel4</c>.</param>
    /// <param name="options">Catalogue, costs of steps, and settings of the machine and the kernel; null takes the defaults.</param>
    /// <exception cref="InputException">A name or a setting is wrong; the message names all that is.</exception>
    public static SystemSpec SpecOf(string machine, string system, StudyOptions? options = null)
    {
        options ??= new StudyOptions();
        var catalogue = options.Catalogue ?? Catalogue.Load();
        var scenario = Checked(machine, [system], null, new PingPong(), options, catalogue);
        return SystemResolver.Resolve(ResolvedScenario.Of(scenario, catalogue) with { Costs = options.Costs }, scenario.Systems[0], catalogue);
    }

    static StudyResult Run(string machine, IEnumerable<string> systems, Sweep? sweep, Workload? workload, StudyOptions options)
    {
        var catalogue = options.Catalogue ?? Catalogue.Load();
        return Run(Checked(machine, systems, sweep, workload ?? new PingPong(), options, catalogue), options, catalogue);
    }

    static StudyResult Run(Scenario scenario, StudyOptions options, Catalogue catalogue)
    {
        var (done, total) = (0, scenario.Systems.Count * scenario.Points.Count);
        Action<Observation>? progress = options.Progress is { } told ? latest => told.Report(new StudyProgress(++done, total, latest)) : null;
        return new ScenarioRunner(catalogue) { Costs = options.Costs }.Run(scenario, options.Jobs, progress, options.Cancellation);
    }

    static Scenario Checked(string machine, IEnumerable<string> systems, Sweep? sweep, Workload workload, StudyOptions options, Catalogue catalogue)
    {
        var errors = new ErrorList();
        var names = new SystemNames(catalogue);
        IReadOnlyList<SystemUnderTest> tested = [.. systems.Select(words => SystemWords.Parse(words, names, errors)).OfType<SystemUnderTest>()];
        // A reader who finds no system would say so, of words that were there.
        if (tested.Count == 0) errors.ThrowIfAny();
        var written = new Scenario
        {
            Name = Place,
            Title = $"Study on {machine}",
            Question = "What does each system cost?",
            Machine = machine,
            Seed = options.Seed ?? 1,
            Systems = tested,
            Workload = workload,
            Sweep = sweep is { Axes.Count: 0 } ? null : sweep,
        };
        var settings = SettingParser.Parse(options.Settings, errors);
        foreach (var setting in settings.Where(setting => sweep?.Axes.Any(axis => axis.Key == setting.Key) == true)) errors.Add(setting.Place, "a key that the sweep runs over", "another key");
        var scenario = ScenarioReader.ReadAgain(written, catalogue, settings, errors);
        errors.ThrowIfAny();
        return scenario!;
    }
}
