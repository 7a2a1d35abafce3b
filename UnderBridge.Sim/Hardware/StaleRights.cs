namespace UnderBridge.Sim.Hardware;

/// <summary>
/// The rights that a core's TLB entries still carry after the page table changed. An entry is found out of date when it is no longer held: whoever
/// dropped it, the next access walks the changed table.
/// </summary>
sealed class StaleRights(TlbHierarchy tlbs)
{
    readonly Dictionary<(int Tag, bool Fetch), PageRights> held = [];

    /// <summary>Remembers the rights of the entries of a region that are held under a tag of its first page, before they change.</summary>
    public void Keep(Region region, int translation)
    {
        for (var page = 0; page < region.Pages; page++)
        {
            foreach (var fetch in (ReadOnlySpan<bool>)[false, true])
            {
                if (Holds(region, page, translation, fetch) && held.TryAdd((translation + page, fetch), region.Rights)) region.StaleTranslations++;
            }
        }
    }

    /// <summary>The rights with which a page is still held, or null when the page table decides.</summary>
    public PageRights? Of(Region region, int page, int translation, bool fetch)
    {
        // What a flush dropped is found out before an access of the other kind brings a new entry into a level that both share.
        Held(region, page, translation, !fetch);
        return Held(region, page, translation, fetch);
    }

    PageRights? Held(Region region, int page, int translation, bool fetch)
    {
        var key = (translation + page, fetch);
        if (!held.TryGetValue(key, out var rights)) return null;
        if (Holds(region, page, translation, fetch)) return rights;
        held.Remove(key);
        region.StaleTranslations--;
        return null;
    }

    bool Holds(Region region, int page, int translation, bool fetch) =>
        tlbs.Holds(region.FirstPage + page, translation + page, fetch, region.PageSize);
}
