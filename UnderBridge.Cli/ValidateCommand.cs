using System.CommandLine;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Cli;

/// <summary><c>validate</c>: holds the simulation against every publication it can express.</summary>
static class ValidateCommand
{
    const string Page = "docs/validation.md", Plots = "plots/validation", App = "scenarios/sqlite-ycsb-a.yaml";

    static readonly IReadOnlyList<string> Designs = ["skybridge", "underbridge"];

    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print {\"rows\":[...]} and nothing else; no files are written unless --out says where." };
        var folder = new Option<string?>("--out") { HelpName = "DIR", Description = $"Where {Page} and the figures of {Plots} are written [default: here; nowhere with --json or --set]." };
        var set = Flags.Set();
        var jobs = Flags.Jobs("Paths");
        var command = new Verb("validate", "Hold the simulation against publications: what is read back, fitted, predicted and missed, and what is predicted where no publication is known.",
            $"{Tool.Name} validate",
            $"{Tool.Name} validate --json --set machine.cr3-write=223") { json, folder, set, jobs };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var parallel = Flags.Whole(parsed, jobs, Bounds.AtLeast(1), errors) ?? Environment.ProcessorCount;
            var settings = Flags.SettingsOfPaths(parsed, set, errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            errors.ThrowIfAny();
            var rows = Validator.Run(catalogue, RowReader.Read(catalogue), settings, parallel, terminal.Cancellation).Concat(OfApp(terminal, catalogue, settings, parallel)).ToList();
            if (parsed.GetValue(json)) terminal.Output.Write(ValidationJson.Text(rows));
            else Print(terminal, rows, settings);
            if (parsed.GetValue(folder) is { } chosen) Write(terminal, rows, chosen, quiet: parsed.GetValue(json));
            else if (!parsed.GetValue(json) && settings.Count == 0) Write(terminal, rows, ".", quiet: false);
            return ExitCode.Ok;
        });
        return command;
    }

    // The recording comes with the clone and not with the tool.
    static IReadOnlyList<ValidatedRow> OfApp(Terminal terminal, Catalogue catalogue, IReadOnlyList<Setting> settings, int jobs)
    {
        if (!File.Exists(App))
        {
            terminal.Warn($"validate: rows of SQLite are left out, for there is no {App} here");
            return [];
        }
        return AppGains.Of(catalogue, ScenarioReader.Load(App, catalogue), Designs, settings, jobs, terminal.Cancellation);
    }

    static void Print(Terminal terminal, IReadOnlyList<ValidatedRow> rows, IReadOnlyList<Setting> settings)
    {
        foreach (var table in ValidationTables.Groups(rows)) terminal.Write(table, "source", "parameter");
        terminal.Write(ValidationTables.Summary(rows));
        if (settings.Count > 0) terminal.Write(ValidationTables.Changes(rows, settings));
    }

    static void Write(Terminal terminal, IReadOnlyList<ValidatedRow> rows, string folder, bool quiet)
    {
        AtomicFile.Write(Path.Combine(folder, Page), ValidationPage.Text(rows));
        foreach (var (name, figure) in ValidationFigures.Of(rows)) ChartWriter.Write(figure, Path.Combine(folder, Plots), name);
        if (!quiet) terminal.WriteProse($"Written: {Path.Combine(folder, Page)} and {string.Join(", ", ValidationFigures.Of(rows).Select(figure => $"{figure.Name}.png and .svg"))} in {Path.Combine(folder, Plots)}", 2);
    }
}
