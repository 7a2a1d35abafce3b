using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Cli;

/// <summary><c>run</c>: simulates scenarios and writes a folder of results for each.</summary>
sealed class RunCommand
{
    const string DefaultFolder = "plots", IndexFile = "index.html";

    // A longer table is read in a file.
    const int MostRows = 40;

    /// <summary>What a reader wants first; the rest is in the files.</summary>
    static readonly IReadOnlyList<(string Metric, string Title)> Headlines =
    [
        (Metrics.RoundTrip, "Round trip, cycles"), (Metrics.Request, "Request, cycles"), (Metrics.Throughput, "Throughput, operations a second"), (Metrics.Normalised, "Throughput, normalised"),
        (Metrics.IpcDirect, "IPC, direct, % of IPC and server work"), (Metrics.IpcIndirect, "IPC, indirect, % of IPC and server work"),
        (Metrics.Work, "Real work in servers, % of IPC and server work"), (Metrics.AppCall, "An app's call that takes one between servers, cycles"), (Metrics.Isolation, "Isolation, % of pairs"),
        (Metrics.RecoveryTime, "Recovery from a crash, ms"), (Metrics.Lost, "Requests lost in a crash"), (Metrics.Survivors, "Apps and servers that survive a crash, % of the others"),
        (Metrics.HangRecoveryTime, "Recovery from a hang, ms"), (Metrics.Replications, "Replications"),
    ];

    readonly Terminal terminal;
    readonly Catalogue catalogue;
    readonly IReadOnlyList<Setting> settings;
    readonly int jobs;
    readonly string folder;
    readonly TaskScheduler scheduler;
    readonly ReferenceRuns references;
    readonly Lock finishing = new();

