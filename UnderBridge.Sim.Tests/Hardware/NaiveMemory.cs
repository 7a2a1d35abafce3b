using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

/// <summary>What docs/memtrace.md says, written to be read: the oracle of the structures that are written to be fast.</summary>
sealed class NaiveMemory(MemoryGeometry geometry)
{
    readonly NaiveHierarchy caches = new(geometry.Caches, writeBack: true);
    readonly NaiveHierarchy tlbs = new(geometry.Tlbs, writeBack: false);

    public IEnumerable<NaiveLevel> Levels => caches.Levels.Concat(tlbs.Levels);

    public void Access(ulong address, Access access)
    {
        caches.Access(address, access);
        tlbs.Access(address, access);
    }

    public void Flush()
    {
        caches.Flush();
        tlbs.Flush();
    }
}

sealed class NaiveHierarchy(IReadOnlyList<LevelGeometry> geometry, bool writeBack)
{
    public List<NaiveLevel> Levels { get; } = [.. geometry.Select(level => new NaiveLevel(level))];

    public void Access(ulong address, Access access)
    {
        var chain = Chain(access == Sim.Hardware.Access.Fetch ? Side.Instruction : Side.Data);
        var victims = new List<(NaiveLevel Level, NaiveLine Line)>();
        NaiveLevel? lastFilled = null;
        foreach (var level in chain)
        {
            level.Accesses++;
            var held = level.Find(address);
            if (held is null) level.Misses++;
            if (level.IsVictimCacheIn(chain))
            {
                if (held is null) continue;
                level.Remove(held);
                if (held.Dirty) lastFilled!.Find(address)!.Dirty = true;
                break;
            }
            if (held is not null)
            {
                level.Touch(held);
                break;
            }
            if (level.Fill(address, dirty: false) is { } victim) victims.Add((level, victim));
            lastFilled = level;
        }
        if (access == Sim.Hardware.Access.Write && writeBack && chain.Count > 0) chain[0].Find(address)!.Dirty = true;
        foreach (var (level, line) in victims) Leave(chain, level, line);
    }

    public void Flush()
    {
        foreach (var level in Levels.OrderBy(level => level.Geometry.Side == Side.Unified))
            foreach (var line in level.RemoveAll()) WriteBack(level, line);
    }

    void Leave(List<NaiveLevel> chain, NaiveLevel level, NaiveLine line)
    {
        if (level.Geometry.Inclusion == Inclusion.Inclusive) InvalidateAbove(level, line);
        var below = chain.SkipWhile(other => other != level).Skip(1).FirstOrDefault();
        if (below is not null && below.IsVictimCacheIn(chain))
        {
            if (line.Dirty) level.DirtyEvictions++;
            if (below.Put(line) is { } next) Leave(chain, below, next);
        }
        else WriteBack(level, line);
    }

    void InvalidateAbove(NaiveLevel level, NaiveLine line)
    {
        foreach (var upper in Above(level))
        {
            foreach (var copy in upper.Within(line.Address, level.Geometry.BlockBytes))
            {
                upper.Remove(copy);
                if (!copy.Dirty) continue;
                upper.DirtyEvictions++;
                line.Dirty = true;
            }
        }
    }

    void WriteBack(NaiveLevel level, NaiveLine line)
    {
        if (!line.Dirty) return;
        level.DirtyEvictions++;
        var side = level.Geometry.Side == Side.Unified ? Side.Data : level.Geometry.Side;
        var copy = Chain(side).SkipWhile(other => other != level).Skip(1).Select(below => below.Find(line.Address)).FirstOrDefault(found => found is not null);
        if (copy is not null) copy.Dirty = true;
    }

    List<NaiveLevel> Chain(Side side) => [.. Levels.Where(level => level.Geometry.Side == side || level.Geometry.Side == Side.Unified)];

    IEnumerable<NaiveLevel> Above(NaiveLevel level) =>
        Levels.TakeWhile(other => other != level).Where(other => level.Geometry.Side == Side.Unified || other.Geometry.Side == level.Geometry.Side);
}

sealed class NaiveLine(ulong address)
{
    /// <summary>Of its first byte.</summary>
    public ulong Address { get; } = address;

