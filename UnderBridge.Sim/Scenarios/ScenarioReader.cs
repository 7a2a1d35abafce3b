using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>
/// Reads scenario files strictly. All errors of all files go to one list; settings of the command line come after those of the file and
/// are checked against every scenario.
/// </summary>
public sealed class ScenarioReader
{
    readonly Catalogue catalogue;
    readonly IReadOnlyList<Setting> commandLine;
    readonly ErrorList errors;
    readonly SystemNames names;

    internal ScenarioReader(Catalogue catalogue, IReadOnlyList<Setting> commandLine, ErrorList errors)
    {
        (this.catalogue, this.commandLine, this.errors) = (catalogue, commandLine, errors);
        names = new(catalogue);
    }

    /// <summary>A scenario that was written with all its defaults may lie under this name whatever its own.</summary>
    public const string ResolvedFile = "resolved.yaml";

    /// <summary>Reads one scenario on the catalogue that is built in, with settings as the command line takes them: <c>machine.wrpkru=128</c>.</summary>
    /// <exception cref="InputException">The file or a setting is wrong.</exception>
    public static Scenario Load(string path, params IEnumerable<string> settings) => Load(path, Catalogue.Load(), settings);

    /// <summary>Reads one scenario, with settings as the command line takes them: <c>machine.wrpkru=128</c>.</summary>
    /// <exception cref="InputException">The file or a setting is wrong.</exception>
    public static Scenario Load(string path, Catalogue catalogue, params IEnumerable<string> settings)
    {
        var errors = new ErrorList();
        var scenario = new ScenarioReader(catalogue, SettingParser.Parse(settings, errors), errors).Read(path);
        errors.ThrowIfAny();
        return scenario!;
    }

    /// <summary>Writes a scenario made in code as a file would be and reads it, so that code meets the same checks as files; null when it has errors.</summary>
    internal static Scenario? ReadAgain(Scenario scenario, Catalogue catalogue, IReadOnlyList<Setting> settings, ErrorList errors)
    {
        var found = new ErrorList();
        // Under this name it may have any name, and its traces are looked for where they were.
        var file = Path.Combine(Path.GetDirectoryName(scenario.File) ?? "", ResolvedFile);
        var again = new ScenarioReader(catalogue, settings, found).Parse(ScenarioWriter.ToYaml(scenario), file);
        // Nobody has seen the text, so its lines mean nothing.
        foreach (var error in found.Errors) errors.Add(error.File != file ? error : error with { File = scenario.Name, Line = 0, Column = 0 });
        return again;
    }

    /// <summary>Reads a file; null when it has errors.</summary>
    internal Scenario? Read(string path)
    {
        var before = errors.Count;
        var scenario = Read(ScenarioFiles.Load(path, errors), path);
        return errors.Count == before ? scenario : null;
    }

    /// <summary>Reads a text as though it stood in <paramref name="file"/>; null when it has errors.</summary>
    internal Scenario? Parse(string text, string file)
    {
        var before = errors.Count;
        var scenario = Read(ScenarioFiles.Parse(text, file, errors), file);
        return errors.Count == before ? scenario : null;
    }

    Scenario? Read(MapNode? root, string file)
    {
        if (root is null) return null;
        var before = errors.Count;
        var map = YamlDocument.Cursor(root, file, errors, catalogue.Bibliography);
        var name = Name(map);
        var title = map.Text("title");
        var workload = new WorkloadReader(catalogue, errors, file).Read(map.Map("workload", "a map such as {kind: ping-pong}"));
        var keys = workload is null ? null : new SettableKeys(workload, catalogue.Machines.Keys);
        var scenario = new Scenario
        {
            Name = name,
            Title = title,
            Question = map.Text("question"),
            Machine = map.Choice("machine", catalogue.Machines.Keys, "machines"),
            Seed = map.OptionalWhole("seed", Bounds.NotNegative) ?? 1,
            Systems = Systems(map.List("systems"), map),
            Workload = workload ?? new PingPong(),
            Settings = Settings(map.OptionalMap("set"), keys),
            Sweep = SweepReader.Read(map.OptionalMap("sweep"), keys),
            Figures = Figures(map.OptionalList("figures"), title, workload),
            File = file,
            Catalogue = catalogue,
        }.With(commandLine);
        keys?.Check(commandLine, errors);
        map.Optional("extends");
        map.Close();
        if (errors.Count > before) return scenario;
        CheckHeatMaps(scenario, map.OptionalList("figures"), keys!);
        CheckLines(scenario, map.OptionalList("figures"), keys!);
        CheckTornados(scenario, map.OptionalList("figures"));
        CheckLatencies(scenario);
        return scenario;
    }

