namespace UnderBridge.Sim.Hardware;

/// <summary>What a miss costs, how much of it is pollution, and whose.</summary>
public sealed partial class Core
{
    void TlbStall(Region region, int page, Access access, int miss)
    {
        var (level, alone) = (pages.Level(miss), pages.LevelAlone(miss));
        // Walks read through the caches, after the lines of the pages before; and what is blamed is booked in order.
        if (level == TlbHierarchy.Walk || alone == TlbHierarchy.Walk || level > alone) EndLines(access);
        var real = level == TlbHierarchy.Walk ? Walk(walker, caches, region, page, who) : prices.Tlb[level];
        var unavoidable = alone == TlbHierarchy.Walk ? Walk(ghost.Walker, ghost.Caches, region, page, by: 0) : prices.Tlb[alone];
        if (level == 0) return;
        var refillLeft = Math.Min(real, unavoidable);
        tlbStalls.AddPart(level, prices.Tlb[level], ref refillLeft);
        if (level == TlbHierarchy.Walk && walker is not null) AddReferences(walker.References, ref refillLeft);
        if (real > unavoidable) BlameTranslation(region, page, miss, real - unavoidable);
    }

    double Walk(PageWalker? walker, CacheHierarchy caches, Region region, int page, int by)
    {
        var cycles = prices.Tlb[TlbHierarchy.Walk];
        if (walker is null) return cycles;
        walker.Walk(region.Path(spaceTag), region.Vpn(page), region.Frames[page], EptView, caches, by);
        for (var level = 0; level < walker.References.Length; level++)
            cycles += walker.References[level] * (prices.FirstLevel + prices.BeyondFirstLevel[level]);
        return cycles;
    }

    void AddReferences(ReadOnlySpan<int> references, ref double refillLeft)
    {
        var count = 0;
        for (var level = 0; level < references.Length; level++)
        {
            count += references[level];
            if (level > 0 && references[level] != 0)
                tlbStalls.AddPart(StallPrices.References + level, references[level] * prices.BeyondFirstLevel[level], ref refillLeft);
        }
        tlbStalls.AddPart(StallPrices.References, count * prices.FirstLevel, ref refillLeft);
    }

    // Each TLB level that the owner alone would still have had is blamed on whoever took it there. Of two walks the longer one is blamed on whoever
    // took the paging-structure entry that would have shortened it, or else the line that was farthest away.
    void BlameTranslation(Region region, int page, int miss, double cycles)
    {
        if (pages.LevelAlone(miss) == TlbHierarchy.Walk)
        {
            Blame(WalkCulprit(region, page), cycles);
            return;
        }
        var first = pages.LevelAlone(miss) == 0 ? Math.Min(cycles, prices.Tlb[TlbHierarchy.StlbHit]) : 0;
        if (first != 0) Blame(pages.Culprit(0, miss), first);
        if (cycles > first) Blame(pages.Culprit(1, miss), cycles - first);
    }

    int WalkCulprit(Region region, int page)
    {
        if (walker!.Start > ghost.Walker!.Start) return walker.Culprit(region.Path(spaceTag), ghost.Walker.Start, region.Vpn(page), who);
        var (line, level) = walker.Farthest;
        return level > 0 ? caches.WalkCulprit(level - 1, line, who) : who;
    }

    void CacheStall(Access access, int miss)
    {
        var (level, alone) = (lines.Level(miss), lines.LevelAlone(miss));
        if (level == 0) return;
        var stall = access == Access.Fetch ? prices.Fetch : prices.Data;
        cacheStalls.Add(level, Math.Min(stall[level], stall[alone]), Math.Max(0, stall[level] - stall[alone]));
        if (stall[level] <= stall[alone]) return;
        // Each level that the owner alone would still have had is blamed on whoever took it there.
        for (var lost = alone; lost < level; lost++) Blame(lines.Culprit(lost, miss), stall[lost + 1] - stall[lost]);
    }

    // The writer is to blame that the line is no longer where the owner alone would still have it.
    void TransferStall(Access access, int alone, int writer)
    {
        var stall = access == Access.Fetch ? prices.Fetch : prices.Data;
        var transfer = stall[StallPrices.OtherCore];
        var refill = writer == who ? transfer : Math.Min(transfer, stall[alone]);
        cacheStalls.Add(StallPrices.OtherCore, refill, transfer - refill);
        if (transfer > refill) Blame(writer, transfer - refill);
    }

    void Blame(int culprit, double cycles) => books.Blame(who - 1, culprit - 1, cycles);

    void Settle(bool refillInPrice)
    {
        var refill = tlbStalls.Settle(books, refillInPrice) + cacheStalls.Settle(books, refillInPrice) + branchStalls.Settle(books, refillInPrice);
        if (refill != 0) books.Refill(who - 1, refill);
    }
}
