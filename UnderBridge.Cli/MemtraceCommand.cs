using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Cli;

/// <summary><c>memtrace</c>: plays a recorded memory trace through the caches and TLBs of a machine.</summary>
static class MemtraceCommand
{
    const string StandardInput = "-";

    static readonly JsonWriterOptions layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var trace = new Argument<string>("TRACE") { Description = "A trace in Dinero's din format, plain or gzip; - is standard input." };
        var profile = new Option<string>("--profile") { HelpName = "MACHINE|FILE", Required = true, Description = "A machine of the catalogue (`list machines`), or a geometry file in YAML or JSON (docs/memtrace.md)." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Verb("memtrace", "Play a memory trace through caches and TLBs, and count accesses, hits, misses and dirty evictions of each level.",
            $"{Tool.Name} memtrace app.din.gz --profile {CatalogueNumbers.DefaultMachine}",
            $"{Tool.Name} memtrace - --profile geometry.yaml --json < app.din") { trace, profile, json };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var geometry = Geometry(parsed.GetValue(profile)!, Flags.Catalogue(parsed, errors), errors);
            errors.ThrowIfAny();
            var memory = new TracedMemory(geometry);
            var counts = Play(parsed.GetValue(trace)!, memory, terminal);
            if (parsed.GetValue(json)) terminal.Output.Write(Json(memory.Levels));
            else terminal.Write(Table(memory.Levels, counts));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A machine of the catalogue, or what a file describes.</summary>
    static MemoryGeometry Geometry(string profile, Catalogue catalogue, ErrorList errors)
    {
        if (catalogue.Machines.TryGetValue(profile, out var machine)) return MemoryGeometry.Of(machine);
        if (File.Exists(profile) || Path.GetExtension(profile) is ".yaml" or ".yml" || profile.Contains(Path.DirectorySeparatorChar)) return GeometryReader.Read(profile, errors);
        errors.Add("--profile", $"'{profile}'", $"{Words.OneOf(catalogue.Machines.Keys)}, or a geometry file", Nearest.To(profile, catalogue.Machines.Keys));
        return new MemoryGeometry([], []);
    }

    static long[] Play(string path, TracedMemory memory, Terminal terminal)
    {
        using var trace = path == StandardInput ? new DinTrace(terminal.Input()) : new DinTrace(path);
        var counts = new long[Enum.GetValues<DinLabel>().Length];
        try
        {
            while (trace.Next() is { IsEmpty: false } records)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                foreach (var record in records)
                {
                    counts[(int)record.Label]++;
                    memory.Play(record);
                }
            }
        }
        catch (InvalidOperationException problem)
        {
            throw new InputException(path, 0, $"addresses in {problem.Message}", "fewer, or levels whose blocks or pages differ less in size");
        }
        return counts;
    }

    static Table Table(IReadOnlyList<Cache> levels, long[] counts)
    {
        string[] columns = ["accesses", "hits", "misses", "dirty evictions"];
        return new Table(string.Join(", ", Enum.GetValues<DinLabel>().Select(label => $"{Text(counts[(int)label])} {Plural(label, counts[(int)label])}")),
            [new("level"), .. columns.Select(name => new Column(name, Alignment.Right))],
            [.. levels.Select(level => (IReadOnlyList<string>)[level.Name, Text(level.Accesses), Text(level.Hits), Text(level.Misses), level.WriteBack ? Text(level.DirtyEvictions) : ""])]);
    }

    static string Plural(DinLabel label, long count) => label switch
    {
        DinLabel.Ignored => "ignored",
        DinLabel.Fetch => count == 1 ? "fetch" : "fetches",
        DinLabel.Flush => count == 1 ? "flush" : "flushes",
        DinLabel.Write => count == 1 ? "write" : "writes",
        _ => count == 1 ? "read" : "reads",
    };

    static string Json(IReadOnlyList<Cache> levels)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, layout))
        {
            json.WriteStartObject();
            json.WriteStartArray("levels");
            foreach (var level in levels)
            {
                json.WriteStartObject();
                json.WriteString("name", level.Name);
                json.WriteNumber("accesses", level.Accesses);
                json.WriteNumber("hits", level.Hits);
                json.WriteNumber("misses", level.Misses);
                json.WriteNumber("dirtyEvictions", level.DirtyEvictions);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
