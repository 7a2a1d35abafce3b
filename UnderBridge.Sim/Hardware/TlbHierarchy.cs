namespace UnderBridge.Sim.Hardware;

/// <summary>
/// First-level TLBs for instructions and data, each in two for 4 KB and 2 MB pages, and a second-level TLB for all. The page number selects the
/// set; the tag names the translation, with the address-space tag in its high bits (0 for global pages).
/// </summary>
public sealed class TlbHierarchy(Cache itlb4K, Cache itlb2M, Cache dtlb4K, Cache dtlb2M, Cache stlb)
{
    /// <summary>Results of <see cref="Access"/>.</summary>
    public const int FirstLevelHit = 0, StlbHit = 1, Walk = 2;

    public Cache Itlb4K => itlb4K;
    public Cache Itlb2M => itlb2M;
    public Cache Dtlb4K => dtlb4K;
    public Cache Dtlb2M => dtlb2M;
    public Cache Stlb => stlb;

    public int Access(int page, int tag, bool fetch, PageSize size, int by = 0)
    {
        if (First(fetch, size).Access(page, tag, by)) return FirstLevelHit;
        return stlb.Access(page, tag, by) ? StlbHit : Walk;
    }

    /// <summary>Drops all but global translations, as a CR3 write without PCID does. Returns how many went.</summary>
    public int FlushNonGlobal(int by) =>
        Flush(itlb4K, by) + Flush(itlb2M, by) + Flush(dtlb4K, by) + Flush(dtlb2M, by) + Flush(stlb, by);

    /// <summary>Drops one translation, as INVLPG does.</summary>
    public void Invalidate(int page, int tag, PageSize size, int by)
    {
        First(fetch: true, size).Remove(page, tag, by);
        First(fetch: false, size).Remove(page, tag, by);
        stlb.Remove(page, tag, by);
    }

    /// <summary>Who pushed a translation out of a level (0 first level, 1 STLB).</summary>
    public int Culprit(int level, int page, int tag, bool fetch, PageSize size, int victim) =>
        (level > 0 ? stlb : First(fetch, size)).Culprit(page, tag, victim);

    static int Flush(Cache tlb, int by) => tlb.Keep(AddressSpace.TagMask, 0, by);

    Cache First(bool fetch, PageSize size) => size == PageSize.Small
        ? fetch ? itlb4K : dtlb4K
        : fetch ? itlb2M : dtlb2M;
}