    static string Name(YamlMap map)
    {
        var resolved = Path.GetFileName(map.File) == ResolvedFile;
        var value = map.Required("name", resolved ? "a text" : $"'{map.FileStem}', the name of the file");
        var name = value?.Text() ?? "";
        if (name.Length == 0) return name;
        if (!resolved && name != map.FileStem) value!.Refuse($"the name '{name}'", $"'{map.FileStem}', the name of the file");
        else if (!IsFileName(name)) value!.Refuse($"the name '{name}'", "a name that a folder can have");
        return name;
    }

    List<SystemUnderTest> Systems(IReadOnlyList<YamlValue> items, YamlMap map)
    {
        var systems = new List<SystemUnderTest>();
        foreach (var item in items)
        {
            var system = System(item.Map("a map such as {system: underbridge}"));
            if (systems.Exists(other => (other.System, other.Base, other.Variant) == (system.System, system.Base, system.Variant)))
                item.Refuse($"'{names.Label(system.System, system.Base, system.Variant)}' a second time", "each system, base and variant once");
            else if (system.System.Length > 0) systems.Add(system);
        }
        if (items.Count == 0 && map.Optional("systems") is { IsList: true } empty) empty.Refuse("no systems", "at least one system");
        return systems;
    }

    SystemUnderTest System(YamlMap map)
    {
        var system = map.Choice("system", names.All, "systems");
        var @base = map.Optional("base")?.Choice(names.Kernels, "kernels") ?? "";
        var variant = map.OptionalChoice<KptiVariant>("variant") ?? KptiVariant.Default;
        if (names.NeedsBase(system) && !map.Has("base")) map.Refuse($"'{system}' without a 'base'", YamlValue.OneOf(names.Kernels, "kernels"));
        if (names.Kernels.Contains(system)) map.Optional("base")?.RefuseKey($"a 'base' under the kernel '{system}'", "none, or the system 'native' on this base");
        var label = map.OptionalText("label") ?? (system.Length == 0 ? "" : names.Label(system, @base, variant));
        map.Close();
        return new SystemUnderTest(system, @base, variant, label) { Title = names.Title(system), BaseTitle = names.Title(@base) };
    }

    static List<Setting> Settings(YamlMap? map, SettableKeys? keys)
    {
        var settings = new List<Setting>();
        foreach (var entry in map?.Entries ?? [])
        {
            if (entry.IsMap) entry.Refuse($"a map under '{entry.Name}'", "keys in full, such as 'machine.wrpkru: 128'");
            else if (keys?.Find(entry.Name) is not { } key)
            {
                if (keys is not null) entry.RefuseKey($"'{entry.Name}' under 'set'", keys.Expected(entry.Name), keys.Nearest(entry.Name));
            }
            else if (entry.Text() is { Length: > 0 } value)
            {
                if (!key.Accepts(value)) entry.Refuse($"'{value}' for '{key.Name}'", key.Expected, Nearest.To(value, key.Choices));
                settings.Add(new Setting(key.Name, value, FormattableString.Invariant($"{entry.File}:{entry.Line}:{entry.Column}")));
            }
        }
        return settings;
    }