    public bool Dirty { get; set; }
    public long Filled { get; set; }
    public long Used { get; set; }
}

/// <summary>Sets of ways; a line has time stamps for LRU and FIFO, a set has a tree for tree-PLRU.</summary>
sealed class NaiveLevel(LevelGeometry geometry)
{
    readonly NaiveLine?[][] sets = [.. Enumerable.Range(0, geometry.Sets).Select(_ => new NaiveLine?[geometry.Ways])];
    readonly NaiveTree[] trees = [.. Enumerable.Range(0, geometry.Sets).Select(_ => new NaiveTree(0, geometry.Ways))];
    long clock;

    public LevelGeometry Geometry => geometry;
    public long Accesses { get; set; }
    public long Misses { get; set; }
    public long DirtyEvictions { get; set; }

    /// <summary>An exclusive level has a level to take victims from, unless it is the first of a chain.</summary>
    public bool IsVictimCacheIn(List<NaiveLevel> chain) => geometry.Inclusion == Inclusion.Exclusive && chain[0] != this;

    public NaiveLine? Find(ulong address) => SetOf(address).FirstOrDefault(line => line?.Address == First(address));

    public IEnumerable<NaiveLine> Within(ulong address, int bytes) =>
        sets.SelectMany(set => set).OfType<NaiveLine>().Where(line => line.Address >= address && line.Address - address < (ulong)bytes).ToList();

    public void Touch(NaiveLine line)
    {
        line.Used = ++clock;
        trees[Index(line.Address)].PointAwayFrom(Array.IndexOf(SetOf(line.Address), line));
    }

    public NaiveLine? Fill(ulong address, bool dirty)
    {
        var line = new NaiveLine(First(address)) { Dirty = dirty, Filled = ++clock };
        var set = SetOf(address);
        var way = Array.IndexOf(set, null);
        if (way < 0) way = Victim(address);
        var victim = set[way];
        set[way] = line;
        Touch(line);
        return victim;
    }

    /// <summary>Takes a victim from above; one that is held already only becomes recent, as by a hit.</summary>
    public NaiveLine? Put(NaiveLine line)
    {
        if (Find(line.Address) is not { } held) return Fill(line.Address, line.Dirty);
        held.Dirty |= line.Dirty;
        Touch(held);
        return null;
    }

    public void Remove(NaiveLine line)
    {
        var set = SetOf(line.Address);
        set[Array.IndexOf(set, line)] = null;
    }

    public List<NaiveLine> RemoveAll()
    {
        var all = sets.SelectMany(set => set).OfType<NaiveLine>().ToList();
        foreach (var line in all) Remove(line);
        return all;
    }

    int Victim(ulong address)
    {
        var set = SetOf(address);
        return geometry.Replacement switch
        {
            Replacement.Lru => Array.IndexOf(set, set.MinBy(line => line!.Used)),
            Replacement.Fifo => Array.IndexOf(set, set.MinBy(line => line!.Filled)),
            _ => trees[Index(address)].Victim,
        };
    }

    NaiveLine?[] SetOf(ulong address) => sets[Index(address)];

    int Index(ulong address) => (int)(address / (ulong)geometry.BlockBytes % (ulong)geometry.Sets);

    ulong First(ulong address) => address / (ulong)geometry.BlockBytes * (ulong)geometry.BlockBytes;
}

/// <summary>Halves of a range of ways, which remember where to evict from next; at first the lower half.</summary>
sealed class NaiveTree
{
    readonly int first, count;
    readonly NaiveTree? lower, upper;
    bool evictUpper;

    public NaiveTree(int first, int count)
    {
        (this.first, this.count) = (first, count);
        if (count < 2) return;
        lower = new NaiveTree(first, count / 2);
        upper = new NaiveTree(first + count / 2, count - count / 2);
    }

    public int Victim => lower is null ? first : (evictUpper ? upper! : lower).Victim;

    public void PointAwayFrom(int way)
    {
        if (lower is null) return;
        evictUpper = way < first + count / 2;
        (evictUpper ? lower : upper!).PointAwayFrom(way);
    }
}
