using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Golden;

/// <summary>
/// plots/ holds what the scenarios gave when they were last run. A change of the model shows here as a difference of lines, which is
/// reviewed and committed with the change: <c>dotnet run -c Release --project UnderBridge.Cli -- run scenarios</c>.
/// </summary>
public class CommittedResultsTests
{
    static readonly string root = Root();

    static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(root, "scenarios"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void The_committed_results_of_a_scenario_are_what_it_gives(string name)
    {
        var catalogue = Catalogue.Load();
        var scenario = ScenarioReader.Load(Path.Combine(root, "scenarios", name + ".yaml"), catalogue);
        var study = new ScenarioRunner(catalogue).Run(scenario, Environment.ProcessorCount);
        var now = ResultsCsv.Text(StudyRows.Of(study, catalogue)).Split('\n');
        var committed = File.ReadAllText(Path.Combine(root, "plots", name, "results.csv")).Split('\n');
        Assert.That(Differences(committed, now), Is.Empty);
    }

    [Test]
    public void Every_committed_folder_of_plots_has_its_scenario() =>
        Assert.That(Folders(""), Is.EqualTo(Names().Append(Studies).Append("validation").Order(StringComparer.Ordinal)));

    [Test]
    public void Every_committed_folder_of_a_study_has_its_sweep() => Assert.That(Folders(Studies), Is.EqualTo(StudyNames()));

    /// <summary>The corners of a sweep stand for all its points, which are made by <c>underbridge sweep</c>.</summary>
    [TestCaseSource(nameof(StudyNames))]
    public void The_committed_results_of_a_study_are_what_it_gives_at_its_first_and_last_point(string name)
    {
        var catalogue = Catalogue.Load();
        var scenario = ScenarioReader.Load(Path.Combine(root, "scenarios", Studies, name + ".yaml"), catalogue);
        var committed = File.ReadAllText(Path.Combine(root, "plots", Studies, name, "results.csv")).Split('\n');
        var study = new ScenarioRunner(catalogue);
        foreach (var point in new[] { scenario.Points[0], scenario.Points[^1] })
        {
            var now = ResultsCsv.Text(StudyRows.Of(study.Run(SweepPlan.At(scenario, point), jobs: 2), catalogue)).Split('\n').Where(line => line.Contains($"{point}", StringComparison.Ordinal));
            Assert.That(Differences([.. committed.Where(line => line.Contains($",{point},", StringComparison.Ordinal))], [.. now]), Is.Empty);
        }
    }

    const string Studies = "studies";

    static IEnumerable<string> StudyNames() =>
        Directory.EnumerateFiles(Path.Combine(root, "scenarios", Studies), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    static IEnumerable<string?> Folders(string of) => Directory.EnumerateDirectories(Path.Combine(root, "plots", of)).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    static List<string> Differences(string[] committed, string[] now)
    {
        var lines = new List<string>();
        for (var i = 0; i < Math.Max(committed.Length, now.Length); i++)
        {
            var (before, after) = (committed.ElementAtOrDefault(i), now.ElementAtOrDefault(i));
            if (before == after) continue;
            if (before is not null) lines.Add($"- {before}");
            if (after is not null) lines.Add($"+ {after}");
        }
        return lines;
    }

    static string Root()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "UnderBridge.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
