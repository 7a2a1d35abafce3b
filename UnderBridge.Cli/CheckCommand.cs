using System.CommandLine;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Cli;

/// <summary><c>check</c>: reads scenarios and verifies their paths without running anything.</summary>
static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var paths = Flags.Scenarios();
        var set = Flags.Set();
        var command = new Verb("check", "Read scenarios with all they name and verify the paths of every system at every point, without running them.",
            $"{Tool.Name} check scenarios") { paths, set };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var settings = SettingParser.Parse(parsed.GetValue(set) ?? [], errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            var scenarios = ScenarioFiles.Read(parsed.GetValue(paths)!, catalogue, settings, errors, terminal.Cancellation);
            var refused = scenarios.ToDictionary(scenario => scenario, scenario => Refusals(scenario, catalogue));
            foreach (var scenario in scenarios.Where(scenario => refused[scenario].Count == 0)) terminal.Output.WriteLine($"ok {scenario.File}");
            foreach (var error in errors.Errors) terminal.Error.WriteLine(error);
            foreach (var refusal in refused.Values.SelectMany(all => all)) terminal.Error.WriteLine(refusal);
            return errors.Count == 0 && refused.Values.All(all => all.Count == 0) ? ExitCode.Ok : ExitCode.BadInput;
        });
        return command;
    }

    /// <summary>What the verifier says against the paths of a scenario, each fault once however many systems and points meet it.</summary>
    static List<string> Refusals(Scenario scenario, Catalogue catalogue)
    {
        IEnumerable<Scenario> points = scenario.Vary is { } vary ? vary.Values.Select(scenario.At) : [scenario];
        return [.. points.Select(point => ResolvedScenario.Of(point, catalogue))
            .SelectMany(resolved => scenario.Systems.SelectMany(system => SystemResolver.Resolve(resolved, system, catalogue).Verify().Select(fault => (system.Label, fault))))
            .DistinctBy(refusal => refusal.fault)
            .Select(refusal => $"{scenario.File}: {refusal.Label}: {refusal.fault}")];
    }
}
