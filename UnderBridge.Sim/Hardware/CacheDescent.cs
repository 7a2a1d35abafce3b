using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static UnderBridge.Sim.Hardware.ReferenceBatch;

namespace UnderBridge.Sim.Hardware;

/// <summary>One level of a hierarchy, looked up for a batch of references.</summary>
sealed unsafe partial class Cache
{
    // So few are looked up one by one.
    const int Few = 8;

    /// <summary>
    /// Looks up what no level above held of a batch, here and in a ghost of <paramref name="who"/>, in order, and fills in what is missing. Whom to blame for what the ghost still
    /// has is noted at once, since what comes later may push it out again.
    /// </summary>
    internal void Descend(ReferenceBatch batch, int level, int who)
    {
        Debug.Assert(ghosts[who] is not null, "an owner without a ghost");
        var count = batch.BeginLevel(level);
        if (count <= Few || !owners.Exist)
        {
            for (var n = 0; n < count; n++) LookUp(batch, n, level, who);
        }
        else if (rows.AreOneVector) Descend<LruRows.OneVector>(batch, count, level, who);
        else Descend<LruRows.TwoVectors>(batch, count, level, who);
        batch.EndLevel();
    }

    /// <summary>Accesses numbers that follow one another, and are their own tags, as long as both this and the ghost of <paramref name="who"/> hold them, or not so long.</summary>
    internal int SkipHits(int number, int count, int who)
    {
        if (!owners.Exist || !rows.AreOneVector || !index.IsMasked) return 0;
        var ghost = ghosts[who]!;
        var run = 0;
        for (var on = true; on && run < count;)
        {
            var set = index.Of(number + run);
            var upToTheLastSet = Math.Min(count - run, entries.Sets - set);
            var held = rows.Run(ghost.rows, owners, who, set, number + run, upToTheLastSet);
            on = held == upToTheLastSet;
            run += held;
        }
        accesses += run;
        ghost.accesses += run;
        return run;
    }

    /// <summary>An access that hits both, or nothing: false leaves all as it was.</summary>
    internal bool TryHitBoth(int number, int tag, int who)
    {
        if (!owners.Exist || !rows.AreOneVector) return false;
        var ghost = ghosts[who]!;
        var set = index.Of(number);
        // A page is often the one that was accessed last in its set; where a set is not nobody's, the ghost's is empty.
        var inFront = rows.Newest(set) == tag && ghost.rows.Newest(set) == tag;
        if (!inFront && rows.Run(ghost.rows, owners, who, set, tag, 1) == 0) return false;
        accesses++;
        ghost.accesses++;
        return true;
    }

    void Descend<TRow>(ReferenceBatch batch, int count, int level, int who) where TRow : struct, LruRows.IRow
    {
        if (level != 0) Prepare<TRow>(batch, count, who);
        for (var n = 0; n < count;)
        {
            var miss = level == 0 ? n : batch.List[n];
            var whose = owners.Whose(index.Of(batch[miss & IndexMask] - batch.Offset));
            if (whose >= SetOwners.Nobodys) n = level == 0 ? FirstShared<TRow>(batch, n, count, who) : NextShared<TRow>(batch, n, count, level, who);
            else if (whose == who && miss >> HereShift == InNeither(level)) n = level == 0 ? FirstOwn<TRow>(batch, n, count, who) : NextOwn<TRow>(batch, n, count, level, who);
            else LookUp(batch, n++, level, who);
        }
    }

    // What is in a miss above its index when no level above held it, in the cache or in the ghost.
    static int InNeither(int level) => level * (Here + Alone) >> HereShift;

