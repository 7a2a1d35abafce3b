using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Cli;

/// <summary>Finds and reads the scenarios that a command line names, with the traces they replay; errors of all go to one list.</summary>
static class ScenarioFiles
{
    public static IReadOnlyList<Scenario> Read(
        IEnumerable<string> paths, Catalogue catalogue, IReadOnlyList<Setting> settings, ErrorList errors, CancellationToken cancellation)
    {
        var reader = new ScenarioReader(catalogue, settings, errors);
        var scenarios = new List<Scenario>();
        foreach (var file in Find(paths, errors))
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Read(file) is not { } scenario) continue;
            if (ReadsTraces(scenario, catalogue, errors)) scenarios.Add(scenario);
        }
        return scenarios;
    }

    /// <summary>The files themselves, and those of folders in the order of their names; each once.</summary>
    static IEnumerable<string> Find(IEnumerable<string> paths, ErrorList errors) => paths.SelectMany(path =>
    {
        if (!Directory.Exists(path)) return [path];
        var files = Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) errors.Add(path, "a folder without scenarios", "*.yaml files in it");
        return files;
    }).DistinctBy(Path.GetFullPath);

    static bool ReadsTraces(Scenario scenario, Catalogue catalogue, ErrorList errors)
    {
        try
        {
            new ScenarioRunner(catalogue).CheckRecordings(scenario);
            return true;
        }
        catch (InputException wrong)
        {
            foreach (var error in wrong.Errors) errors.Add(error);
            return false;
        }
    }
}
