using System.CommandLine;
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
    const string DefaultFolder = "plots";

    /// <summary>What a reader wants first; the rest is in the files.</summary>
    static readonly IReadOnlyList<(string Metric, string Title)> Headlines =
    [
        (Metrics.RoundTrip, "Round trip, cycles"), (Metrics.Request, "Request, cycles"), (Metrics.Throughput, "Throughput, operations a second"), (Metrics.Normalised, "Throughput, normalised"),
        (Metrics.IpcDirect, "IPC, direct, % of IPC and server work"), (Metrics.IpcIndirect, "IPC, indirect, % of IPC and server work"),
        (Metrics.Work, "Real work in servers, % of IPC and server work"),
    ];

    readonly Terminal terminal;
    readonly Catalogue catalogue;
    readonly IReadOnlyList<Setting> settings;
    readonly int jobs;
    readonly string folder;

    RunCommand(Terminal terminal, Catalogue catalogue, IReadOnlyList<Setting> settings, int jobs, string folder)
    {
        this.terminal = terminal;
        this.catalogue = catalogue;
        this.settings = settings;
        this.jobs = jobs;
        this.folder = folder;
    }

    public static Command Create(Terminal terminal)
    {
        var paths = Flags.Scenarios();
        var set = Flags.Set();
        var folder = new Option<string>("--out") { HelpName = "DIR", DefaultValueFactory = _ => DefaultFolder, Description = "Where each scenario gets a folder of its name." };
        var seed = new Option<string?>("--seed") { HelpName = "N", Description = "Seed of the random streams, in place of the scenario's." };
        var jobs = Flags.Jobs("Systems");
        var command = new Verb("run", "Run scenarios; write results.csv, results.json, resolved.yaml and figures of each.",
            $"{Tool.Name} run scenarios",
            $"{Tool.Name} run scenarios/ipc-roundtrip.yaml --out what-if --set machine.wrpkru=128") { paths, folder, set, seed, jobs };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var parallel = Flags.Whole(parsed, jobs, Bounds.AtLeast(1), errors) ?? Environment.ProcessorCount;
            var seeded = Flags.Whole(parsed, seed, Bounds.NotNegative, errors);
            var settings = SettingParser.Parse(parsed.GetValue(set) ?? [], errors);
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
        var exit = ExitCode.Ok;
        foreach (var scenario in scenarios)
        {
            try
            {
                Run(scenario);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                terminal.Report(failure, scenario.Name);
                exit = Math.Max(exit, failure is InputException or TraceException ? ExitCode.BadInput : ExitCode.Failed);
            }
        }
        return exit;
    }

    void Run(Scenario scenario)
    {
        terminal.WriteProse($"{scenario.Name}: {scenario.Question}");
        terminal.Output.WriteLine();
        using var results = ResultFolder.Open(folder, scenario.Name);
        var study = Simulate(scenario);
        var rows = StudyRows.Of(study, catalogue);
        var figures = Write(study, rows, results);
        foreach (var (metric, title) in Headlines) Print(title, [.. rows.Where(row => row.Metric == metric)]);
        foreach (var warning in study.Warnings) terminal.Warn($"{scenario.Name}: {warning}");
        foreach (var warning in new IdleSettings(catalogue, study, jobs, terminal.Cancellation).Warnings(settings)) terminal.Warn(warning);
        results.Commit();
        terminal.WriteProse($"Written to {results.Target}: {string.Join(", ", [ResultFolder.CsvFile, ResultFolder.JsonFile, ResultFolder.ResolvedFile, .. figures])}", 2);
        terminal.Output.WriteLine();
    }

    StudyResult Simulate(Scenario scenario)
    {
        var total = scenario.Systems.Count * scenario.Points.Count;
        var ended = 0;
        terminal.Progress?.Invoke($"0/{total}");
        // A simulation under way does not hear of a cancellation, so it is left behind.
        var study = Task.Run(() => new Study(catalogue).Run(scenario, jobs, Ended, terminal.Cancellation), terminal.Cancellation).WaitAsync(terminal.Cancellation);
        try
        {
            return study.GetAwaiter().GetResult();
        }
        finally
        {
            terminal.Progress?.Invoke("");
        }

        void Ended(Observation observation) => terminal.Progress?.Invoke($"{Interlocked.Increment(ref ended)}/{total} {observation.System.Label}");
    }

    IEnumerable<string> Write(StudyResult study, IReadOnlyList<ResultRow> rows, ResultFolder results)
    {
        var scenario = study.Scenario;
        results.Write(ResultFolder.ResolvedFile, ScenarioWriter.ToYaml(scenario));
        results.Write(ResultFolder.CsvFile, ResultsCsv.Text(rows));
        results.Write(ResultFolder.JsonFile, ResultsJson.Text(new ResultsDocument(Facts(scenario), rows, [StudyTables.Grades(study), StudyTables.Provenance(study)])));
        foreach (var (name, figure) in StudyFigures.Of(study, rows))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            ChartWriter.Write(figure, results.WorkingPath, name);
        }
        return scenario.Figures.Select(figure => $"{figure.Name}.png and .svg");
    }

    static List<KeyValuePair<string, string>> Facts(Scenario scenario) =>
    [
        new("scenario", scenario.Name), new("question", scenario.Question), new("hash", ScenarioWriter.Hash(scenario)),
        new("seed", scenario.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("version", Tool.Version), new("machine", scenario.Machine),
    ];

    void Print(string title, IReadOnlyList<ResultRow> rows)
    {
        if (rows.Count == 0) return;
        var table = StudyTables.Results(title, rows);
        terminal.Write(table.Without("metric", "unit"), "over assumed ranges", "95 % interval");
    }
}
