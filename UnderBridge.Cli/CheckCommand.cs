using System.CommandLine;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Cli;

/// <summary><c>check</c>: reads scenarios and verifies their paths without running anything.</summary>
static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var paths = Flags.Scenarios();
        var (set, machine) = (Flags.Set(), Flags.Machine());
        var command = new Verb("check", "Read scenarios with all they name and verify the paths of every system at every point, without running them.",
            $"{Tool.Name} check scenarios") { paths, set, machine };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var settings = Flags.Settings(parsed, set, machine, errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            var scenarios = ScenarioFiles.Read(parsed.GetValue(paths)!, catalogue, settings, errors, terminal.Cancellation);
            var refused = scenarios.ToDictionary(scenario => scenario, new ScenarioRunner(catalogue).Refusals);
            foreach (var scenario in scenarios.Where(scenario => refused[scenario].Count == 0)) terminal.Output.WriteLine($"ok {scenario.File}");
            foreach (var error in errors.Errors) terminal.Error.WriteLine(error);
            foreach (var (scenario, refusals) in refused)
                foreach (var refusal in refusals) terminal.Error.WriteLine($"{scenario.File}: {refusal}");
            return errors.Count == 0 && refused.Values.All(all => all.Count == 0) ? ExitCode.Ok : ExitCode.BadInput;
        });
        return command;
    }
}
