namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Walks page tables for a core. Paging-structure caches hold PML4Es, PDPTEs and PDEs that point to tables, tagged like TLB entries (Intel SDM vol. 3,
/// 4.10.3); the entries they do not save are read through the data caches, one after the other. Under EPT each table lies at a guest-physical address, and so does
/// the page: each is translated by entries of EPT tables, of which a nested TLB saves those it holds. That makes 24 references at most.
/// </summary>
sealed class PageWalker
{
    readonly PageTables tables;
    readonly Cache[] structures;
    readonly Cache nested;
    readonly PageSize? eptPages;

    /// <summary>By cache level, from the first level to memory: how many references of the last walk it ended.</summary>
    readonly int[] references;

    /// <summary>With <paramref name="eptPages"/>, memory is virtualised by EPT in pages of that size.</summary>
    public PageWalker(PageTables tables, Cache pml4es, Cache pdptes, Cache pdes, Cache nested, PageSize? eptPages, int cacheLevels)
    {
        this.tables = tables;
        // By the level of the entries; level 0 maps pages and belongs to the TLBs.
        structures = [pdes, pdes, pdptes, pml4es];
        this.nested = nested;
        this.eptPages = eptPages;
        references = new int[cacheLevels + 1];
        All = [pml4es, pdptes, pdes, nested];
    }

    /// <summary>Each of its caches once.</summary>
    public IReadOnlyList<Cache> All { get; }

    public ReadOnlySpan<int> References => references;

    /// <summary>The level whose cached entry the last walk began below; the root when none was held.</summary>
    public int Start { get; private set; }

    /// <summary>The line of the last walk that was farthest away, and the level that held it.</summary>
    public (int Line, int Level) Farthest { get; private set; }

    /// <summary>Walks to the entry that maps a page, filling the paging-structure caches.</summary>
    public void Walk(TablePath path, long vpn, int frame, int eptView, CacheHierarchy caches, int by)
    {
        Array.Clear(references);
        Farthest = (0, -1);
        Start = path.Leaf;
        while (Start < PageTables.Root && !Structure(Start + 1).Lookup(0, StructureTag(path, Start + 1, vpn), by)) Start++;
        for (var level = Start; level >= path.Leaf; level--)
        {
            var table = path.Table(level, vpn);
            if (eptPages is { } size) TranslateGuest(tables.Frame(table), size, eptView, caches, by);
            Read(tables.EntryLine(table, level, vpn), caches, by);
        }
        if (eptPages is { } pageSize) TranslateGuest(frame, pageSize, eptView, caches, by);
    }

    /// <summary>Who pushed out the paging-structure entry that would have saved the reads of a level.</summary>
    public int Culprit(TablePath path, int level, long vpn, int victim) => Structure(level + 1).Blamed(0, StructureTag(path, level + 1, vpn), victim);

    // No paging-structure entry is global.
    public void FlushAll(int by)
    {
        for (var level = 1; level < structures.Length; level++) structures[level].Drop(0, 0, by);
    }

    public void FlushSpace(int spaceTag, int by)
    {
        for (var level = 1; level < structures.Length; level++)
            structures[level].Drop(AddressSpace.TagMask, spaceTag << AddressSpace.TranslationBits, by);
    }

    Cache Structure(int level) => structures[level];

    // An entry is known by the table it points to.
    static int StructureTag(TablePath path, int level, long vpn) => path.SpaceTag << AddressSpace.TranslationBits | path.Table(level - 1, vpn);

    // What invalidates translations by virtual address or PCID leaves the nested ones alone (Intel SDM vol. 3, 28.3.3.1). EPT tables have no caches of their own here.
    void TranslateGuest(int frame, PageSize size, int eptView, CacheHierarchy caches, int by)
    {
        var page = frame >> (PageSizes.BitsPerLevel * (int)size);
        if (nested.Lookup(page, NestedTag(page, eptView), by)) return;
        for (var level = PageTables.Root; level >= (int)size; level--)
            Read(tables.EntryLine(tables.Table(EptScopes[eptView], level, frame), level, frame), caches, by);
    }

    const int FrameBits = 24;
    static readonly string[] EptScopes = [.. Enumerable.Range(0, 1 << (31 - FrameBits - 1)).Select(view => FormattableString.Invariant($"EPT view {view}"))];

    static int NestedTag(int page, int eptView) => (eptView + 1) << FrameBits | page;

    void Read(int line, CacheHierarchy caches, int by)
    {
        var level = caches.Access(line, Access.Read, by);
        references[level]++;
        if (level > Farthest.Level) Farthest = (line, level);
    }
}
