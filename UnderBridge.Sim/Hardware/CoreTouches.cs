using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>How a core touches pages and their lines: together, as far as nothing depends on the order of single references.</summary>
public sealed partial class Core
{
    readonly ReferenceBatch pages = new(TlbHierarchy.Levels);
    readonly ReferenceBatch lines;
    int pagesTogether = ReferenceBatch.Room;
    int linesTogether;
    PageTouch[] touches = new PageTouch[ReferenceBatch.Room];

    /// <summary>So many references go together at most; that changes how long a simulation takes, and nothing else.</summary>
    internal void GoTogether(int most) => (pagesTogether, linesTogether) = (most, Math.Min(most, linesTogether));

    /// <summary>Touches consecutive lines of a region, as a copy does.</summary>
    internal void Touch(Owner owner, Region region, int firstLine, int count, bool write, bool refillInPrice = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstLine);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstLine + count, region.Lines);
        BeginOnce(owner);
        var touched = 0;
        for (; count > 0; touched++)
        {
            if (touched == touches.Length) Array.Resize(ref touches, 2 * touched);
            var (page, line) = Math.DivRem(firstLine, region.LinesPerPage);
            var lines = Math.Min(count, region.LinesPerPage - line);
            touches[touched] = new PageTouch(page, line, lines);
            firstLine += lines;
            count -= lines;
        }
        Touch(region, write ? Access.Write : Access.Read, touches.AsSpan(0, touched));
        Settle(refillInPrice);
    }

    /// <summary>Touches lines drawn from a working set.</summary>
    internal void Touch(Owner owner, WorkingSet set, int codeLines, int dataLines, bool refillInPrice = false)
    {
        BeginOnce(owner);
        TouchDrawn(set, codeLines, Access.Fetch);
        TouchDrawn(set, dataLines, Access.Read);
        Settle(refillInPrice);
    }

    void TouchDrawn(WorkingSet set, int count, Access access)
    {
        var region = access == Access.Fetch ? set.Code : set.Data;
        for (int drawn; count > 0; count -= drawn)
        {
            drawn = Math.Min(count, ReferenceBatch.Room);
            foreach (ref var touch in touches.AsSpan(0, drawn))
            {
                var (page, line) = Math.DivRem(set.NextLine(code: access == Access.Fetch), region.LinesPerPage);
                touch = new PageTouch(page, line, 1);
            }
            Touch(region, access, touches.AsSpan(0, drawn));
        }
    }

    void Touch(Region region, Access access, ReadOnlySpan<PageTouch> touches)
    {
        while (touches.Length > 0)
        {
            // Rights out of date belong to single pages, and an access may end them.
            var together = Math.Min(region.StaleTranslations == 0 ? pagesTogether : 1, touches.Length);
            TouchTogether(region, access, touches[..together]);
            touches = touches[together..];
        }
    }

    void TouchTogether(Region region, Access access, ReadOnlySpan<PageTouch> touches)
    {
        var rule = Check(region, access, touches[0].Page);
        if (rule != ProtectionRule.Allowed && region.StaleTranslations != 0) rule = CheckAgain(region, access, touches[0].Page);
        if (rule != ProtectionRule.Allowed)
        {
            foreach (ref readonly var touch in touches) faults.Add(new Fault(running, region, touch.Page, access, rule));
            return;
        }
        var translated = Translate(region, touches, access == Access.Fetch);
        lines.Begin();
        var miss = 0;
        for (var n = 0; n < touches.Length; n++)
        {
            ref readonly var touch = ref touches[n];
            if (n >= translated && pages.IsOf(miss, n - translated)) TlbStall(region, touch.Page, access, miss++);
            TouchLines(region.PhysicalLine(touch.Page, touch.FirstLine), touch.Lines, access);
            if (touch.Branches == 0 || branches is null) continue;
            EndLines(access);
            Branch(branches, region.PhysicalLine(touch.Page, touch.FirstLine), touch.Lines, touch.Branches);
        }
        EndLines(access);
    }

    // How many pages were held before the first that was not; it and those after it are in the batch.
    int Translate(Region region, ReadOnlySpan<PageTouch> touches, bool fetch)
    {
        var first = Math.Abs(region.Translation(spaceTag));
        var held = 0;
        while (held < touches.Length && tlbs.TryHit(region.FirstPage + touches[held].Page, first + touches[held].Page, fetch, region.PageSize, who)) held++;
        if (held == touches.Length) return held;
        pages.Begin(first - region.FirstPage);
        var tags = pages.Add(touches.Length - held);
        for (var n = 0; n < tags.Length; n++) tags[n] = first + touches[held + n].Page;
        tlbs.Access(pages, fetch, region.PageSize, who);
        return held;
    }

    void TouchLines(int line, int count, Access access)
    {
        if (lines.Count == 0 && machine.Ownership is null)
        {
            var held = caches.SkipHits(line, count, access, who);
            line += held;
            count -= held;
        }
        while (count > 0)
        {
            var more = Math.Min(count, linesTogether - lines.Count);
            lines.AddRun(line, more);
            line += more;
            count -= more;
            if (lines.Count == linesTogether) EndLines(access);
        }
    }

    // The lines that have been gathered are accessed; with other cores on the machine, each may be another's.
    void EndLines(Access access)
    {
        if (lines.Count == 0) return;
        caches.Access(lines, access, who);
        if (machine.Ownership is { } ownership) PassOn(ownership, access);
        else for (var miss = 0; miss < lines.Misses; miss++) CacheStall(access, miss);
        lines.Begin();
    }

    void PassOn(LineOwnership ownership, Access access)
    {
        var miss = 0;
        for (var n = 0; n < lines.Count; n++)
        {
            var writer = ownership.Touch(lines[n], Index, who, access == Access.Write);
            var missed = lines.IsOf(miss, n);
            if (writer != 0) TransferStall(access, missed ? lines.LevelAlone(miss) : 0, writer);
            else if (missed) CacheStall(access, miss);
            if (missed) miss++;
        }
    }

    // A branch is known by the part of a line that it lies in; branches lie evenly.
    void Branch(Cache predictor, int line, int lines, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var branch = Footprint.BranchesALine * line + n * Footprint.BranchesALine * lines / count;
            var found = predictor.Lookup(ghost.Branches!, branch, branch, who);
            if ((found & Cache.InCache) != 0) continue;
            var alone = found != 0;
            branchStalls.Add(0, alone ? 0 : prices.Mispredict, alone ? prices.Mispredict : 0);
            if (alone) Blame(predictor.Blamed(branch, branch, who), prices.Mispredict);
        }
    }
}
