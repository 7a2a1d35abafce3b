using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The events that are not due soon, in no order but by the bucket of time they fall into, after the ladder queue of Tang, Goh and Thng (ACM TOMACS 15(3), 2005). A
/// rung is a row of buckets of one width; a bucket with many events becomes a rung of its own when its time comes. What lies beyond the first
/// rung waits on top and becomes the next first rung. So each event is moved a few times, however many there are.
/// </summary>
sealed class FarEvents(EventSlots slots)
{
    // A bucket with more events than this is split.
    const int Crowd = 48;
    const int MostRungs = 12;

    readonly Rung[] rungs = new Rung[MostRungs];
    EventNode[] top = new EventNode[64];
    int rungCount;
    int topCount;
    long topStart;

    /// <summary>From this time on an event belongs here.</summary>
    public long Start { get; private set; } = long.MaxValue;

    public void Add(in EventNode node)
    {
        if (node.Time >= topStart) AddToTop(node);
        else
        {
            var rung = 0;
            while (node.Time < rungs[rung].Floor) rung++;
            rungs[rung].Add(node, slots);
        }
    }

    /// <summary>Takes over all near events, and gives back those due first. False, and nothing done, where they cannot be told apart.</summary>
    public bool TakeOver(NearEvents near)
    {
        var nodes = near.Nodes;
        var (least, most) = (nodes[0].Time, nodes[^1].Time);
        if (least == most || rungCount == MostRungs) return false;
        var isEmpty = Start == long.MaxValue;
        var rung = NewRung(least, isEmpty ? most + 1 : Start, nodes.Length);
        if (isEmpty) topStart = rung.End;
        foreach (ref readonly var node in nodes) rung.Add(node, slots);
        near.Clear();
        return GiveTo(near);
    }

    /// <summary>Moves the events that are due first, of one bucket, to the near ones. False when there are none.</summary>
    public bool GiveTo(NearEvents near)
    {
        while (near.Count == 0)
        {
            if (rungCount > 0) OpenNextBucket(near);
            else if (topCount > 0) OpenTop();
            else
            {
                Start = long.MaxValue;
                return false;
            }
        }
        return true;
    }

    public void Clear()
    {
        rungCount = topCount = 0;
        Start = long.MaxValue;
    }

    /// <summary>Adds all to a list, in no order.</summary>
    public void CopyTo(List<EventNode> list)
    {
        for (var i = 0; i < rungCount; i++) rungs[i].CopyTo(list, slots);
        list.AddRange(top.AsSpan(0, topCount));
    }

    void AddToTop(in EventNode node)
    {
        if (topCount == top.Length) Array.Resize(ref top, 2 * topCount);
        top[topCount++] = node;
    }

    void OpenNextBucket(NearEvents near)
    {
        var rung = rungs[rungCount - 1];
        var chain = rung.TakeBucket();
        Start = rung.Floor;
        if (rung.IsLong) rung.LookAhead(slots);
        if (chain == EventSlots.None) DropRung();
        else if (rung.Width > 1 && rungCount < MostRungs && IsCrowd(chain)) Split(chain);
        else
        {
            for (var slot = chain; slot != EventSlots.None; slot = slots[slot].Next) near.Append(slots[slot].Node(slot));
            near.Sort();
        }
    }

    // The rung above goes on where its open bucket ended; without one, the top begins where the rung ended.
    void DropRung()
    {
        rungCount--;
        Start = rungCount > 0 ? rungs[rungCount - 1].Floor : topStart;
    }

    void OpenTop()
    {
        var nodes = top.AsSpan(0, topCount);
        var (least, most) = Range(nodes);
        var rung = NewRung(least, most + 1, nodes.Length);
        topStart = rung.End;
        foreach (ref readonly var node in nodes) rung.Add(node, slots);
        topCount = 0;
    }

    void Split(int chain)
    {
        var least = long.MaxValue;
        var count = 0;
        for (var slot = chain; slot != EventSlots.None; slot = slots[slot].Next, count++) least = Math.Min(least, slots[slot].Time);
        var rung = NewRung(least, Start, count);
        for (int slot = chain, next; slot != EventSlots.None; slot = next)
        {
            ref var waiting = ref slots[slot];
            next = waiting.Next;
            rung.Add(waiting.Node(slot), slots);
        }
    }

