using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Catalog;

/// <summary>What a price of a profile is counted in, the values it may take, and whether every profile has it.</summary>
sealed record PriceKind(string Unit, Bounds Bounds, bool Required);

/// <summary>Reads a hardware profile of the catalogue.</summary>
static class HardwareReader
{
    /// <summary>The prefix of the stable names of a profile's numbers.</summary>
    public const string Prefix = "machine";

    static readonly PriceKind Cycles = new("cycles", Bounds.Cycles, Required: true);
    static readonly PriceKind Ratio = new("ratio", Bounds.Ratio, Required: true);

    // Of an instruction that a CPU may lack, or that nobody measured on it: a path that takes such a step is refused.
    static readonly PriceKind Step = Cycles with { Required = false };

    /// <summary>Every price a profile may have, by key.</summary>
    public static readonly IReadOnlyDictionary<string, PriceKind> Prices = new Dictionary<string, PriceKind>
    {
        ["syscall-pair"] = Cycles,
        ["syscall-entry-share"] = Ratio,
        ["swapgs"] = Step,
        ["cr3-write"] = Step,
        ["wrpkru"] = Step,
        ["rdpkru"] = Step,
        ["wrmsr"] = Step,
        ["vmfunc"] = Step,
        ["vm-exit"] = Step,
        ["indirect-call"] = Step,
        ["indirect-return"] = Step,
        ["fpu-switch"] = Step,
        ["fpu-enable"] = Step,
        ["fpu-disable"] = Step,
        ["ipi"] = Step,
        ["interrupt"] = Step,
        ["invlpg"] = Step,
        ["tlb-flush"] = Step,
        ["pte-write"] = Step,
        ["line-transfer"] = Step,
        ["wake"] = Step,
        ["lock-transfer"] = Step,
        ["stlb-hit"] = Cycles,
        ["page-walk"] = Cycles,
        ["memory-latency"] = Cycles,
        ["branch-mispredict"] = Step,
        ["ibpb"] = Step,
        ["overlap"] = Ratio,
        ["overlap-fetch"] = Ratio,
    };

