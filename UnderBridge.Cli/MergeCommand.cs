using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Cli;

/// <summary><c>merge</c>: puts the points of a sweep together.</summary>
static class MergeCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep all of whose points are done." };
        var command = new Verb("merge", "Put the points of a sweep together: results.csv, .json and .parquet in the order of the points, resolved.yaml and figures.", $"{Tool.Name} merge wrpkru") { folder };
        command.SetAction(parsed =>
        {
            var catalogue = Flags.Catalogue(parsed, new ErrorList());
            return Merge(terminal, catalogue, SweepFolder.Open(parsed.GetValue(folder)!));
        });
        return command;
    }

    public static int Merge(Terminal terminal, Catalogue catalogue, SweepFolder folder)
    {
        var missing = folder.Missing;
        if (missing.Count > 0)
        {
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder.Path}: {missing.Count} of {folder.Plan.Points.Count} points missing:"));
            foreach (var point in missing) terminal.Error.WriteLine($"  {folder.Plan.Points[point].Point}");
            return ExitCode.Failed;
        }
        AtomicFile.RemoveLeftovers(folder.Path);
        var rows = folder.Rows();
        var yaml = string.Join('\n', folder.Plan.Scenario) + "\n";
        var scenario = Scenario(yaml, Path.Combine(folder.Path, StudyFiles.Resolved), catalogue);
        foreach (var (name, figure) in SweepFigures.Of(scenario, rows)) ChartWriter.Write(figure, folder.Path, name);
        AtomicFile.Write(Path.Combine(folder.Path, StudyFiles.Resolved), yaml);
        ResultsJson.Write(Path.Combine(folder.Path, StudyFiles.Json), new ResultsDocument(Facts(scenario, folder.Plan), rows, []));
        ResultsParquet.Write(Path.Combine(folder.Path, StudyFiles.Parquet), rows);
        // The last: where it is, all is.
        ResultsCsv.Write(Path.Combine(folder.Path, StudyFiles.Csv), rows);
        string[] files = [StudyFiles.Csv, StudyFiles.Json, StudyFiles.Parquet, StudyFiles.Resolved];
        terminal.WriteProse($"Written to {folder.Path}: {string.Join(", ", [.. files, .. scenario.Figures.Select(figure => $"{figure.Name}.png and .svg")])}", 2);
        return ExitCode.Ok;
    }

    // Of the version that ran the points, which need not be the one that merges them.
    static List<KeyValuePair<string, string>> Facts(Scenario scenario, SweepPlan plan) => [.. ResultsDocument.Facts(scenario, plan.Version), new("catalogue", plan.Catalogue)];

    static Scenario Scenario(string yaml, string file, Catalogue catalogue)
    {
        var errors = new ErrorList();
        var scenario = new ScenarioReader(catalogue, [], errors).Parse(yaml, file);
        errors.ThrowIfAny();
        return scenario!;
    }
}
