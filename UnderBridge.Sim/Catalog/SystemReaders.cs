using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Services;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Catalog;

/// <summary>Reads a kernel.</summary>
static class KernelReader
{
    public static KernelSpec Read(YamlMap map)
    {
        var title = map.Text("title");
        var version = map.Text("version");
        var ipc = map.Text("ipc");
        var spec = new KernelSpec(map.FileStem, title, version, ipc, Features(map.Map("features"))) { Residuals = Residuals(map, map.FileStem) };
        map.Close();
        return spec;
    }

    /// <summary>The features of a build.</summary>
    public static KernelFeatures Features(YamlMap features)
    {
        var read = new KernelFeatures
        {
            Kpti = features.Flag("kpti"),
            Pcid = features.Flag("pcid"),
            GlobalPages = features.Flag("global-pages"),
            Smp = features.Flag("smp"),
            Swapgs = features.Flag("swapgs"),
            Fpu = features.Choice<FpuPolicy>("fpu"),
            Smep = features.OptionalFlag("smep") ?? false,
            Smap = features.OptionalFlag("smap") ?? false,
        };
        features.Close();
        return read;
    }

    /// <summary>The residuals of a kernel: by path, leg and machine.</summary>
    public static IReadOnlyList<Residual> Residuals(YamlMap map, string kernel) =>
        [.. (map.OptionalMap("residuals")?.Entries ?? []).SelectMany(path => path.Map().Entries.Select(leg => Residual(kernel, path.Name, leg)).OfType<Residual>())];

    static Residual? Residual(string kernel, string path, YamlValue entry)
    {
        if (!Kebab.TryParse<PathLeg>(entry.Name, out var leg))
        {
            entry.RefuseKey($"'{entry.Name}' under '{path}'", YamlValue.OneOf(YamlValue.Names<PathLeg>()), Nearest.To(entry.Name, YamlValue.Names<PathLeg>()));
            return null;
        }
        var name = $"{kernel}.{path}.{entry.Name}";
        return new Residual(path, leg, entry.Map().Entries.ToDictionary(machine => machine.Name, machine => machine.Sourced(name, "cycles")));
    }
}

/// <summary>Reads a design.</summary>
static class DesignReader
{
    public static DesignSpec Read(YamlMap map)
    {
        var spec = new DesignSpec(
            map.FileStem, map.Text("title"), map.Choice<Placement>("servers"), map.Text("app-path"), map.Text("server-path"),
            NeedsKpti: map.Has("needs") && map.Choice("needs", ["kpti"]) == "kpti")
        {
            TurnsOff = Bits(map, "turns-off", ["smep", "smap"]),
            TurnsOn = Bits(map, "turns-on", ["pks"]),
            CorePaths = [.. map.OptionalList("core-paths").Select(path => path.Text())],
            Deprivation = map.OptionalMap("deprivation") is { } deprivation ? ReadDeprivation(deprivation, map.FileStem) : null,
            ServersInApps = map.OptionalFlag("servers-in-apps") ?? false,
            KernelPath = map.OptionalText("kernel-path"),
            BeyondKeys = map.OptionalChoice<BeyondKeys>("beyond-keys") ?? BeyondKeys.Refuse,
            Policy = map.OptionalChoice<PlacementPolicy>("policy") ?? PlacementPolicy.Static,
            Remapping = map.OptionalSourced("remapping", map.FileStem, "cycles", Bounds.Cycles),
            KernelLock = map.OptionalChoice<KernelLock>("kernel-lock") ?? KernelLock.None,
            EptPages = PageSizes.Parse(map.Optional("ept-pages")?.Choice(PageSizes.All.Select(size => size.Text()), "page sizes")),
        };
        if (map.OptionalWhole("keys", new Bounds(1, Pkru.Keys)) is { } keys) spec = spec with { Keys = keys };
        map.Close();
        return spec;
    }