    Rung NewRung(long least, long end, int count)
    {
        var rung = rungs[rungCount++] ??= new Rung();
        rung.Open(least, end, count);
        Start = rung.Floor;
        return rung;
    }

    bool IsCrowd(int chain)
    {
        var count = 0;
        for (var slot = chain; slot != EventSlots.None; slot = slots[slot].Next)
            if (++count > Crowd) return true;
        return false;
    }

    static (long Least, long Most) Range(ReadOnlySpan<EventNode> nodes)
    {
        long least = long.MaxValue, most = long.MinValue;
        foreach (ref readonly var node in nodes) (least, most) = (Math.Min(least, node.Time), Math.Max(most, node.Time));
        return (least, most);
    }

    /// <summary>A row of buckets, each a chain of slots. The width of a bucket is a power of two.</summary>
    sealed class Rung
    {
        // With some 300 bytes an event and its process, more than a second-level cache of 512 KB holds.
        const int ManyBuckets = 2048;

        int[] heads = [];
        int used;
        int current;
        int shift;
        long start;
        long end;

        /// <summary>Where the first bucket begins that has not been taken.</summary>
        public long Floor { get; private set; }

        public long End => end;

        public long Width => 1L << shift;

        /// <summary>Whether its events cannot all be in the first caches.</summary>
        public bool IsLong => used > ManyBuckets;

        /// <summary>Buckets from one time to another, one to two an event.</summary>
        public void Open(long least, long end, int count)
        {
            var last = end - 1 - least;
            for (shift = 0; last >> shift >= 2L * count; shift++) { }
            used = (int)(last >> shift) + 1;
            if (heads.Length < used) heads = new int[Math.Max(2 * count, 64)];
            heads.AsSpan(0, used).Fill(EventSlots.None);
            (start, Floor, current) = (least, least, 0);
            this.end = end;
        }

        public void Add(in EventNode node, EventSlots slots)
        {
            ref var head = ref heads[(int)((node.Time - start) >> shift)];
            var slot = node.Slot;
            ref var place = ref slots[slot];
            (place.Time, place.Insertion, place.Next) = (node.Time, node.Insertion, head);
            head = slot;
        }

        /// <summary>The chain of the next bucket that has one; none when all are empty.</summary>
        public int TakeBucket()
        {
            var ahead = heads.AsSpan(current, used - current).IndexOfAnyExcept(EventSlots.None);
            if (ahead < 0) return EventSlots.None;
            current += ahead;
            var chain = heads[current++];
            // The last bucket reaches beyond the end, where the buckets of the rung above begin.
            Floor = Math.Min(start + ((long)current << shift), end);
            return chain;
        }

        /// <summary>
        /// Has the caches fetch what the events of the buckets ahead will touch, a step further for each bucket that is nearer: slot, event, process, body. Each
        /// step reads what the one before has fetched, so the processor waits for none of them.
        /// </summary>
        public void LookAhead(EventSlots slots)
        {
            if (used - current < 4) return;
            ref var head = ref heads[current];
            if (Unsafe.Add(ref head, 3) is var slot and not EventSlots.None) Prefetch.Line(ref slots[slot]);
            for (slot = Unsafe.Add(ref head, 2); slot != EventSlots.None; slot = slots[slot].Next) Prefetch.Object(slots[slot].Event);
            for (slot = Unsafe.Add(ref head, 1); slot != EventSlots.None; slot = slots[slot].Next) slots[slot].Event?.PrefetchWaiter();
            for (slot = head; slot != EventSlots.None; slot = slots[slot].Next) slots[slot].Event?.PrefetchBody();
        }

        public void CopyTo(List<EventNode> list, EventSlots slots)
        {
            foreach (var head in heads.AsSpan(current, used - current))
                for (var slot = head; slot != EventSlots.None; slot = slots[slot].Next) list.Add(slots[slot].Node(slot));
        }
    }
}