    // Finds the sets, and has the host fetch them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Prepare<TRow>(ReferenceBatch batch, int count, int who) where TRow : struct, LruRows.IRow
    {
        var (tags, list, sets, offset) = ((nint)batch.Tags, (nint)batch.List, (nint)batch.Sets, batch.Offset);
        var (first, ghostFirst, owner, index) = ((nint)rows.First, (nint)ghosts[who]!.rows.First, (nint)owners.First, this.index);
        for (nint n = 0; n < count; n++)
        {
            var set = (nint)index.Of(((int*)tags)[((int*)list)[n] & IndexMask] - offset);
            ((int*)sets)[n] = (int)set;
            if (!Sse.IsSupported) continue;
            Sse.Prefetch0((int*)first + set * TRow.Stride);
            if (((byte*)owner)[set] != who) Sse.Prefetch0((int*)ghostFirst + set * TRow.Stride);
        }
    }

    // The four below begin with one reference, and go on as long as they find what they are for: sets that are the owner's alone, or nobody's, at the first level, or at a lower
    // one. Each is a method of its own, so that the host's registers suffice and the rows are always compiled into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    int FirstOwn<TRow>(ReferenceBatch batch, int from, int count, int who) where TRow : struct, LruRows.IRow
    {
        var (tags, next, offset) = ((nint)batch.Tags, (nint)batch.NextList, batch.Offset);
        var (first, owner, index, lastWay) = ((nint)rows.First, (nint)owners.First, this.index, rows.LastWay);
        var (n, listed) = ((nint)from, (nint)batch.Listed);
        for (; n < count; n++)
        {
            var tag = ((int*)tags)[n];
            nint set = index.Of(tag - offset);
            if (((byte*)owner)[set] != who) break;
            var hit = TRow.Rotate((int*)first + set * TRow.Stride, Vector256.Create(tag), lastWay);
            ((int*)next)[listed] = (int)n + Here + Alone;
            listed += hit == 0 ? 1 : 0;
        }
        accesses += (int)n - from;
        misses += (int)listed - batch.Listed;
        batch.Listed = (int)listed;
        return (int)n;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int NextOwn<TRow>(ReferenceBatch batch, int from, int count, int level, int who) where TRow : struct, LruRows.IRow
    {
        var (tags, list, next, sets) = ((nint)batch.Tags, (nint)batch.List, (nint)batch.NextList, (nint)batch.Sets);
        var (first, owner, lastWay) = ((nint)rows.First, (nint)owners.First, rows.LastWay);
        var (n, missed, inNeither) = ((nint)from, 0, InNeither(level));
        for (; n < count; n++)
        {
            var miss = ((int*)list)[n];
            if (miss >> HereShift != inNeither) break;
            var tag = ((int*)tags)[miss & IndexMask];
            nint set = ((int*)sets)[n];
            if (((byte*)owner)[set] != who) break;
            // No branch: whether a level holds a line is hard to foretell.
            var one = TRow.Rotate((int*)first + set * TRow.Stride, Vector256.Create(tag), lastWay) == 0 ? 1 : 0;
            var more = -one & (Here + Alone);
            ((int*)next)[n] = miss + more;
            missed += more;
        }
        accesses += (int)n - from;
        misses += HereOf(missed);
        batch.Listed = (int)n;
        return (int)n;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int FirstShared<TRow>(ReferenceBatch batch, int from, int count, int who) where TRow : struct, LruRows.IRow
    {
        var ghost = ghosts[who]!;
        var (tags, next, offset) = ((nint)batch.Tags, (nint)batch.NextList, batch.Offset);
        var (first, ghostFirst, owner, index, lastWay, oldestWay) = ((nint)rows.First, (nint)ghost.rows.First, (nint)owners.First, this.index, rows.LastWay, entries.Ways - 1);
        var (n, listed, missed) = ((nint)from, (nint)batch.Listed, 0);
        for (; n < count; n++)
        {
            var tag = ((int*)tags)[n];
            nint set = index.Of(tag - offset);
            if (((byte*)owner)[set] < SetOwners.Nobodys) break;
            var row = (int*)first + set * TRow.Stride;
            var oldest = row[oldestWay];
            var one = TRow.Rotate((int*)ghostFirst + set * TRow.Stride, Vector256.Create(tag), lastWay) == 0 ? 1 : 0;
            var miss = -one & Alone;
            if (TRow.Rotate(row, Vector256.Create(tag), lastWay) == 0)
            {
                Fill(batch, (int)n + miss, (int)set, oldest, level: 0, who);
                miss += Here;
            }
            missed += miss;
            ((int*)next)[listed] = (int)n + miss;
            listed += miss != 0 ? 1 : 0;
        }
        batch.Listed = (int)listed;
        accesses += (int)n - from;
        misses += HereOf(missed);
        ghost.accesses += (int)n - from;
        ghost.misses += AloneOf(missed);
        return (int)n;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int NextShared<TRow>(ReferenceBatch batch, int from, int count, int level, int who) where TRow : struct, LruRows.IRow
    {
        var ghost = ghosts[who]!;
        var (tags, list, next, sets) = ((nint)batch.Tags, (nint)batch.List, (nint)batch.NextList, (nint)batch.Sets);
        var (first, ghostFirst, owner, lastWay, oldestWay) = ((nint)rows.First, (nint)ghost.rows.First, (nint)owners.First, rows.LastWay, entries.Ways - 1);
        var (n, looked, missed) = ((nint)from, 0, 0);
        for (; n < count; n++)
        {
            var miss = ((int*)list)[n];
            ((int*)next)[n] = miss;
            var (here, alone) = (HereOf(miss) == level, AloneOf(miss) == level);
            if (!here && !alone) continue;
            var tag = ((int*)tags)[miss & IndexMask];
            nint set = ((int*)sets)[n];
            if (((byte*)owner)[set] < SetOwners.Nobodys) break;
            var more = 0;
            if (alone)
            {
                var one = TRow.Rotate((int*)ghostFirst + set * TRow.Stride, Vector256.Create(tag), lastWay) == 0 ? 1 : 0;
                more = -one & Alone;
                looked += Alone;
            }
            if (here)
            {
                var row = (int*)first + set * TRow.Stride;
                var oldest = row[oldestWay];
                looked += Here;
                if (TRow.Rotate(row, Vector256.Create(tag), lastWay) == 0)
                {
                    Fill(batch, miss + more, (int)set, oldest, level, who);
                    more += Here;
                }
            }
            missed += more;
            ((int*)next)[n] = miss + more;
        }
        batch.Listed = (int)n;
        accesses += HereOf(looked);
        misses += HereOf(missed);
        ghost.accesses += AloneOf(looked);
        ghost.misses += AloneOf(missed);
        return (int)n;
    }

    void Fill(ReferenceBatch batch, int miss, int set, int evicted, int level, int who)
    {
        culprits!.Filled(set, evicted, who);
        if (AloneOf(miss) > level) return;
        var index = miss & IndexMask;
        batch.Blame(level, index, culprits.Of(set, batch[index], who, owners.Of(set)));
    }

    // One reference, whatever the set.
    void LookUp(ReferenceBatch batch, int n, int level, int who)
    {
        var miss = level == 0 ? n : batch.List[n];
        var (here, alone) = (HereOf(miss) == level, AloneOf(miss) == level);
        if (here || alone)
        {
            var tag = batch[miss & IndexMask];
            var number = tag - batch.Offset;
            var found = !alone ? InGhost | (Lookup((long)number, tag, who) ? InCache : 0)
                : !here ? InCache | (ghosts[who]!.Lookup((long)number, tag, by: 0) ? InGhost : 0)
                : Lookup(ghosts[who]!, number, tag, who);
            if ((found & InGhost) == 0) miss += Alone;
            if ((found & InCache) == 0)
            {
                if (AloneOf(miss) <= level) batch.Blame(level, miss & IndexMask, Blamed(number, tag, who));
                miss += Here;
            }
        }
        batch.Note(miss);
    }
}
