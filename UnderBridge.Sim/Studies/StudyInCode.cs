using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Studies;

public sealed partial class Study
{
    const string Place = "study";

    /// <summary>Runs systems under one workload.</summary>
    /// <param name="machine">Name of a hardware profile of the catalogue.</param>
    /// <param name="systems">
    /// Each as <c>underbridge</c>, <c>sel4 with kpti</c> or <c>skybridge on zircon without kpti</c>. Systems are normalised to the first on the same kernel: to hold a design against the
    /// kernel it runs on, say <c>native on sel4</c> beside <c>underbridge on sel4</c>.
    /// </param>
    /// <param name="workload">What they are asked to do; null has two servers call each other in a warm loop.</param>
    /// <param name="options">Catalogue, settings, seed, jobs, progress and cancellation; null takes the defaults.</param>
    /// <exception cref="InputException">A name, a setting or the workload is wrong; the message names all that is.</exception>
    /// <exception cref="Systems.PathException">The verifier refuses a path under the features asked for.</exception>
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
    /// <exception cref="Systems.PathException">The verifier refuses a path under the features asked for.</exception>
    /// <exception cref="OperationCanceledException">The study was cancelled.</exception>
    public static StudyResult Sweep(
        string machine, IEnumerable<string> systems, IEnumerable<ListAxis> axes, Workload? workload = null, StudyOptions? options = null) =>
        Run(machine, systems, new Sweep([.. axes]), workload, options ?? new StudyOptions());

    static StudyResult Run(string machine, IEnumerable<string> systems, Sweep? sweep, Workload? workload, StudyOptions options)
    {
        var catalogue = options.Catalogue ?? Catalogue.Load();
        var scenario = Checked(machine, systems, sweep, workload ?? new PingPong(), options, catalogue);
        var (done, total) = (0, scenario.Systems.Count * scenario.Points.Count);
        Action<Observation>? progress = options.Progress is { } told ? latest => told.Report(new StudyProgress(Interlocked.Increment(ref done), total, latest)) : null;
        return new Study(catalogue) { Costs = options.Costs }.Run(scenario, options.Jobs, progress, options.Cancellation);
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
            Seed = options.Seed,
            Systems = tested,
            Workload = workload,
            Sweep = sweep is { Axes.Count: 0 } ? null : sweep,
        };
        var settings = SettingParser.Parse(options.Settings, errors);
        var scenario = ScenarioReader.ReadAgain(written, catalogue, settings, errors);
        errors.ThrowIfAny();
        return scenario!;
    }
}
