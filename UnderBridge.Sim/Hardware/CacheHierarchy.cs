namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Levels for instructions, levels for data, and unified levels below both, over line numbers. A level is looked up only when the one above missed; a miss
/// fills every level looked up that is not exclusive. No prefetcher. What happens to evicted lines is defined in docs/memtrace.md.
/// </summary>
sealed class CacheHierarchy
{
    readonly Cache[] instructionPath;
    readonly Cache[] dataPath;
    readonly Cache[] all;
    readonly ByOwner<CacheHierarchy> ghosts = new();
    readonly BlockIds? blocks;
    // Of a hierarchy in which a miss does nothing but fill.
    readonly CachePath? plainInstructions;
    readonly CachePath? plainData;
    readonly int[] evicted;

    public CacheHierarchy(Cache instructions, Cache data, params IReadOnlyList<Cache> unified) : this([instructions], [data], unified) { }

    /// <summary>Each list from the core downwards. A cache that cores share is given to the hierarchy of each.</summary>
    /// <exception cref="ArgumentException">A level has smaller blocks than one above it, or is exclusive of blocks of another size.</exception>
    public CacheHierarchy(IReadOnlyList<Cache> instructions, IReadOnlyList<Cache> data, IReadOnlyList<Cache> unified) : this(instructions, data, unified, null) { }

    internal CacheHierarchy(IReadOnlyList<Cache> instructions, IReadOnlyList<Cache> data, IReadOnlyList<Cache> unified, BlockIds? blocks)
    {
        this.blocks = blocks;
        Unified = unified;
        instructionPath = [.. instructions, .. unified];
        dataPath = [.. data, .. unified];
        all = [.. instructions, .. data, .. unified];
        evicted = new int[Math.Max(instructionPath.Length, dataPath.Length)];
        if (blocks is null && all.All(cache => cache is { WriteBack: false, Inclusion: Inclusion.NonInclusive, BlockShift: 0 }))
            (plainInstructions, plainData) = (new CachePath(instructionPath), new CachePath(dataPath));
        Connect(instructionPath);
        Connect(dataPath);
    }

    public Cache Instructions => instructionPath[0];
    public Cache Data => dataPath[0];
    public IReadOnlyList<Cache> Unified { get; }

    /// <summary>Each cache once.</summary>
    internal ReadOnlySpan<Cache> All => all;

    /// <summary>The level that holds a line: 0 is the first level; one more than the last level is memory.</summary>
    public int Access(int line, Access access, int by = 0) => Plain(access) is { } path
        ? path.Access(line, line, by)
        : Serve(Path(access), blocks is null ? line : (long)blocks.Block(line), line, access == Hardware.Access.Write, by);

    /// <summary>Accesses of an owner to the lines of a batch, which tells which level held each, in the owner's ghost too, and whom to blame.</summary>
    internal void Access(ReferenceBatch lines, Access access, int who)
    {
        if (Plain(access) is { } path) path.Access(lines, who);
        else AccessOneByOne(lines, access, who);
    }

    /// <summary>
    /// Accesses of an owner to lines that follow one another, as long as the first level holds them, in the owner's ghost too, or not so long; returns how many it held.
    /// </summary>
    internal int SkipHits(int line, int count, Access access, int who) => Plain(access) is { } path ? path.First.SkipHits(line, count, who) : 0;

    /// <summary>In a hierarchy where a miss does nothing but fill, no level depends on what the levels below do.</summary>
    internal bool IsPlain => plainData is not null;

    // A miss may move lines between the levels.
    void AccessOneByOne(ReferenceBatch lines, Access access, int who)
    {
        var ghost = ghosts[who]!;
        lines.BeginLevel(0);
        for (var n = 0; n < lines.Count; n++)
        {
            var alone = ghost.Access(lines[n], access);
            var level = Access(lines[n], access, who);
            lines.Note(n, level, alone);
            for (var lost = alone; lost < level; lost++) lines.Blame(lost, n, Path(access)[lost].Blamed(lines[n], lines[n], who));
        }
        lines.EndLevel();
    }