    List<FigureRequest> Figures(IReadOnlyList<YamlValue> items, string scenarioTitle, Workload? workload)
    {
        var figures = new List<FigureRequest>();
        foreach (var item in items)
        {
            var map = item.Map("a map such as {kind: round-trip}");
            var kind = map.Choice("kind", FigureRequest.Kinds);
            if (kind == FigureRequest.Tornado && workload is { Scalars.Count: 0 }) item.Refuse($"a tornado of a workload of kind '{workload.Kind}'", "a workload that measures something of one run");
            var named = map.Optional("name");
            if (workload is not null && FigureRequest.OfWorkloads.GetValueOrDefault(kind) is { } needed && needed != workload.Kind)
                item.Refuse($"a figure of kind '{kind}' of a workload of kind '{workload.Kind}'", $"a workload of kind '{needed}'");
            var name = named?.Text() ?? kind;
            if (!IsFileName(name) && name.Length > 0) named!.Refuse($"the name '{name}'", "a name that a file can have");
            if (figures.Exists(other => other.Name == name) && name.Length > 0) item.Refuse($"the figure '{name}' a second time", "a 'name' for each, once");
            var against = kind == FigureRequest.HeatMap ? map.Choice("against", names.All, "systems") : "";
            var figure = new FigureRequest(kind, name, map.OptionalText("title") ?? scenarioTitle, against);
            if (kind == FigureRequest.Pareto) figure = figure with { Metric = map.Optional("metric")?.Choice(BothEnds.Costs, "metrics") ?? Metrics.RoundTrip };
            figures.Add(FigureRequest.OfMetrics.Contains(kind) ? OfMetric(figure, map, workload) : kind == FigureRequest.Tornado ? Tornado(figure, map, workload) : figure);
            map.Close();
        }
        return figures;
    }

    static FigureRequest OfMetric(FigureRequest figure, YamlMap map, Workload? workload) => figure with
    {
        Metric = map.Choice("metric", workload?.Measures ?? [], "metrics"),
        X = map.OptionalText("x") ?? "",
        Y = map.OptionalText("y") ?? "",
        Log = figure.Kind == FigureRequest.Lines ? map.OptionalChoice<LogAxes>("log") ?? LogAxes.None : LogAxes.None,
        Caption = map.OptionalText("caption") ?? "",
    };

    FigureRequest Tornado(FigureRequest figure, YamlMap map, Workload? workload) => figure with
    {
        Metric = workload is { Scalars.Count: 0 } ? map.Text("metric") : map.Choice("metric", workload?.Scalars ?? [], "metrics"),
        At = map.OptionalText("at") ?? "",
        System = map.Optional("system")?.Choice(names.All, "systems") ?? FigureRequest.Subject,
        Against = map.Optional("against")?.Choice(names.All, "systems") ?? "",
        Units = map.OptionalWhole("units", new Bounds(20, 1e6)) ?? 0,
        Samples = map.OptionalWhole("samples", new Bounds(0, 10_000)) ?? 0,
        Y = map.OptionalText("y") ?? "",
        Caption = map.OptionalText("caption") ?? "",
    };

