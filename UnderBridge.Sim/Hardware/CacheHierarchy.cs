namespace UnderBridge.Sim.Hardware;

/// <summary>
/// First-level caches for instructions and data, and unified levels below, over physical line numbers. A level is looked up only when the one above
/// missed; a miss fills every level looked up; the levels neither include nor exclude each other. No prefetcher.
/// </summary>
public sealed class CacheHierarchy(Cache instructions, Cache data, params Cache[] unified)
{
    public Cache Instructions => instructions;
    public Cache Data => data;
    public IReadOnlyList<Cache> Unified => unified;

    /// <summary>The level that holds a line: 0 is the first level; one more than the last level is memory.</summary>
    public int Access(int line, bool fetch, int by = 0)
    {
        if ((fetch ? instructions : data).Access(line, line, by)) return 0;
        var level = 0;
        while (level < unified.Length && !unified[level].Access(line, line, by)) level++;
        return level + 1;
    }

    /// <summary>Who pushed a line out of a level.</summary>
    public int Culprit(int level, int line, bool fetch, int victim) =>
        (level > 0 ? unified[level - 1] : fetch ? instructions : data).Culprit(line, line, victim);
}
