using System.CommandLine;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Cli;

/// <summary><c>calibrate</c>: solves numbers of the catalogue to publications by running the simulation.</summary>
static class CalibrateCommand
{
    const string Extension = ".fitted.yaml";

    public static Command Create(Terminal terminal)
    {
        var targets = new Argument<string>("TARGETS") { Description = "A YAML file of `parameters` (number, machine, range) and `targets` (ids of published numbers)." };
        var json = new Option<bool>("--json") { Description = "Print the outcome as JSON." };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = $"Where the solved numbers go, as the catalogue writes them [default: TARGETS with the extension {Extension}]." };
        var set = Flags.Set();
        var jobs = Flags.Jobs("Groups of parameters");
        var command = new Verb("calibrate", "Fit numbers of the catalogue within their ranges to published numbers by running the simulation; print residuals and the leave-one-out error.",
            $"{Tool.Name} calibrate calibration/targets.yaml",
            $"{Tool.Name} calibrate calibration/cr3-write.yaml --json") { targets, json, output, set, jobs };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var parallel = Flags.Whole(parsed, jobs, Bounds.AtLeast(1), errors) ?? Environment.ProcessorCount;
            var settings = Flags.SettingsOfPaths(parsed, set, errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            var rows = RowReader.Read(catalogue);
            var file = parsed.GetValue(targets)!;
            var fitted = Calibration.Run(catalogue, rows, CalibrationTargets.Read(file, catalogue, rows, errors), settings, parallel, terminal.Cancellation);
            var path = parsed.GetValue(output) ?? Path.ChangeExtension(file, null) + Extension;
            AtomicFile.Write(path, CalibrationReport.Yaml(fitted, Path.GetFileName(file)));
            if (parsed.GetValue(json)) terminal.Output.Write(CalibrationReport.Json(fitted));
            else Print(terminal, fitted, path);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(Terminal terminal, IReadOnlyList<FittedParameter> fitted, string path)
    {
        terminal.Write(CalibrationReport.Parameters(fitted), "range");
        terminal.Write(CalibrationReport.Targets(fitted));
        terminal.WriteProse(CalibrationReport.LeaveOneOut(fitted));
        terminal.WriteProse($"Written to {path}", 2);
    }
}