    /// <summary>From now on, <paramref name="ghost"/> is what the accesses of an owner alone would have left.</summary>
    internal void AddGhost(CacheHierarchy ghost, int who)
    {
        ghosts[who] = ghost;
        plainInstructions?.AddGhost(ghost.plainInstructions!, who);
        plainData?.AddGhost(ghost.plainData!, who);
    }

    /// <summary>Who pushed a line of a page table out of a level: walks read for the core and for the ghost by themselves.</summary>
    internal int WalkCulprit(int level, int line, int victim) => dataPath[level].BlamedApart(line, line, victim);

    /// <summary>Empties every level, from the top down; what is dirty is written back.</summary>
    public void Flush(int by = 0)
    {
        foreach (var cache in all)
        {
            var path = dataPath.Contains(cache) ? dataPath : instructionPath;
            foreach (var tag in cache.Drain(by))
            {
                if (Retire(cache, tag, by)) WriteBack(path, Array.IndexOf(path, cache), tag);
            }
        }
    }

    CachePath? Plain(Access access) => access == Hardware.Access.Fetch ? plainInstructions : plainData;

    Cache[] Path(Access access) => access == Hardware.Access.Fetch ? instructionPath : dataPath;

    // The access is served first, from the top down; then what had to go for it leaves, from the top down.
    int Serve(Cache[] path, long number, int line, bool write, int by)
    {
        if (path.Length == 0) return 0;
        var level = 0;
        var filled = 0;
        var fromBelow = false;
        for (; level < path.Length; level++)
        {
            var cache = path[level];
            var tag = line >> cache.BlockShift;
            evicted[level] = 0;
            if (level == 0 || cache.Inclusion != Inclusion.Exclusive)
            {
                evicted[level] = cache.Displace(number >>> cache.BlockShift, tag, by);
                if (evicted[level] == SetAssociative.Held) break;
                filled = level;
            }
            else if (cache.Take(number >>> cache.BlockShift, tag))
            {
                fromBelow = cache.TakeDirt(tag);
                break;
            }
        }
        if (fromBelow) path[filled].Soil(line >> path[filled].BlockShift);
        if (write) path[0].Soil(line >> path[0].BlockShift);
        for (var lost = 0; lost <= level && lost < path.Length; lost++)
        {
            if (evicted[lost] > 0) Leave(path, lost, evicted[lost], by);
        }
        return level;
    }

    void Leave(Cache[] path, int level, int tag, int by)
    {
        while (tag != 0)
        {
            var cache = path[level];
            var isDirty = Retire(cache, tag, by);
            if (++level == path.Length) return;
            if (path[level].Inclusion != Inclusion.Exclusive)
            {
                if (isDirty) WriteBack(path, level - 1, tag);
                return;
            }
            tag = path[level].Insert(NumberOf(cache, tag), tag, isDirty, by);
        }
    }

    bool Retire(Cache cache, int tag, int by) => cache.Inclusion == Inclusion.Inclusive ? cache.Retire(NumberOf(cache, tag), tag, by) : cache.Retire(tag);

    // To the next level that holds the line, or to memory.
    void WriteBack(Cache[] path, int from, int tag)
    {
        var line = tag << path[from].BlockShift;
        for (var level = from + 1; level < path.Length; level++)
        {
            var below = line >> path[level].BlockShift;
            if (path[level].WriteInto(NumberOf(path[level], below), below)) return;
        }
    }

    long NumberOf(Cache cache, int tag) => blocks is null ? tag : (long)(blocks.Block(tag << cache.BlockShift) >> cache.BlockShift);

    static void Connect(Cache[] path)
    {
        for (var level = 1; level < path.Length; level++)
        {
            var cache = path[level];
            if (cache.BlockShift < path[level - 1].BlockShift)
                throw new ArgumentException($"{cache.Name} has smaller blocks than {path[level - 1].Name} above it", nameof(path));
            if (cache.Inclusion == Inclusion.Exclusive && cache.BlockShift != path[level - 1].BlockShift)
                throw new ArgumentException($"{cache.Name} is exclusive of {path[level - 1].Name}, which has blocks of another size", nameof(path));
            if (cache.Inclusion != Inclusion.Inclusive) continue;
            for (var upper = 0; upper < level; upper++) cache.Include(path[upper]);
        }
    }
}