    /// <summary>A tornado moves the numbers of one run, or of two systems' runs, at one point.</summary>
    static void CheckTornados(Scenario scenario, IReadOnlyList<YamlValue> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (scenario.Figures[i] is not { Kind: FigureRequest.Tornado } figure) continue;
            foreach (var system in new[] { figure.System, figure.Against }.Where(system => system.Length > 0 && scenario.Systems.All(other => other.System != system)))
                items[i].Refuse($"a tornado of {system}", "a system among those of the scenario", Nearest.To(system, scenario.Systems.Select(other => other.System)));
            if (figure.Metric == Metrics.AddedCost && new[] { figure.System, figure.Against }.Contains(scenario.Systems[0].System))
                items[i].Refuse($"a tornado of what {scenario.Systems[0].System} adds", "another system than the first, which the others are held against");
            if (figure.Units > 0 && scenario.Workload.Shortened(figure.Units) is null)
                items[i].Refuse($"'units' of a workload of kind '{scenario.Workload.Kind}'", "a workload of requests or operations");
            CheckPoint(scenario, figure, items[i]);
        }
    }

    static void CheckPoint(Scenario scenario, FigureRequest figure, YamlValue item)
    {
        if (TornadoPoint.Named(scenario, figure) is not null) return;
        const int listed = 20;
        var points = TornadoPoint.Of(scenario, figure.Metric).Select(point => point.Name).ToList();
        var expected = points.Count > listed ? $"a point of the scenario, such as '{points[0]}'" : YamlValue.OneOf(points, "points");
        if (figure.At.Length == 0) item.Refuse("a tornado without 'at' where there is more than one point", $"'at' with {expected}");
        else if (points is [""]) item.Refuse($"a tornado at '{figure.At}'", "none of 'at', for the scenario has no sweep and its workload no axis of its own");
        else item.Refuse($"a tornado at '{figure.At}'", expected);
    }

    /// <summary>A heat map holds UnderBridge against another system of the scenario over a grid of two numbers.</summary>
    static void CheckHeatMaps(Scenario scenario, IReadOnlyList<YamlValue> items, SettableKeys keys)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (scenario.Figures[i] is not { Kind: FigureRequest.HeatMap } figure) continue;
            if (scenario.Sweep is not { Sample: null, Axes: [ListAxis { Values.Count: > 1 } x, ListAxis { Values.Count: > 1 } y] } || !keys.Find(x.Key)!.IsNumber || !keys.Find(y.Key)!.IsNumber)
                items[i].Refuse("a heat map without a grid of two keys", "a sweep over two keys, each with two numbers or more");
            var compared = scenario.Systems.Where(system => system.System == figure.Against).Select(system => system.Base);
            if (!scenario.Systems.Any(system => system.System == FigureRequest.Subject && compared.Contains(system.Base)))
                items[i].Refuse($"a heat map of {FigureRequest.Subject} against {figure.Against}", "both among the systems, on the same base");
        }
    }

    /// <summary>Lines run over one axis of numbers: that of the workload, or that of the sweep.</summary>
    static void CheckLines(Scenario scenario, IReadOnlyList<YamlValue> items, SettableKeys keys)
    {
        var own = scenario.Workload.OwnAxis.Length > 0;
        var swept = scenario.Sweep is { Sample: null, Axes: [var axis] } && keys.Find(axis.Key)!.IsNumber;
        if (own ? scenario.Sweep is null : swept) return;
        foreach (var item in items.Where((_, i) => scenario.Figures[i].Kind == FigureRequest.Lines))
            item.Refuse("lines without one axis", own ? "no sweep, for the workload has an axis of its own" : "a sweep over one key that takes numbers");
    }

    /// <summary>A cache below another is not faster, whatever was set: at every point of the scenario.</summary>
    void CheckLatencies(Scenario scenario)
    {
        foreach (var machine in scenario.Points.Select(point => ResolvedScenario.Of(scenario.At(point), catalogue).Machine))
        {
            var (l1i, l1d, l2, llc, memory) = (machine.L1I.Latency, machine.L1D.Latency, machine.L2.Latency, machine.Llc.Latency, machine.Prices["memory-latency"]);
            foreach (var (near, far) in new[] { (l1i, l2), (l1d, l2), (l2, llc), (llc, memory) })
            {
                if (far.Value < near.Value)
                    errors.Add(scenario.File, FormattableString.Invariant($"{far.Name} {far.Value} below {near.Name} {near.Value}"), "latencies that grow from level to level");
            }
        }
    }

    static bool IsFileName(string name) => name.Length > 0 && name[0] != '.' && !name.Any(letter => letter is '/' or '\\' || char.IsControl(letter));
}
