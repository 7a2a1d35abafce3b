using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Units;

namespace UnderBridge.Cli;

/// <summary><c>list</c>: what the catalogue holds, and what can be set.</summary>
sealed class ListCommand(Catalogue catalogue)
{
    static readonly IReadOnlyList<(string Name, string Title, Func<ListCommand, Table> Table, IReadOnlyList<string> Dispensable)> Topics =
    [
        ("systems", "Systems that a scenario may put under test", list => list.Systems(), []),
        ("designs", "Arrangements of apps and servers", list => list.Designs(), []),
        ("kernels", "Kernels, with the features of their builds", list => list.Kernels(), ["version", "title"]),
        ("paths", "Paths by which control crosses; `explain PATH` shows one", list => list.Paths(), ["steps", "isolation"]),
        ("machines", "Machines", list => list.Machines(), []),
        ("programs", "Programs of apps and servers", list => list.Programs(), []),
        ("calls", "Who answers which system call", list => list.Calls(), []),
        ("keys", "Keys for --set, `set:` and `sweep:`, with the values of the Xeon Gold 6138", list => list.Keys(), []),
        ("published", "Published results that simulations are held against", list => list.Published(), []),
        ("sources", "Sources of the numbers", list => list.Sources(), ["url"]),
    ];

    public static Command Create(Terminal terminal)
    {
        var topic = new Argument<string?>("TOPIC")
        {
            HelpName = "TOPIC", Arity = ArgumentArity.ZeroOrOne, Description = $"One of {string.Join(", ", Topics.Select(known => known.Name))}; an overview without.",
        };
        topic.CompletionSources.Add([.. Topics.Select(known => known.Name)]);
        var command = new Verb("list", "List what the catalogue holds and what can be set.",
            $"{Tool.Name} list",
            $"{Tool.Name} list keys") { topic };
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var name = parsed.GetValue(topic);
            var names = Topics.Select(known => known.Name).ToList();
            if (name is not null && !names.Contains(name)) errors.Add(command.Name, $"'{name}'", Words.OneOf(names), Nearest.To(name, names));
            var list = new ListCommand(Flags.Catalogue(parsed, errors));
            errors.ThrowIfAny();
            if (name is null) terminal.Write(list.Overview());
            else foreach (var known in Topics.Where(known => known.Name == name)) terminal.Write(known.Table(list), known.Dispensable);
            return ExitCode.Ok;
        });
        return command;
    }

    Table Overview() => new("",
        [new("topic"), new("entries", Alignment.Right), new("what")],
        [.. Topics.Select(topic => (IReadOnlyList<string>)[topic.Name, Text(topic.Table(this).Rows.Count), topic.Title])]);

    Table Machines() => Table("machines", [new("name"), new("title"), new("GHz", Alignment.Right)],
        catalogue.Machines.Values.Select(machine => Row(machine.Name, machine.Title, Text(machine.TscGhz.Value))));

    Table Kernels() => Table("kernels", [new("name"), new("title"), new("own IPC"), new("kpti"), new("pcid"), new("global-pages"), new("smp"), new("swapgs"), new("fpu"), new("version")],
        catalogue.Kernels.Values.Select(kernel => Row(kernel.Name, kernel.Title, kernel.IpcPath, Text(kernel.Features.Kpti), Text(kernel.Features.Pcid),
            Text(kernel.Features.GlobalPages), Text(kernel.Features.Smp), Text(kernel.Features.Swapgs), Kebab.Of(kernel.Features.Fpu), kernel.Version)));

    Table Designs() => Table("designs", [new("name"), new("title"), new("servers"), new("app path"), new("server path"), new("needs")],
        catalogue.Designs.Values.Select(design => Row(design.Name, design.Title, Kebab.Of(design.Servers), design.AppPath, design.ServerPath, design.NeedsKpti ? "kpti" : "")));

    Table Paths() => Table("paths", [new("name"), new("title"), new("caller"), new("callee"), new("isolation"), new("steps", Alignment.Right)],
        catalogue.Paths.Values.Select(path => Row(path.Name, path.Title, Kebab.Of(path.Caller), Kebab.Of(path.Callee), Kebab.Of(path.Isolation), Text(path.Call.Count + path.Reply.Count))));

    Table Programs() => Table("programs", [new("name"), new("title"), new("code KiB", Alignment.Right), new("data KiB", Alignment.Right), new("prices")],
        catalogue.Programs.Values.Select(program => Row(program.Name, program.Title, Text(program.CodeKib.Value), Text(program.DataKib.Value), string.Join(", ", program.Prices.Keys))));

    Table Calls() => Table("calls", [new("table"), new("server"), new("calls")],
        catalogue.CallTables.Values.SelectMany(table => table.Rows.GroupBy(row => row.Value, StringComparer.Ordinal)
            .Select(rows => Row(table.Name, rows.Key, string.Join(", ", rows.Select(row => row.Key))))));

    Table Systems()
    {
        var names = new SystemNames(catalogue);
        return Table("systems", [new("name"), new("title"), new("base")],
            names.All.Select(system => Row(system, names.Title(system), names.Kernels.Contains(system) ? ""
                : (system == SystemNames.Native ? "needed: " : "may be ") + string.Join(", ", names.Kernels))));
    }

    Table Published() => Table("published", [new("id"), new("value", Alignment.Right), new("unit"), new("source"), new("conditions")],
        catalogue.Bibliography.Published.Values.Select(number => Row(number.Id, Text(number.Value), number.Unit, number.Source.ToString(), number.Conditions)));

    Table Sources() => Table("sources", [new("key"), new("title"), new("venue"), new("url")],
        catalogue.Bibliography.Sources.Values.Select(source => Row(source.Key, source.Title, source.Venue, source.Url)));

    Table Keys()
    {
        SettableKeys Of(Workload workload) => new(workload, catalogue.Machines.Keys);
        (string Name, SettableKeys Keys)[] workloads =
        [
            (new PingPong().Kind, Of(new PingPong())),
            ("replay with timed calls", Of(new Replay { Trace = "", Timed = "" })),
            ("replay without", Of(new Replay { Trace = "" })),
            ("services", Of(new Services())),
            (new ServiceMix().Kind, Of(new ServiceMix())),
            (new Population().Kind, Of(new Population())),
            (BothEnds.Name, Of(new BothEnds())),
            (Attacks.Name, Of(new Attacks())),
            (ServerFaults.Name, Of(new ServerFaults())),
            (ClosedLoop.Name, Of(new ClosedLoop())),
            (CallLoop.Name, Of(new CallLoop())),
        ];
        var machine = CatalogueNumbers.Of(catalogue.Machines[CatalogueNumbers.DefaultMachine]).ToDictionary(number => number.Name);
        var rows = workloads.SelectMany(workload => workload.Keys.All.Select(key => (workload.Name, Key: key))).GroupBy(entry => entry.Key.Name, StringComparer.Ordinal).Select(same =>
        {
            var key = same.First().Key;
            var value = machine.TryGetValue(key.Name, out var number) ? Text(number.Number) : "";
            return Row(key.Name, value, key.Unit, Takes(key), same.Count() == workloads.Length ? "" : Workloads([.. same.Select(entry => entry.Name)]));
        });
        return Table("keys", [new("key"), new("value", Alignment.Right), new("unit"), new("takes"), new("workload")], rows);
    }

    // Both kinds of replay together are replay.
    static string Workloads(IReadOnlyList<string> names) => names.Count(IsReplay) == 2
        ? string.Join(", ", [.. names.TakeWhile(name => !IsReplay(name)), "replay", .. names.SkipWhile(name => !IsReplay(name)).Skip(2)])
        : string.Join(", ", names);

    static bool IsReplay(string workload) => workload.StartsWith("replay", StringComparison.Ordinal);

    static string Takes(SettingKey key)
    {
        if (key.Name == SettableKeys.WhichMachine) return "a name of `list machines`";
        if (!key.IsNumber) return string.Join(", ", key.Choices);
        var to = double.IsPositiveInfinity(key.Bounds.High) ? "" : $" to {key.Bounds.High.ToString(key.Bounds.High >= 1e6 ? "0.####e0" : "0.####", CultureInfo.InvariantCulture)}";
        return $"{(key.Whole ? "whole, " : "")}{(key.Bounds.AboveLow ? "above" : "from")} {Text(key.Bounds.Low)}{to}";
    }

    static Table Table(string topic, IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        new(Topics.First(known => known.Name == topic).Title, columns, [.. rows]);

    static IReadOnlyList<string> Row(params IReadOnlyList<string> cells) => cells;

    static string Text(bool flag) => flag ? "yes" : "no";

    static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
