using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli;

/// <summary><c>status</c>: how far a sweep is.</summary>
static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a sweep." };
        var json = new Option<bool>("--json") { Description = "Print {\"done\",\"total\"}." };
        var command = new Verb("status", "Say how many points of a sweep are done.", $"{Tool.Name} status wrpkru --json") { folder, json };
        command.SetAction(parsed =>
        {
            var sweep = SweepFolder.Open(parsed.GetValue(folder)!);
            var total = sweep.Plan.Points.Count;
            var done = total - sweep.Missing.Count;
            terminal.Output.WriteLine(parsed.GetValue(json)
                ? string.Create(CultureInfo.InvariantCulture, $"{{\"done\":{done},\"total\":{total}}}")
                : string.Create(CultureInfo.InvariantCulture, $"{sweep.Plan.Name}: {done} of {total} points done"));
            return ExitCode.Ok;
        });
        return command;
    }
}
