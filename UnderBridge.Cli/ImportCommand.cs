using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Cli;

/// <summary><c>import strace</c>: a scenario that replays the recorded calls of any program.</summary>
static class ImportCommand
{
    const string Calls = "posix-files";
    const string Extension = ".yaml";

    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var trace = new Argument<string>("TRACE") { Description = "Output of strace, plain or gzip." };
        var file = new Option<string>("-o", "--output") { HelpName = "FILE.yaml", Required = true, Description = "The scenario to write; its name is that of the file." };
        var begin = new Option<string?>("--begin") { HelpName = "TEXT", Description = "Text of the call before the measured part [default: the start of the trace]." };
        var end = new Option<string?>("--end") { HelpName = "TEXT", Description = "Text of the call behind the measured part [default: the end of the trace]." };
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "How titles call the program [default: the name of the file]." };
        var strace = new Verb("strace", "Write a scenario that replays a trace of strace against the file-system server, and list the calls of the trace.",
            "strace -o app.strace ./app",
            $"{Tool.Name} import strace app.strace -o app.yaml",
            $"{Tool.Name} run app.yaml") { trace, file, begin, end, name };
        strace.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var catalogue = Flags.Catalogue(parsed, errors);
            var request = new Request(parsed.GetValue(trace)!, parsed.GetValue(file)!, parsed.GetValue(begin), parsed.GetValue(end), parsed.GetValue(name));
            if (Path.GetExtension(request.File) != Extension) errors.Add(file.Name, $"'{request.File}'", $"a file that ends in {Extension}");
            errors.ThrowIfAny();
            return Import(request, catalogue, terminal);
        });
        return new Command("import", "Make scenarios from recordings of programs.") { strace };
    }

    static int Import(Request request, Catalogue catalogue, Terminal terminal)
    {
        var trace = TraceReader.ReadStrace(request.Trace, request.Begin, request.End);
        var text = Scenario(request, trace.Calls.Count);
        var errors = new ErrorList();
        new ScenarioReader(catalogue, [], errors).Parse(text, request.File);
        errors.ThrowIfAny();
        AtomicFile.Write(request.File, text);
        terminal.Write(CallCounts(trace, catalogue.CallTables[Calls]));
        terminal.Output.WriteLine($"Written to {request.File}. Next: {Tool.Name} run {request.File}");
        return ExitCode.Ok;
    }

    static Table CallCounts(Trace trace, CallTable table)
    {
        var rows = trace.Calls.Select(call => (call.Name, Route: table.RouteOf(call))).GroupBy(call => call)
            .Select(calls => (calls.Key.Name, calls.Key.Route, Count: calls.Count()))
            .OrderBy(call => !call.Route.Mapped).ThenBy(call => call.Route.IsApp).ThenByDescending(call => call.Count).ThenBy(call => call.Name, StringComparer.Ordinal);
        return new Table($"{trace.Calls.Count} calls of {trace.File}", [new("call"), new("count", Alignment.Right), new("goes to")],
            [.. rows.Select(call => (IReadOnlyList<string>)[call.Name, call.Count.ToString(CultureInfo.InvariantCulture), call.Route.Mapped ? call.Route.Server : $"{Route.App} (no row in {table.Name})"])]);
    }

    static string Scenario(Request request, int calls)
    {
        var name = Path.GetFileNameWithoutExtension(request.File);
        var title = request.Name ?? name;
        var markers = string.Concat(Marker("begin", request.Begin), Marker("end", request.End));
        return $$"""
            # Calls of {{OneLine(title)}}, recorded with strace and replayed against a file-system server over a RAM-disk server, under each IPC design.
            name: {{Quote(name)}}
            title: {{Quote($"Throughput of {title}")}}
            question: {{Quote($"What does each IPC design make of the file-system calls of {title}?")}}
            machine: {{CatalogueNumbers.DefaultMachine}}

            # Two groups of bars: the kernel's own IPC, and the designs ported to that kernel. `list systems` shows all there are.
            systems:
              - {system: native, base: zircon, variant: kpti, label: Native w/ KPTI}
              - {system: skybridge, base: zircon, label: SkyBridge}
              - {system: underbridge, base: zircon, label: UnderBridge}
              - {system: monolithic, base: zircon, variant: kpti, label: Monolithic}
              - {system: native, base: sel4, variant: kpti, label: Native w/ KPTI}
              - {system: skybridge, base: sel4, label: SkyBridge}
              - {system: underbridge, base: sel4, label: UnderBridge}
              - {system: monolithic, base: sel4, variant: kpti, label: Monolithic}

            workload:
              kind: replay
              trace: {{Quote(request.TraceFromScenario)}}    # {{calls.ToString(CultureInfo.InvariantCulture)}} calls
            {{markers}}  # operation-end: "text"     # text of the last call of each operation; without it each call is an operation
              calls: {{Calls}}     # who answers which call; change a row under `routes:`, such as {fsync: file-system}
              # What the program computes before each call: strace does not tell. Replace it by what you know of the program.
              compute-per-call:
                value: 1000
                unit: cycles
                grade: assumed
                source: user
                at: import strace
                range: [100, 100000]
                note: no measurement; SQLite under YCSB-A computes 644 cycles between its calls

            figures:
              - {kind: throughput, title: {{Quote($"Throughput of {title}")}}}
              - {kind: cost-share, title: {{Quote($"IPC cost and real work of {title}")}}}

            """;

        static string Marker(string key, string? text) => text is null ? "" : $"  {key}: {Quote(text)}\n";
    }

    static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    // JSON's strings are YAML's double-quoted ones.
    static string Quote(string text) => JsonSerializer.Serialize(text, Plain);

    /// <summary>What was asked for.</summary>
    sealed record Request(string Trace, string File, string? Begin, string? End, string? Name)
    {
        /// <summary>The trace as the scenario names it: relative when it lies with or below the scenario.</summary>
        public string TraceFromScenario
        {
            get
            {
                var relative = Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(File)) ?? "/", Path.GetFullPath(Trace));
                return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFullPath(Trace) : relative;
            }
        }
    }
}