    RunCommand(Terminal terminal, Catalogue catalogue, IReadOnlyList<Setting> settings, int jobs, string folder)
    {
        this.terminal = terminal;
        this.catalogue = catalogue;
        this.settings = settings;
        this.jobs = jobs;
        this.folder = folder;
        references = new ReferenceRuns(catalogue);
        // All scenarios share its threads.
        scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, jobs).ConcurrentScheduler;
    }

    public static Command Create(Terminal terminal)
    {
        var paths = Flags.Scenarios();
        var (set, machine) = (Flags.Set(), Flags.Machine());
        var folder = new Option<string>("--out") { HelpName = "DIR", DefaultValueFactory = _ => DefaultFolder, Description = "Where each scenario gets a folder of its name." };
        var seed = new Option<string?>("--seed") { HelpName = "N", Description = "Seed of the random streams, in place of the scenario's." };
        var jobs = Flags.Jobs("Systems");
        var command = new Verb("run", "Run scenarios; write a folder of results, figures and a report for each, and an index of them.",
            $"{Tool.Name} run scenarios",
            $"{Tool.Name} run scenarios/ipc-roundtrip.yaml --out what-if --set machine.wrpkru=128") { paths, folder, set, machine, seed, jobs };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var parallel = Flags.Whole(parsed, jobs, Bounds.AtLeast(1), errors) ?? Environment.ProcessorCount;
            var seeded = Flags.Whole(parsed, seed, Bounds.NotNegative, errors);
            var settings = Flags.Settings(parsed, set, machine, errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            var run = new RunCommand(terminal, catalogue, settings, parallel, parsed.GetValue(folder)!);
            return run.RunAll(run.Read(parsed.GetValue(paths)!, seeded, errors));
        });
        return command;
    }

    List<Scenario> Read(IReadOnlyList<string> paths, int? seed, ErrorList errors)
    {
        var read = ScenarioFiles.Read(paths, catalogue, settings, errors, terminal.Cancellation);
        foreach (var same in read.GroupBy(scenario => scenario.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
            errors.Add(same.Last().File, $"a second scenario of the name '{same.Key}' after {same.First().File}", "names that differ, for each names a folder");
        foreach (var scenario in read) ResultFolder.Check(folder, scenario.Name, errors);
        errors.ThrowIfAny();
        return [.. read.Select(scenario => seed is { } other ? scenario with { Seed = other } : scenario)];
    }

    int RunAll(List<Scenario> scenarios)
    {
        using var bar = new ProgressBar(terminal, scenarios.Sum(scenario => scenario.Systems.Count * scenario.Points.Count), speaks: scenarios.Count > 1);
        var runs = scenarios.Select(scenario => (Scenario: scenario, Task: Task.Factory.StartNew(
            () => Run(scenario, bar), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ToList();
        var (exit, outcomes, failures) = (ExitCode.Ok, new List<Outcome>(), new List<GalleryFailure>());
        try
        {
            foreach (var (scenario, task) in runs)
            {
                try
                {
                    var outcome = task.GetAwaiter().GetResult();
                    bar.Aside(() => Tell(outcome));
                    outcomes.Add(outcome);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    bar.Aside(() => terminal.Report(failure, scenario.Name));
                    failures.Add(new GalleryFailure(scenario.Name, failure.Message));
                    exit = Math.Max(exit, ExitCode.Of(failure));
                }
            }
        }
        finally
        {
            // Those that hear of a cancellation remove what they had begun to write.
            Task.WhenAll(runs.Select(run => run.Task)).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        }
        if (scenarios.Count > 1) TellAll(outcomes, failures);
        return exit;
    }

    void TellAll(List<Outcome> outcomes, List<GalleryFailure> failures)
    {
        var index = Path.Combine(folder, IndexFile);
        if (outcomes.Count > 0) AtomicFile.Write(index, Gallery.Text([.. outcomes.Select(outcome => outcome.Card)], failures));
        var failed = failures.Count == 0 ? "" : $"; failed: {string.Join(", ", failures.Select(failure => failure.Name))}";
        var reports = outcomes.Count == 0 ? "" : $"; {index} leads to their reports";
        terminal.WriteProse(string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count} of {outcomes.Count + failures.Count} scenarios done{failed}{reports}"));
    }

    Outcome Run(Scenario scenario, ProgressBar bar)
    {
        using var results = ResultFolder.Open(folder, scenario.Name);
        var study = Simulate(scenario, bar);
        lock (finishing)
        {
            var rows = StudyRows.Of(study, catalogue, references);
            var figures = StudyFiles.Write(study, results.WorkingPath, rows, terminal.Cancellation);
            var warnings = study.Warnings.Select(warning => $"{scenario.Name}: {warning}").Concat(new IdleSettings(catalogue, study, jobs, terminal.Cancellation).Warnings(settings)).ToList();
            results.Commit();
            return new Outcome(study, rows, figures, warnings, results.Target);
        }
    }

    StudyResult Simulate(Scenario scenario, ProgressBar bar)
    {
        var study = new ScenarioRunner(catalogue) { Scheduler = scheduler };
        // A simulation under way does not hear of a cancellation, so it is left behind.
        return Task.Run(() => study.Run(scenario, jobs, observation => bar.Ended($"{scenario.Name}: {observation.System.Label}"), terminal.Cancellation), terminal.Cancellation)
            .WaitAsync(terminal.Cancellation).GetAwaiter().GetResult();
    }

    void Tell(Outcome outcome)
    {
        var scenario = outcome.Study.Scenario;
        terminal.WriteProse($"{scenario.Name}: {scenario.Question}");
        terminal.Output.WriteLine();
        foreach (var (metric, title) in Shown(scenario)) Print(title, [.. outcome.Rows.Where(row => row.Metric == metric)]);
        if (outcome.Card.Answer.Length > 0)
        {
            terminal.WriteProse(outcome.Card.Answer);
            terminal.Output.WriteLine();
        }
        foreach (var warning in outcome.Warnings) terminal.Warn(warning);
        terminal.WriteProse($"Written to {outcome.Target}: {string.Join(", ", [.. StudyFiles.Names, .. outcome.Figures.Select(name => $"{name}.png and .svg")])}", 2);
        terminal.Output.WriteLine();
    }

    // What a workload measures without a heading of its own is shown under its name.
    static IEnumerable<(string Metric, string Title)> Shown(Scenario scenario) =>
        Headlines.Concat(scenario.Workload.Measures.Where(measure => Headlines.All(headline => headline.Metric != measure)).Select(measure => (measure, measure)));

    void Print(string title, IReadOnlyList<ResultRow> rows)
    {
        if (rows.Count == 0) return;
        if (rows.Count > MostRows)
        {
            terminal.WriteProse(string.Create(CultureInfo.InvariantCulture, $"{title}: {rows.Count} results at {rows.Select(row => row.Point).Distinct().Count()} points, in {StudyFiles.Csv}"));
            terminal.Output.WriteLine();
            return;
        }
        var table = StudyTables.Results(title, rows);
        terminal.Write(table.Without("metric", "unit"), "over assumed ranges", "95 % interval");
    }

    /// <summary>A scenario that was run and written.</summary>
    sealed record Outcome(StudyResult Study, IReadOnlyList<ResultRow> Rows, IReadOnlyList<string> Figures, IReadOnlyList<string> Warnings, string Target)
    {
        public GalleryEntry Card { get; } = new(
            Study.Scenario.Name, Study.Scenario.Title, Study.Scenario.Question, Answer.Of(Study, Rows), Figures.Select(name => $"{name}.png").FirstOrDefault());
    }
}
