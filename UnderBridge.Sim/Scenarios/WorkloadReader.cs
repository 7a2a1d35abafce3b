using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Reads the workload of a scenario, and finds out whether the files it names are there.</summary>
sealed class WorkloadReader(Catalogue catalogue, ErrorList errors, string scenarioFile)
{
    public const string PingPong = "ping-pong";
    public const string Replay = "replay";
    public const string Services = "services";
    public const string ServiceMix = "service-mix";
    public const string Population = "population";

    public static readonly IReadOnlyList<string> Kinds = [PingPong, Replay, Services, ServiceMix, Population, ClosedLoop.Name, CallLoop.Name, BothEnds.Name, Attacks.Name, ServerFaults.Name];

    /// <summary>The call that stays where it is.</summary>
    const string App = "app";

    /// <summary>The workload; null, with an error, when its kind is unknown.</summary>
    public Workload? Read(YamlMap map)
    {
        Workload? workload = map.Choice("kind", Kinds) switch
        {
            PingPong => new PingPong(),
            Replay => ReadReplay(map),
            Services => ReadServices(map),
            ServiceMix => ReadServiceMix(map),
            Population => new Population(),
            ClosedLoop.Name => new ClosedLoop(),
            CallLoop.Name => new CallLoop(),
            BothEnds.Name => new BothEnds(),
            Attacks.Name => new Attacks(),
            ServerFaults.Name => new ServerFaults(),
            _ => null,
        };
        if (workload is null) return null;
        foreach (var key in WorkloadKeys.Of(workload).Where(key => !key.NeedsEvidence))
        {
            if (map.Optional(key.Name) is not { } value) continue;
            var before = errors.Count;
            var number = key.Key.Whole ? value.Whole(key.Key.Bounds) : value.Number(key.Key.Bounds);
            if (errors.Count == before) workload = key.Set(workload, number);
        }
        foreach (var key in WorkloadKeys.Repeats.Select(key => key.Name))
            if (WorkloadKeys.InPlaceOf(key, workload) is { } instead) map.Unwanted(key)?.RefuseKey($"'{key}'", instead);
        map.Close();
        return workload;
    }

    const string Servers = "servers";

    static Services ReadServices(YamlMap map)
    {
        var counts = new List<int>();
        foreach (var item in map.OptionalList(Servers))
        {
            var count = item.Whole(new Bounds(1, MaxServers));
            if (counts.Count > 0 && count <= counts[^1]) item.Refuse($"{count} after {counts[^1]}", "numbers of servers that grow");
            else counts.Add(count);
        }
        if (map.Has(Servers) && counts.Count == 0 && map.Optional(Servers) is { IsList: true } none) none.Refuse("no numbers of servers", "at least one, such as [1, 2, 4]");
        return counts.Count == 0 ? new Services() : new Services { Servers = counts };
    }

    // Each server has an address space, with two tags under KPTI, and its pages are mapped in all of them.
    const int MaxServers = 100;

    Replay ReadReplay(YamlMap map)
    {
        var replay = new Replay
        {
            Trace = FileOf(map.Required("trace", "a trace file")) ?? "",
            Timed = FileOf(map.Optional("timed")),
            Begin = map.OptionalText("begin"),
            End = map.OptionalText("end"),
            OperationEnd = map.OptionalText("operation-end"),
            Calls = map.Optional("calls")?.Choice(catalogue.CallTables.Keys, "call tables") ?? "posix-files",
        };
        replay = replay with { Routes = Routes(map.OptionalMap("routes"), replay.Calls) };
        if (replay.Timed is null) return replay with { ComputePerCall = map.OptionalSourced("compute-per-call", "workload", "cycles", Bounds.Cycles) };
        map.Optional("compute-per-call")?.RefuseKey("'compute-per-call' beside 'timed'", "one of them, for each says what the app computes");
        return replay;
    }

    ServiceMix ReadServiceMix(YamlMap map)
    {
        var mix = new ServiceMix();
        var callers = catalogue.Programs.Values.Where(program => program.Service is { Calls.Count: > 0 }).Select(program => program.Name);
        return mix with { App = map.Optional("app")?.Choice(callers, "callers") ?? mix.App };
    }

    Dictionary<string, string> Routes(YamlMap? map, string calls)
    {
        var servers = catalogue.CallTables.TryGetValue(calls, out var table) ? table.Rows.Values : [];
        string[] targets = [App, .. servers.Where(server => server != App).Distinct().Order(StringComparer.Ordinal)];
        return (map?.Entries ?? []).ToDictionary(row => row.Name, row => row.Choice(targets));
    }

    /// <summary>The path of a file, relative to the scenario's folder; null, with an error, when there is no such file.</summary>
    string? FileOf(YamlValue? value)
    {
        if (value?.Text() is not { Length: > 0 } written) return null;
        var path = Path.Combine(Path.GetDirectoryName(value.File) ?? "", written);
        // A resolved scenario lies where its results are, which need not be where its traces are.
        if (!File.Exists(path) && Path.GetFileName(scenarioFile) != ScenarioReader.ResolvedFile)
        {
            var found = Directory.Exists(path) ? $"the directory '{written}'" : $"no file '{written}'";
            value.Refuse($"{found} for '{value.Name}'", "a file, relative to this one", YamlDocument.Sibling(path, "*"));
        }
        var (home, folder) = (FolderOf(value.File), FolderOf(scenarioFile));
        return Path.IsPathRooted(written) || home == folder ? written : Path.GetRelativePath(folder, path).Replace('\\', '/');
    }

    static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
}
