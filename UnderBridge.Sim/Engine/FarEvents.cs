using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The events that are not due soon, in no order but by the bucket of time they fall into, after the ladder queue of Tang, Goh and Thng (ACM TOMACS 15(3), 2005). A
/// rung is a row of buckets of one width; a bucket with many events becomes a rung of its own when its time comes. What lies beyond the first
/// rung waits on top and becomes the next first rung. So each event is moved a few times, however many there are.
/// </summary>
sealed class FarEvents(EventSlots slots, NearEvents near)
{
    /// <summary>So many events are kept near at least as fast as in buckets.</summary>
    public const int Few = 12;

    // A bucket with more events than this is split.
    const int Crowd = 32;
    const int MostRungs = 16;

    readonly Rung[] rungs = new Rung[MostRungs];
    EventNode[] top = new EventNode[64];
    int rungCount;
    int topCount;
    long topStart;

    /// <summary>From this time on an event belongs here.</summary>
    public long Start { get; private set; } = long.MaxValue;

    public void Add(long time, int slot)
    {
        if (time >= topStart) AddToTop(slots[slot].Node(slot));
        else
        {
            var rung = 0;
            while (time < rungs[rung].Floor) rung++;
            rungs[rung].Add(slot, slots);
        }
    }

    /// <summary>Takes over all near events, and gives back those due first. Does nothing where they cannot be told apart.</summary>
    public void TakeOver()
    {
        var (least, most) = (slots[near.First].Time, slots[near.Last].Time);
        if (least == most || rungCount == MostRungs) return;
        if (Start == long.MaxValue) Start = topStart = most + 1;
        NewRung(least, Start, near.Count).AddChain(near.First, slots);
        near.Clear();
        GiveToNear();
    }

    /// <summary>Moves the events that are due first, of one bucket, to the near ones. False when there are none.</summary>
    public bool GiveToNear()
    {
        while (near.Count == 0)
        {
            if (rungCount > 0) OpenNextBucket();
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

    void OpenNextBucket()
    {
        var rung = rungs[rungCount - 1];
        var chain = rung.TakeBucket();
        Start = rung.Floor;
        if (rung.IsLong) rung.LookAhead(slots);
        if (chain == EventSlots.None) DropRung();
        else if (!IsCrowd(chain)) near.AddChain(chain);
        else if (rung.Width > 1 && rungCount < MostRungs) Split(chain);
        else near.AddLongChain(chain);
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
        topCount = 0;
        if (nodes.Length <= Few)
        {
            Start = long.MaxValue;
            foreach (ref readonly var node in nodes) near.Add(node.Slot);
            return;
        }
        var (least, most) = Range(nodes);
        topStart = most + 1;
        var rung = NewRung(least, topStart, nodes.Length);
        foreach (ref readonly var node in nodes) rung.Add(node.Slot, slots);
    }

    void Split(int chain)
    {
        var least = long.MaxValue;
        var count = 0;
        for (var slot = chain; slot != EventSlots.None; slot = slots[slot].Next, count++) least = Math.Min(least, slots[slot].Time);
        NewRung(least, Start, count).AddChain(chain, slots);
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

        public void Add(int slot, EventSlots slots)
        {
            ref var added = ref slots[slot];
            ref var head = ref heads[(int)((added.Time - start) >> shift)];
            added.Next = head;
            head = slot;
        }

        public void AddChain(int chain, EventSlots slots)
        {
            for (int slot = chain, next; slot != EventSlots.None; slot = next)
            {
                next = slots[slot].Next;
                Add(slot, slots);
            }
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
