using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Cli;

/// <summary><c>audit</c>: who may read, write, execute and call what in each system of a scenario, and why.</summary>
static class AuditCommand
{
    static readonly JsonSerializerOptions layout = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A scenario." };
        var json = new Option<bool>("--json") { Description = "Print {\"rows\":[{\"design\",\"principal\",\"object\",\"read\",\"write\",\"execute\",\"call\",\"because\"}]}." };
        var (set, machine) = (Flags.Set(), Flags.Machine());
        var command = new Verb("audit", "Ask the protection check of each system of a scenario who may read, write, execute and call what.",
            $"{Tool.Name} audit scenarios/ipc-roundtrip.yaml",
            $"{Tool.Name} audit scenarios/both-ends.yaml --json") { file, json, set, machine };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var settings = Flags.Settings(parsed, set, machine, errors);
            var catalogue = Flags.Catalogue(parsed, errors);
            var scenarios = ScenarioFiles.Read([parsed.GetValue(file)!], catalogue, settings, errors, terminal.Cancellation);
            errors.ThrowIfAny();
            var audits = scenarios.SelectMany(new AuditStudy(catalogue).Of).ToList();
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(new { Rows = audits.SelectMany(audit => audit.Rows) }, layout));
            else foreach (var audit in audits) Write(terminal, audit);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Write(Terminal terminal, SystemAudit audit)
    {
        terminal.Write(new Table($"{audit.Title} ({audit.Design})", [new("principal"), new("object"), new("may"), new("because")],
            [.. audit.Rows.Select(row => (IReadOnlyList<string>)[row.Principal, row.Object, May(row), row.Because])]), "because");
        terminal.Write(AuditTables.Harms(audit));
        foreach (var sentence in Takedowns(audit.Harms)) terminal.WriteProse(sentence, 2);
        terminal.WriteProse($"Isolation {Text(audit.Score.Value.Mean)} of 100 (confidentiality {Text(audit.Score.Value.Confidentiality)}, integrity {Text(audit.Score.Value.Integrity)}, "
            + $"availability {Text(audit.Score.Value.Availability)}); {Text(audit.Score.Broken.Mean)} with its assumptions broken.", 2);
        terminal.WriteProse($"Needs: {string.Join("; ", audit.Needs)}.", 2);
        terminal.Output.WriteLine();
    }

    /// <summary>As <c>rw-c</c>.</summary>
    static string May(AuditRow row) => $"{(row.Read ? 'r' : '-')}{(row.Write ? 'w' : '-')}{(row.Execute ? 'x' : '-')}{(row.Call ? 'c' : '-')}";

    static IEnumerable<string> Takedowns(Harms harms)
    {
        foreach (var by in harms.Actors)
        {
            var victims = harms.Victims.Where(to => to != by && harms[by, to].HasFlag(Harm.Stop)).Select(to => to.Name).ToList();
            yield return victims.Count == 0 ? $"{by} takes down nobody." : $"{by} takes down {string.Join(", ", victims)}.";
        }
    }

    static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
