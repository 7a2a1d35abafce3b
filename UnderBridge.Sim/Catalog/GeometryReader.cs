using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Catalog;

/// <summary>Reads a geometry file: caches under <c>levels</c> and TLBs under <c>tlb</c>, from the core downwards.</summary>
static class GeometryReader
{
    const string Caches = "levels", Tlbs = "tlb";

    // A level's tags and their index take 4 bytes an entry.
    const int MostEntries = 1 << 26;

    static readonly Bounds Count = new(1, MostEntries);
    static readonly Bounds BlockBytes = new(1, 1 << 30);

    /// <summary>The geometry in a file; errors go to the list, and what is read of a wrong file means nothing.</summary>
    public static MemoryGeometry Read(string path, ErrorList errors) => Read(YamlDocument.Read(path, errors, Bibliography.Empty));

    /// <summary>The geometry in a text, as though it stood in <paramref name="file"/>.</summary>
    public static MemoryGeometry Parse(string text, string file, ErrorList errors) => Read(YamlDocument.Parse(text, file, errors, Bibliography.Empty));

    static MemoryGeometry Read(YamlMap map)
    {
        var caches = Levels(map.OptionalList(Caches), "block");
        var tlbs = Levels(map.OptionalList(Tlbs), "page");
        if (IsEmpty(map.Optional(Caches)) && IsEmpty(map.Optional(Tlbs))) map.Refuse("no levels", $"a list of caches under '{Caches}', of TLBs under '{Tlbs}', or both");
        map.Close();
        foreach (var twice in tlbs.Where(tlb => caches.Any(cache => cache.Geometry.Name == tlb.Geometry.Name)))
            twice.Place.Refuse($"the name '{twice.Geometry.Name}' of a cache for a TLB", "each level by a name of its own");
        return new MemoryGeometry([.. caches.Select(level => level.Geometry)], [.. tlbs.Select(level => level.Geometry)]);
    }

    static bool IsEmpty(YamlValue? list) => list is null || list.IsList && list.List().Count == 0;

    static List<(LevelGeometry Geometry, YamlMap Place)> Levels(IReadOnlyList<YamlValue> list, string blockKey)
    {
        var levels = list.Select(item => item.Map()).Where(map => !map.IsBroken).Select(map => (Geometry: Level(map, blockKey), Place: map)).ToList();
        foreach (var (level, found, expected) in MemoryGeometry.Faults([.. levels.Select(level => level.Geometry)])) levels[level].Place.Refuse(found, expected);
        return levels;
    }

    static LevelGeometry Level(YamlMap map, string blockKey)
    {
        var level = new LevelGeometry(map.Text("name"), map.Choice<Side>("side"), map.Whole("sets", Count), map.Whole("ways", Count), Block(map, blockKey))
        {
            Replacement = Policy(map),
            Inclusion = map.OptionalChoice<Inclusion>("inclusion") ?? Inclusion.NonInclusive,
        };
        if ((long)level.Sets * level.Ways > MostEntries) map.Refuse(FormattableString.Invariant($"{level.Sets} sets of {level.Ways} ways"), FormattableString.Invariant($"at most {MostEntries} entries"));
        map.Close();
        return level;
    }

    /// <summary>Which entry of a level gives way.</summary>
    public static Replacement Policy(YamlMap map) => map.OptionalChoice<Replacement>("policy", anyCase: true) ?? Replacement.Lru;

    /// <summary>The size of a line or a page in bytes, up to 1 GB.</summary>
    public static int Block(YamlMap map, string key)
    {
        const string expected = "a power of two, in bytes";
        if (map.Required(key, expected) is not { } value) return 1;
        var bytes = value.Whole(BlockBytes);
        if (bytes <= 0 || int.IsPow2(bytes)) return Math.Max(1, bytes);
        value.Refuse(FormattableString.Invariant($"{bytes} bytes"), expected);
        return 1;
    }
}
