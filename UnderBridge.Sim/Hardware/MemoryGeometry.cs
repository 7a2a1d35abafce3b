namespace UnderBridge.Sim.Hardware;

/// <summary>Which references reach a level: data goes to <see cref="Data"/> levels first, fetches to <see cref="Instruction"/> levels, and both to <see cref="Unified"/> ones below.</summary>
public enum Side
{
    /// <summary>Reads and writes.</summary>
    Data,

    /// <summary>Fetches.</summary>
    Instruction,

    /// <summary>Both.</summary>
    Unified,
}

/// <summary>A cache or TLB: <paramref name="BlockBytes"/> is the size of its lines or pages, a power of two; one set is fully associative.</summary>
sealed record LevelGeometry(string Name, Side Side, int Sets, int Ways, int BlockBytes)
{
    public Replacement Replacement { get; init; }
    public Inclusion Inclusion { get; init; }
}

/// <summary>The caches and TLBs that a memory trace is played through, each list from the core downwards.</summary>
sealed record MemoryGeometry(IReadOnlyList<LevelGeometry> Caches, IReadOnlyList<LevelGeometry> Tlbs)
{
    /// <summary>The caches of a machine as one core sees them, with the whole shared level, and its TLBs for 4 KB pages.</summary>
    public static MemoryGeometry Of(HardwareProfile machine)
    {
        return new MemoryGeometry(
            [Cache(machine.L1I, Side.Instruction), Cache(machine.L1D, Side.Data), Cache(machine.L2, Side.Unified), Cache(machine.Llc, Side.Unified)],
            [.. machine.Tlbs.Where(tlb => tlb.Pages.Contains(PageSize.Small)).OrderBy(tlb => tlb.Level).Select(Tlb)]);

        static LevelGeometry Cache(CacheLevel level, Side side) =>
            new(level.Name, side, level.Sets, level.Ways, level.BlockBytes) { Inclusion = level.Inclusion, Replacement = level.Replacement };
        static LevelGeometry Tlb(TlbLevel level) =>
            new(level.Name, level.Side, level.Sets, level.Ways, PageSizes.FrameBytes) { Replacement = level.Replacement };
    }

    /// <summary>What a policy makes wrong with a number of ways; null if nothing.</summary>
    public static (string Found, string Expected)? WaysFault(Replacement policy, int ways) => policy != Replacement.TreePlru || ways < 1 || TreePlruSets.Supports(ways) ? null
        : (FormattableString.Invariant($"tree-plru with {ways} ways"), FormattableString.Invariant($"a power of two of at most {TreePlruSets.MaxWays} ways"));

    /// <summary>What is wrong with a list of levels as a hierarchy: the index of the level, what was found and what is expected.</summary>
    public static IEnumerable<(int Level, string Found, string Expected)> Faults(IReadOnlyList<LevelGeometry> levels)
    {
        for (var i = 0; i < levels.Count; i++)
        {
            var level = levels[i];
            if (levels.Take(i).Any(other => other.Name == level.Name)) yield return (i, $"the name '{level.Name}' a second time", "each level by a name of its own");
            if (WaysFault(level.Replacement, level.Ways) is { } ways) yield return (i, ways.Found, ways.Expected);
            if (level.Side != Side.Unified && levels.Take(i).LastOrDefault(other => other.Side == Side.Unified) is { } lower)
                yield return (i, $"'{level.Name}' for one side below '{lower.Name}' for both", "unified levels behind the others");
            var above = levels.Take(i).Where(other => other.Side == level.Side || level.Side == Side.Unified).ToList();
            if (above.Find(other => other.BlockBytes > level.BlockBytes) is { } larger)
                yield return (i, FormattableString.Invariant($"{level.BlockBytes} bytes below the {larger.BlockBytes} of '{larger.Name}'"), "blocks or pages that grow downwards, if they change");
            if (level.Inclusion == Inclusion.NonInclusive) continue;
            if (above.Count == 0) yield return (i, $"'{level.Name}', a first level, as inclusive or exclusive", "a level above it that it includes or excludes");
            else if (level.Inclusion == Inclusion.Exclusive && above.Find(other => other.BlockBytes < level.BlockBytes) is { } smaller)
                yield return (i, FormattableString.Invariant($"'{level.Name}' exclusive of the {smaller.BlockBytes}-byte blocks of '{smaller.Name}'"), "blocks of one size, for they move between the levels");
        }
    }
}
