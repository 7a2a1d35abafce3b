namespace UnderBridge.Sim.Hardware;

/// <summary>
/// The page tables of a machine: four levels of 4 KB tables with 512 entries, in physical memory. Each address-space tag has a root of its own. Below it,
/// the processes share the tables of the kernel's half; those of the user's half belong to a process in one EPT view.
/// </summary>
sealed class PageTables(PhysicalMemory memory, int linesPerFrame)
{
    /// <summary>Levels of a table: 0 holds the entries of 4 KB pages (PTE), then PDE, PDPTE and PML4E.</summary>
    public const int Levels = 4, Root = Levels - 1;

    const int Entries = 1 << PageSizes.BitsPerLevel;

    readonly Dictionary<(string Scope, int Level, long Prefix), int> numbers = [];
    readonly List<int> firstLines = [0];

    /// <summary>The number of the table that holds the entries of a level for a page, dense from 1; made when it is first asked for.</summary>
    public int Table(string scope, int level, long vpn)
    {
        var prefix = vpn >> (PageSizes.BitsPerLevel * (level + 1));
        if (numbers.TryGetValue((scope, level, prefix), out var number)) return number;
        number = firstLines.Count;
        numbers.Add((scope, level, prefix), number);
        firstLines.Add(memory.Allocate(FormattableString.Invariant($"page table of {scope}, level {level}, {prefix}"), 1, PageSize.Small)[0] * linesPerFrame);
        return number;
    }

    /// <summary>The physical line of the entry for a page in a table.</summary>
    public int EntryLine(int table, int level, long vpn) =>
        firstLines[table] + (int)(vpn >> (PageSizes.BitsPerLevel * level) & (Entries - 1)) * linesPerFrame / Entries;

    /// <summary>The 4 KB frame of a table, as the guest sees it under EPT.</summary>
    public int Frame(int table) => firstLines[table] / linesPerFrame;
}

/// <summary>The tables that a walk for one region under one address-space tag goes through: by level, one for each stretch that a table covers.</summary>
sealed class TablePath
{
    readonly int[][] tables;
    readonly long first;

    /// <summary>Virtual page numbers count pages of 4 KB.</summary>
    public TablePath(PageTables pageTables, string rootScope, string scope, int spaceTag, long firstVpn, long lastVpn, PageSize size)
    {
        SpaceTag = spaceTag;
        Leaf = (int)size;
        first = firstVpn;
        tables = new int[PageTables.Levels][];
        for (var level = Leaf; level < PageTables.Levels; level++)
        {
            var shift = PageSizes.BitsPerLevel * (level + 1);
            tables[level] = new int[(lastVpn >> shift) - (firstVpn >> shift) + 1];
            for (var n = 0; n < tables[level].Length; n++)
                tables[level][n] = pageTables.Table(level == PageTables.Root ? rootScope : scope, level, ((firstVpn >> shift) + n) << shift);
        }
    }

    public int SpaceTag { get; }

    /// <summary>The level whose entries map the pages.</summary>
    public int Leaf { get; }

    public int Table(int level, long vpn)
    {
        var shift = PageSizes.BitsPerLevel * (level + 1);
        return tables[level][(vpn >> shift) - (first >> shift)];
    }
}
