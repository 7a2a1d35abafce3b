namespace UnderBridge.Sim.Benchmarks;

/// <summary>The plain way to simulate a set-associative structure: each set a list of ways with time stamps, searched from its start.</summary>
sealed class NaiveLevel(int sets, int ways)
{
    readonly Way[] entries = new Way[sets * ways];
    long clock;

    public long Misses { get; private set; }

    public bool Access(long block)
    {
        var set = entries.AsSpan((int)(block % sets) * ways, ways);
        var oldest = 0;
        clock++;
        for (var way = 0; way < set.Length; way++)
        {
            if (set[way].Used != 0 && set[way].Block == block)
            {
                set[way].Used = clock;
                return true;
            }
            if (set[way].Used < set[oldest].Used) oldest = way;
        }
        Misses++;
        set[oldest] = new Way { Block = block, Used = clock };
        return false;
    }

    struct Way
    {
        public long Block;
        public long Used;
    }
}

/// <summary>The levels of <see cref="TrackedMemory"/> in the plain way, without owners and ghosts.</summary>
sealed class NaiveLoop(IEnumerable<(int Sets, int Ways)> tlbs, IEnumerable<(int Sets, int Ways)> caches)
{
    readonly NaiveLevel[] tlbs = [.. tlbs.Select(level => new NaiveLevel(level.Sets, level.Ways))];
    readonly NaiveLevel[] caches = [.. caches.Select(level => new NaiveLevel(level.Sets, level.Ways))];

    public IEnumerable<long> Misses => tlbs.Concat(caches).Select(level => level.Misses);

    public void Run(ReadOnlySpan<int> lines)
    {
        foreach (var line in lines)
        {
            Descend(tlbs, line / TrackedMemory.LinesPerPage);
            Descend(caches, line);
        }
    }

    static void Descend(NaiveLevel[] levels, long block)
    {
        foreach (var level in levels)
            if (level.Access(block)) return;
    }
}
