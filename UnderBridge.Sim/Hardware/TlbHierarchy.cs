namespace UnderBridge.Sim.Hardware;

/// <summary>The TLB that serves each page size; one may serve several.</summary>
sealed record TlbsBySize(Cache? Small, Cache? Large, Cache? Huge)
{
    public Cache? this[PageSize size] => size switch { PageSize.Small => Small, PageSize.Large => Large, _ => Huge };
}

/// <summary>
/// First-level TLBs for instructions and data, and a second level that may be one for both and may leave out page sizes. The page number selects the
/// set; the tag names the translation, with the tag of its address space in its high bits (0 for global pages).
/// </summary>
sealed class TlbHierarchy
{
    /// <summary>Results of an access.</summary>
    public const int FirstLevelHit = 0, StlbHit = 1, Walk = 2;

    public const int Levels = 2;

    static readonly int Sizes = PageSizes.All.Count;

    readonly Cache[] first;
    readonly Cache?[] second;
    readonly CachePath[] paths;
    readonly Cache[] all;

    /// <summary>The first level must serve every page size.</summary>
    public TlbHierarchy(TlbsBySize instructions, TlbsBySize data, TlbsBySize secondInstructions, TlbsBySize secondData)
    {
        first = [.. Each(data, instructions).Select(tlb => tlb ?? throw new ArgumentException("a page size has no first-level TLB"))];
        second = [.. Each(secondData, secondInstructions)];
        paths = [.. first.Zip(second, (one, two) => new CachePath(two is null ? [one] : [one, two]))];
        all = [.. first.Concat(second).OfType<Cache>().Distinct()];
    }

    /// <summary>A hierarchy in which pages of 1 GB share the TLBs of those of 2 MB.</summary>
    public TlbHierarchy(Cache itlb4K, Cache itlb2M, Cache dtlb4K, Cache dtlb2M, Cache stlb)
        : this(new(itlb4K, itlb2M, itlb2M), new(dtlb4K, dtlb2M, dtlb2M), new(stlb, stlb, stlb), new(stlb, stlb, stlb)) { }

    /// <summary>Each TLB once.</summary>
    public IReadOnlyList<Cache> All => all;

    public Cache First(bool fetch, PageSize size) => first[Index(fetch, size)];

    /// <summary>The second-level TLB; null where pages of this size have none.</summary>
    public Cache? Second(bool fetch, PageSize size) => second[Index(fetch, size)];

    /// <summary>An access of an owner that hits the first level, in the owner's ghost too, or nothing: false leaves all as it was.</summary>
    internal bool TryHit(int page, int tag, bool fetch, PageSize size, int who) => paths[Index(fetch, size)].First.TryHitBoth(page, tag, who);

    /// <summary>Accesses of an owner to the pages of a batch, which tells what each came to, in the owner's ghost too, and whom to blame.</summary>
    internal void Access(ReferenceBatch pages, bool fetch, PageSize size, int who)
    {
        var index = Index(fetch, size);
        paths[index].Access(pages, who);
        if (second[index] is null) WithoutSecond(pages);
    }

    /// <summary>From now on, <paramref name="ghost"/> is that of an owner.</summary>
    internal void AddGhost(TlbHierarchy ghost, int who)
    {
        for (var index = 0; index < paths.Length; index++) paths[index].AddGhost(ghost.paths[index], who);
    }

    /// <summary>True when a level that fetches, or data accesses, would find a translation in is holding it.</summary>
    public bool Holds(int page, int tag, bool fetch, PageSize size) =>
        First(fetch, size).Contains(page, tag) || Second(fetch, size) is { } stlb && stlb.Contains(page, tag);

    /// <summary>Drops all but global translations. Returns how many went.</summary>
    public int FlushNonGlobal(int by)
    {
        var count = 0;
        foreach (var tlb in all) count += tlb.Keep(AddressSpace.TagMask, 0, by);
        return count;
    }

    /// <summary>Drops the translations of one address-space tag. Returns how many went.</summary>
    public int FlushSpace(int spaceTag, int by) => Drop(AddressSpace.TagMask, spaceTag << AddressSpace.TranslationBits, by);

    /// <summary>Drops every translation. Returns how many went.</summary>
    public int FlushAll(int by) => Drop(0, 0, by);

    /// <summary>Drops one translation.</summary>
    public void Invalidate(int page, int tag, PageSize size, int by)
    {
        foreach (var fetch in (ReadOnlySpan<bool>)[false, true])
        {
            First(fetch, size).Remove(page, tag, by);
            Second(fetch, size)?.Remove(page, tag, by);
        }
    }

    int Drop(int mask, int value, int by)
    {
        var count = 0;
        foreach (var tlb in all) count += tlb.Drop(mask, value, by);
        return count;
    }

    static IEnumerable<Cache?> Each(TlbsBySize data, TlbsBySize instructions) =>
        new[] { data, instructions }.SelectMany(tlbs => PageSizes.All.Select(size => tlbs[size]));

    // Where a size has no second level, what the first misses is walked for.
    static int WithoutSecond(int level) => level == FirstLevelHit ? FirstLevelHit : Walk;

    static void WithoutSecond(ReferenceBatch pages)
    {
        pages.BeginLevel(1);
        for (var miss = 0; miss < pages.Misses; miss++)
        {
            pages.Blame(1, pages.Index(miss), pages.Culprit(0, miss));
            pages.Note(pages.Index(miss), WithoutSecond(pages.Level(miss)), WithoutSecond(pages.LevelAlone(miss)));
        }
        pages.EndLevel();
    }

    static int Index(bool fetch, PageSize size) => (fetch ? Sizes : 0) + (int)size;
}
