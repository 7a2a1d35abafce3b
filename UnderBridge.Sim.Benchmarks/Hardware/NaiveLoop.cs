namespace UnderBridge.Sim.Benchmarks.Hardware;

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

/// <summary>Two levels of TLB and three of caches for data, without owners and ghosts.</summary>
sealed class NaiveLoop
{
    readonly NaiveLevel[] tlbs = [new(16, 4), new(128, 12)];
    readonly NaiveLevel[] caches = [new(64, 8), new(1024, 16), new(MachineShape.LlcSets, 11)];

    public void Run(int[] lines)
    {
        foreach (var line in lines)
        {
            Descend(tlbs, line / MachineShape.LinesPerPage);
            Descend(caches, line);
        }
    }

    public long[] Misses => [.. tlbs.Concat(caches).Select(level => level.Misses)];

    static void Descend(NaiveLevel[] levels, long block)
    {
        foreach (var level in levels)
            if (level.Access(block)) return;
    }
}
