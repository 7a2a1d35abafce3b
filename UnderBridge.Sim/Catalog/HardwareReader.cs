using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Catalog;

/// <summary>Reads a hardware profile of the catalogue.</summary>
public static class HardwareReader
{
    /// <summary>The prefix of the stable names of a profile's numbers.</summary>
    public const string Prefix = "machine";

    static readonly (string Unit, Bounds Bounds) Cycles = ("cycles", Bounds.Cycles);
    static readonly (string Unit, Bounds Bounds) Ratio = ("ratio", Bounds.Ratio);

    /// <summary>Every price a profile has: its key, unit and the values it may take.</summary>
    public static readonly IReadOnlyDictionary<string, (string Unit, Bounds Bounds)> Prices = new Dictionary<string, (string, Bounds)>
    {
        ["syscall-pair"] = Cycles,
        ["syscall-entry-share"] = Ratio,
        ["swapgs"] = Cycles,
        ["cr3-write"] = Cycles,
        ["wrpkru"] = Cycles,
        ["rdpkru"] = Cycles,
        ["wrmsr"] = Cycles,
        ["vmfunc"] = Cycles,
        ["vm-exit"] = Cycles,
        ["indirect-call"] = Cycles,
        ["indirect-return"] = Cycles,
        ["fpu-switch"] = Cycles,
        ["fpu-enable"] = Cycles,
        ["fpu-disable"] = Cycles,
        ["ipi"] = Cycles,
        ["wake"] = Cycles,
        ["lock-transfer"] = Cycles,
        ["stlb-hit"] = Cycles,
        ["page-walk"] = Cycles,
        ["memory-latency"] = Cycles,
        ["overlap"] = Ratio,
        ["overlap-fetch"] = Ratio,
    };

    public static HardwareProfile Read(YamlMap map)
    {
        var caches = map.Map("caches");
        var tlbs = map.Map("tlbs");
        var profile = new HardwareProfile
        {
            Name = map.FileStem,
            Title = map.Text("title"),
            TscGhz = map.Sourced("tsc-ghz", Prefix, "GHz", Bounds.Positive),
            Prices = PricesOf(map.Map("prices")),
            L1I = Cache(caches, "l1i"),
            L1D = Cache(caches, "l1d"),
            L2 = Cache(caches, "l2"),
            Llc = Cache(caches, "llc"),
            Itlb4K = Tlb(tlbs, "itlb-4k"),
            Itlb2M = Tlb(tlbs, "itlb-2m"),
            Dtlb4K = Tlb(tlbs, "dtlb-4k"),
            Dtlb2M = Tlb(tlbs, "dtlb-2m"),
            Stlb = Tlb(tlbs, "stlb"),
        };
        caches.Close();
        tlbs.Close();
        map.Close();
        return profile;
    }

    static Dictionary<string, Sourced<double>> PricesOf(YamlMap map)
    {
        var prices = Prices.ToDictionary(price => price.Key, price => map.Sourced(price.Key, Prefix, price.Value.Unit, price.Value.Bounds));
        map.Close();
        return prices;
    }

    static CacheLevel Cache(YamlMap caches, string name)
    {
        var map = caches.Map(name);
        var sets = map.Whole("sets", Bounds.AtLeast(1)) * (map.OptionalWhole("slices", Bounds.AtLeast(1)) ?? 1);
        var latency = map.Sourced("latency", $"{Prefix}.{name}", "cycles", Bounds.Cycles);
        var level = new CacheLevel(name, sets, map.Whole("ways", Bounds.AtLeast(1)), map.Whole("block", Bounds.AtLeast(1)),
            latency with { Name = $"{Prefix}.{name}-latency" }, map.Choice<Grade>("grade"), map.Citation());
        map.Close();
        return level;
    }

    static TlbLevel Tlb(YamlMap tlbs, string name)
    {
        var map = tlbs.Map(name);
        var level = new TlbLevel(name, map.Whole("sets", Bounds.AtLeast(1)), map.Whole("ways", Bounds.AtLeast(1)), map.Choice<Grade>("grade"), map.Citation());
        map.Close();
        return level;
    }
}