    public static HardwareProfile Read(YamlMap map)
    {
        var (caches, tlbs) = (map.Map("caches"), map.Map("tlbs"));
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
            Tlbs = [.. tlbs.Entries.Select(Tlb).OfType<TlbLevel>()],
            Walker = map.OptionalMap("walker") is { } walker ? Walker(walker) : null,
            TransientReads = map.OptionalMap("transient-reads") is { } transient ? TransientReads(transient) : [],
            BranchPredictor = map.OptionalMap("branch-predictor") is { } predictor ? BranchPredictor(predictor) : null,
        };
        foreach (var (part, found, expected) in Faults(profile))
        {
            var place = part switch { Part.Caches => caches, Part.Tlbs => tlbs, _ => map };
            if (!place.IsBroken) place.Refuse(found, expected);
        }
        caches.Close();
        map.Close();
        return profile;
    }

    /// <summary>A part of a profile, which has its own place in a file.</summary>
    public enum Part { Whole, Caches, Tlbs }

    /// <summary>What does not go together in a profile.</summary>
    public static IEnumerable<(Part Part, string Found, string Expected)> Faults(HardwareProfile profile)
    {
        if (profile.BranchPredictor is not null && !profile.Prices.ContainsKey("branch-mispredict"))
            yield return (Part.Whole, "a 'branch-predictor' without the price 'branch-mispredict'", "both or neither");
        // A size that was refused already reads as 1.
        if (new[] { profile.L1I, profile.L1D, profile.L2, profile.Llc }.Select(level => level.BlockBytes).Where(bytes => bytes > 1).Distinct().Count() > 1)
            yield return (Part.Caches, "lines of different sizes", "one 'block' for all levels");
        foreach (var (size, fetch) in PageSizes.All.SelectMany(size => new[] { (size, true), (size, false) }))
        {
            if (profile.Tlbs.Count(tlb => tlb.Serves(1, fetch, size)) != 1) yield return Other(1, "one");
            if (profile.Tlbs.Count(tlb => tlb.Serves(2, fetch, size)) > 1) yield return Other(2, "at most one");

            (Part, string, string) Other(int level, string count) => (Part.Tlbs,
                $"other than {count} TLB of level {level} for {(fetch ? "instructions" : "data")} in pages of {size.Text()}", "itlb..., dtlb... and stlb..., each with the 'pages' it serves");
        }
    }

    static Dictionary<string, Sourced<double>> PricesOf(YamlMap map)
    {
        var prices = new Dictionary<string, Sourced<double>>();
        foreach (var (key, kind) in Prices)
        {
            if (kind.Required || map.Has(key)) prices[key] = map.Sourced(key, Prefix, kind.Unit, kind.Bounds);
        }
        map.Close();
        return prices;
    }

    static CacheLevel Cache(YamlMap caches, string name)
    {
        var map = caches.Map(name);
        var sets = map.Whole("sets", Bounds.AtLeast(1)) * (map.OptionalWhole("slices", Bounds.AtLeast(1)) ?? 1);
        var ways = map.Whole("ways", Bounds.AtLeast(1));
        var latency = map.Sourced("latency", $"{Prefix}.{name}", "cycles", Bounds.Cycles);
        var level = new CacheLevel(name, sets, ways, GeometryReader.Block(map, "block"),
            latency with { Name = $"{Prefix}.{name}-latency" }, map.Choice<Grade>("grade"), map.Citation())
        {
            Inclusion = map.OptionalChoice<Inclusion>("inclusion") ?? Inclusion.NonInclusive,
            Replacement = Policy(map, ways),
        };
        map.Close();
        return level;
    }

    static PageWalkerSpec Walker(YamlMap map)
    {
        Sourced<int> Entries(string key) => map.SourcedWhole(key, Prefix, "entries", Bounds.AtLeast(1));
        var spec = new PageWalkerSpec(Entries("pml4e-cache"), Entries("pdpte-cache"), Entries("pde-cache"), Entries("nested-tlb"));
        map.Close();
        return spec;
    }

    // Which rules these are is a fact of the CPU like any other, so each names its source.
    static List<ProtectionRule> TransientReads(YamlMap map)
    {
        var rules = new List<ProtectionRule>();
        foreach (var (name, rule) in new[] { ("supervisor", ProtectionRule.Supervisor), ("key", ProtectionRule.KeyAccess) })
        {
            if (map.OptionalMap(name) is not { } evidence) continue;
            evidence.Choice<Grade>("grade");
            evidence.Citation();
            evidence.Close();
            rules.Add(rule);
        }
        map.Close();
        return rules;
    }

    static BranchPredictorSpec BranchPredictor(YamlMap map)
    {
        var spec = new BranchPredictorSpec(map.SourcedWhole("btb-sets", Prefix, "sets", Bounds.AtLeast(1)), map.SourcedWhole("btb-ways", Prefix, "ways", Bounds.AtLeast(1)));
        map.Close();
        return spec;
    }

    // The name of a TLB says its level and side; a second level may be split by side.
    static TlbLevel? Tlb(YamlValue entry)
    {
        (int Level, Side Side)? kind = entry.Name.Split('-')[0] switch
        {
            "itlb" => (1, Side.Instruction),
            "dtlb" => (1, Side.Data),
            "stlb" => (2, Side.Unified),
            _ => null,
        };
        if (kind is not { } known)
        {
            entry.RefuseKey($"'{entry.Name}' under 'tlbs'", "a name that begins with itlb, dtlb or stlb", Nearest.To(entry.Name, ["itlb", "dtlb", "stlb"]));
            return null;
        }
        var map = entry.Map();
        var pages = map.List("pages").Select(page => page.Choice(PageSizes.All.Select(size => size.Text()), "page sizes")).ToList();
        var ways = map.Whole("ways", Bounds.AtLeast(1));
        var level = new TlbLevel(entry.Name, known.Level, map.OptionalChoice<Side>("side") ?? known.Side, [.. PageSizes.All.Where(size => pages.Contains(size.Text()))],
            map.Whole("sets", Bounds.AtLeast(1)), ways, map.Choice<Grade>("grade"), map.Citation())
        {
            Replacement = Policy(map, ways),
        };
        map.Close();
        return level;
    }

    static Replacement Policy(YamlMap map, int ways)
    {
        var policy = GeometryReader.Policy(map);
        if (MemoryGeometry.WaysFault(policy, ways) is { } fault) map.Refuse(fault.Found, fault.Expected);
        return policy;
    }
}