    static DeprivationSpec ReadDeprivation(YamlMap map, string design)
    {
        var spec = new DeprivationSpec
        {
            Rare = map.Choice<PrivilegedHandling>("rare"),
            Frequent = map.Choice<PrivilegedHandling>("frequent"),
            ExitPath = map.OptionalText("exit-path"),
            Patch = map.OptionalSourced("patch", design, "cycles", Bounds.Cycles),
            Checks = map.OptionalSourced("checks", design, "ratio", new Bounds(0, 10)),
        };
        if (spec.ExitPath is null && (spec.Rare == PrivilegedHandling.Exit || spec.Frequent == PrivilegedHandling.Exit))
            map.Refuse("exits without an 'exit-path'", "the name of a path of the catalogue");
        map.Close();
        return spec;
    }

    static Control Bits(YamlMap map, string key, IReadOnlyList<string> names) =>
        map.OptionalList(key).Select(bit => bit.Choice(names)).Aggregate(Control.None, (bits, bit) => bits | ControlOf(bit));

    static Control ControlOf(string bit) => bit switch { "smep" => Control.Smep, "smap" => Control.Smap, "pks" => Control.Pks, _ => Control.None };
}

/// <summary>Reads the program of an app or a server.</summary>
static class ProgramReader
{
    public static ProgramSpec Read(YamlMap map)
    {
        var name = map.FileStem;
        var title = map.Text("title");
        var work = map.Map("working-set");
        var stub = map.Map("stub");
        var counts = FootprintCounts.Read(stub, $"{name}.stub");
        stub.Close();
        var spec = new ProgramSpec
        {
            Name = name,
            Title = title,
            CodeKib = work.Sourced("code", name, "KiB", new Bounds(1, 1 << 20)),
            DataKib = work.Sourced("data", name, "KiB", new Bounds(1, 1 << 20)),
            CodeDensity = work.Sourced("code-density", name, "lines per 1000 cycles", new Bounds(0, 1000)),
            DataDensity = work.Sourced("data-density", name, "lines per 1000 cycles", new Bounds(0, 1000)),
            StubCodeLines = counts.CodeLines,
            StubCodePages = counts.CodePages,
            StubDataLines = counts.DataLines,
            StubDataPages = counts.DataPages,
            Service = map.OptionalMap("service") is { } service ? ReadService(service, name) : null,
            Prices = (map.OptionalMap("prices")?.Entries ?? []).ToDictionary(
                price => price.Name, price => price.Sourced($"{name}.{price.Name}", "cycles", new Bounds(0, 1e9))),
        };
        work.Close();
        map.Close();
        return spec;
    }

    static ServiceSpec ReadService(YamlMap map, string name)
    {
        var privileged = map.OptionalMap("privileged");
        var spec = new ServiceSpec
        {
            Work = map.Sourced("work", name, "cycles", Bounds.Cycles),
            Calls = [.. (map.OptionalMap("calls")?.Entries ?? []).Select(callee =>
                KeyValuePair.Create(callee.Name, callee.Sourced($"{name}.calls.{callee.Name}", "calls a request", new Bounds(0, 1000))))],
            Privileged = Enum.GetValues<PrivilegedClass>().Where(_ => privileged is not null)
                .ToDictionary(kind => kind, kind => privileged!.Sourced(Kebab.Of(kind), $"{name}.privileged", "per million cycles", new Bounds(0, 1e6))),
        };
        privileged?.Close();
        map.Close();
        return spec;
    }
}

/// <summary>Reads what detection and recovery take.</summary>
static class RecoveryReader
{
    public static RecoveryPrices Read(YamlMap map)
    {
        Sourced<double> Price(string key, string unit = "cycles") => map.Sourced(key, "recovery", unit, Bounds.Positive);
        var prices = new RecoveryPrices
        {
            Page = Price("page"), Process = Price("process"), Domain = Price("domain"), Connection = Price("connection"), Init = Price("init"),
            Quantum = Price("quantum", "ms"), Watchdog = Price("watchdog", "ms"), KernelWatchdog = Price("kernel-watchdog", "s"), Reboot = Price("reboot", "s"),
        };
        map.Close();
        return prices;
    }
}
