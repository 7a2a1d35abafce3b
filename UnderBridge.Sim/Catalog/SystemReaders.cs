using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;
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
            TurnsOff = map.OptionalList("turns-off").Select(bit => bit.Choice(["smep", "smap"])).Aggregate(Control.None, (off, bit) => off | ControlOf(bit)),
            KernelLock = map.OptionalChoice<KernelLock>("kernel-lock") ?? KernelLock.None,
            EptPages = PageSizes.Parse(map.Optional("ept-pages")?.Choice(PageSizes.All.Select(size => size.Text()), "page sizes")),
        };
        map.Close();
        return spec;
    }

    static Control ControlOf(string bit) => bit switch { "smep" => Control.Smep, "smap" => Control.Smap, _ => Control.None };
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
            Prices = (map.OptionalMap("prices")?.Entries ?? []).ToDictionary(
                price => price.Name, price => price.Sourced($"{name}.{price.Name}", "cycles", new Bounds(0, 1e9))),
        };
        work.Close();
        map.Close();
        return spec;
    }
}
