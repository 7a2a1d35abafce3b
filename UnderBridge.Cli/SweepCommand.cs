using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Cli;

/// <summary><c>sweep</c>: runs those points of a sweep that its folder lacks, or a shard of them.</summary>
sealed class SweepCommand
{
    readonly Terminal terminal;
    readonly Catalogue catalogue;
    readonly Scenario scenario;
    readonly SweepFolder folder;
    readonly int jobs;

    SweepCommand(Terminal terminal, Catalogue catalogue, Scenario scenario, SweepFolder folder, int jobs)
    {
        this.terminal = terminal;
        this.catalogue = catalogue;
        this.scenario = scenario;
        this.folder = folder;
        this.jobs = jobs;
    }

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A scenario with a sweep." };
        var (set, machine) = (Flags.Set(), Flags.Machine());
        var @out = new Option<string>("--out") { HelpName = "DIR", Required = true, Description = "The folder of the sweep, which shards share. A sweep that was killed goes on where it was." };
        var jobs = Flags.Jobs("Points");
        var shard = new Option<string?>("--shard") { HelpName = "I/N", Description = "Run each N-th point only, from the I-th on, counted from 0; 'merge' puts shards together." };
        var command = new Verb("sweep", "Run a scenario at every point of its sweep; write results.csv, .json and .parquet, resolved.yaml and figures when all are done.",
            $"{Tool.Name} sweep scenarios/studies/wrpkru-sweep.yaml --out wrpkru --jobs 2",
            $"{Tool.Name} sweep scenarios/studies/wrpkru-sweep.yaml --out wrpkru --shard 0/3") { file, @out, set, machine, jobs, shard };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var parallel = Flags.Whole(parsed, jobs, Bounds.AtLeast(1), errors) ?? Environment.ProcessorCount;
            var part = Shard.Read(shard.Name, parsed.GetValue(shard), errors);
            var settings = Flags.Settings(parsed, set, machine, errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            var scenario = Read(parsed.GetValue(file)!, catalogue, settings, errors, terminal.Cancellation);
            var folder = SweepFolder.Begin(parsed.GetValue(@out)!, SweepPlan.Of(scenario, catalogue));
            var sweep = new SweepCommand(terminal, catalogue, scenario, folder, parallel);
            var exit = sweep.Run([.. folder.Missing.Where(point => part?.Has(point) ?? true)]);
            if (exit == ExitCode.Ok && part is null) return MergeCommand.Merge(terminal, catalogue, folder);
            sweep.TellStored(exit == ExitCode.Ok ? $"'{Tool.Name} merge {folder.Path}' puts them together when all are" : "the same command tries the rest again");
            return exit;
        });
        return command;
    }

    /// <summary>The scenario, when it and all points of its sweep are in order.</summary>
    static Scenario Read(string file, Catalogue catalogue, IReadOnlyList<Setting> settings, ErrorList errors, CancellationToken cancellation)
    {
        if (Directory.Exists(file)) errors.Add(file, "a folder", "a scenario with a sweep");
        var read = Directory.Exists(file) ? [] : ScenarioFiles.Read([file], catalogue, settings, errors, cancellation);
        foreach (var scenario in read)
        {
            if (scenario.Sweep is null) errors.Add(file, "a scenario without 'sweep'", $"keys to sweep over, or '{Tool.Name} run'");
            foreach (var setting in settings.Where(setting => scenario.Sweep?.Axes.Any(axis => axis.Key == setting.Key) == true))
                errors.Add(setting.Place, "a key that the sweep runs over", "another key");
            foreach (var figure in scenario.Figures.Where(figure => !FigureRequest.OfSweeps.Contains(figure.Kind)))
                errors.Add(file, $"the figure '{figure.Kind}'", $"for a sweep {Words.OneOf(FigureRequest.OfSweeps)}");
            foreach (var refusal in new ScenarioRunner(catalogue).Refusals(scenario)) errors.Add(file, $"a path that the verifier refuses ({refusal})", "paths that hold at every point");
        }
        errors.ThrowIfAny();
        return read[0];
    }

    int Run(List<int> missing)
    {
        terminal.WriteProse($"{scenario.Name}: {scenario.Question}");
        Tell($"{missing.Count} points to run, {scenario.Points.Count} in the sweep");
        using var bar = new ProgressBar(terminal, missing.Count, speaks: true, "points");
        // A simulation under way does not hear of a cancellation, so it is left behind; what is stored stays.
        var work = Task.Run(() => RunAll(missing, bar), terminal.Cancellation).WaitAsync(terminal.Cancellation);
        try
        {
            return work.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            bar.Aside(() => TellStored("the same command goes on with the rest"));
            throw;
        }
    }

    int RunAll(List<int> missing, ProgressBar bar)
    {
        var study = new ScenarioRunner(catalogue);
        var references = new ReferenceRuns(catalogue);
        var failures = new ConcurrentDictionary<int, Exception>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = terminal.Cancellation };
        Parallel.ForEach(Partitioner.Create(missing, EnumerablePartitionerOptions.NoBuffering), options, point =>
        {
            try
            {
                var result = study.Run(SweepPlan.At(scenario, scenario.Points[point]), jobs: 1);
                folder.Store(point, StudyRows.Of(result, catalogue, references));
                bar.Ended(folder.Plan.Points[point].Point);
            }
            catch (Exception failure)
            {
                failures[point] = failure;
            }
        });
        foreach (var (point, failure) in failures.OrderBy(failure => failure.Key)) bar.Aside(() => terminal.Report(failure, folder.Plan.Points[point].Point));
        return failures.IsEmpty ? ExitCode.Ok : ExitCode.Failed;
    }

    void TellStored(string then) => Tell(string.Create(CultureInfo.InvariantCulture, $"{folder.Plan.Points.Count - folder.Missing.Count} of {folder.Plan.Points.Count} points done; {then}"));

    void Tell(string line) => terminal.Output.WriteLine(line);
}

/// <summary>Each so many-th point of a sweep, from one on.</summary>
sealed record Shard(int Index, int Count)
{
    public bool Has(int point) => point % Count == Index;

    /// <summary>Reads <c>I/N</c>; null when it is not given or, with an error, is none.</summary>
    public static Shard? Read(string flag, string? text, ErrorList errors)
    {
        if (text is null) return null;
        var parts = text.Split('/');
        if (parts.Length == 2 && Whole(parts[0], out var index) && Whole(parts[1], out var count) && index < count) return new Shard(index, count);
        errors.Add(flag, $"'{text}'", "I/N with I from 0 to N - 1, such as 0/3");
        return null;
    }

    static bool Whole(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
