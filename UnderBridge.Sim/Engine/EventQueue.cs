using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The pending events in the strict order (time, priority, insertion), at any size. Times are ticks.
/// Most events have priority 0, and are kept in two places. Those for the current time wait in a ring: they come after all that were scheduled
/// for this time when it still lay ahead, in the order of insertion. Those for later wait in a 4-ary heap of 16-byte nodes that hold no references.
/// The few with another priority wait apart, since they never tie with the others.
/// </summary>
public sealed class EventQueue : IEnumerable<EventQueueNode>
{
    const int Arity = 4;
    static readonly long latest = DateTime.MaxValue.Ticks;

    Node[] heap;
    int heapCount;
    // After a dequeue the root is left empty until it is known whether the next insertion can fill it.
    bool rootEmpty;
    // Whether the heap may still hold events for the current time: these come before the ring.
    bool heapDue;
    uint insertions;

    Slot[] slots;
    int[] freeSlots;
    int freeCount;
    int cancelledInHeap;

    Slot[] ring = new Slot[16];
    int ringStart;
    int ringCount;
    int cancelledInRing;

    readonly PriorityQueue<Event, Rank> ranked = new();
    long rankedInsertions;

    public EventQueue(int maxNodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxNodes);
        var size = Math.Max(16, maxNodes);
        heap = new Node[size];
        slots = new Slot[size];
        freeSlots = new int[size];
        FreeAllSlots();
    }

    internal EventQueue(int maxNodes, uint insertions) : this(maxNodes) => this.insertions = insertions;

    /// <summary>How many events are pending.</summary>
    public int Count => heapCount - (rootEmpty ? 1 : 0) - cancelledInHeap + ringCount - cancelledInRing + ranked.Count;

    /// <summary>How many events find place before the queue grows by itself.</summary>
    public int MaxSize => heap.Length;

    /// <summary>The next event; throws InvalidOperationException when there is none.</summary>
    public EventQueueNode First => Count > 0 ? this.First() : throw new InvalidOperationException("The queue is empty.");

    /// <summary>The current time in ticks: that of the last event dequeued.</summary>
    internal long Now { get; private set; } = long.MinValue;

    /// <summary>Events at this time are not dequeued, unless their priority is below 0; nor are later ones.</summary>
    internal long Horizon { get; set; } = long.MaxValue;

    public void Clear()
    {
        Array.Clear(slots);
        FreeAllSlots();
        Array.Clear(ring);
        ranked.Clear();
        heapCount = ringStart = ringCount = cancelledInHeap = cancelledInRing = 0;
        rootEmpty = heapDue = false;
    }

    public bool Contains(EventQueueNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Pending().Any(p => p.Event == node.Event);
    }

    /// <summary>Throws ArgumentOutOfRangeException when the time is past.</summary>
    public EventQueueNode Enqueue(DateTime primaryPriority, Event @event, int secondaryPriority = 0)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var index = insertions + rankedInsertions;
        Add(primaryPriority.Ticks, @event, secondaryPriority);
        return new() { PrimaryPriority = primaryPriority, SecondaryPriority = secondaryPriority, Event = @event, InsertionIndex = index, QueueIndex = @event.Slot };
    }

    /// <summary>Takes the next event out; throws InvalidOperationException when there is none.</summary>
    public EventQueueNode Dequeue()
    {
        var node = First;
        TryTake(out _);
        return node;
    }

    /// <summary>Moves an event, as if it had been inserted now.</summary>
    public void UpdatePriority(EventQueueNode node, DateTime primaryPriority, int secondaryPriority)
    {
        ArgumentNullException.ThrowIfNull(node);
        Remove(node);
        Add(primaryPriority.Ticks, node.Event!, secondaryPriority);
        (node.PrimaryPriority, node.SecondaryPriority) = (primaryPriority, secondaryPriority);
    }

    public void Remove(EventQueueNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Event is null || !Remove(node.Event)) throw new InvalidOperationException("The event is not in the queue.");
    }

    /// <summary>The pending events in the order in which they are due.</summary>
    public IEnumerator<EventQueueNode> GetEnumerator()
    {
        var pending = Pending();
        pending.Sort((a, b) => a.Rank.CompareTo(b.Rank));
        for (var i = 0; i < pending.Count; i++)
            yield return new()
            {
                PrimaryPriority = new(pending[i].Rank.Time), SecondaryPriority = pending[i].Rank.Priority, Event = pending[i].Event, InsertionIndex = i, QueueIndex = pending[i].Event.Slot,
            };
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether every node of the heap is due no earlier than its parent.</summary>
    public bool IsValidQueue()
    {
        for (var i = rootEmpty ? Arity + 1 : 1; i < heapCount; i++)
            if (Precedes(heap[i], heap[(i - 1) / Arity])) return false;
        return true;
    }

    /// <summary>Schedules an event at a time in ticks.</summary>
    internal void Add(long time, Event @event, int priority)
    {
        if (priority != 0) AddRanked(time, @event, priority);
        else if (time == Now) AddToRing(@event);
        else AddToHeap(time, @event);
    }

    /// <summary>Takes the next event out and makes its time the current one; false when none is due before the horizon.</summary>
    internal bool TryTake(out Event next) => ranked.Count == 0 ? TryTakeUnranked(out next) : TryTakeAny(out next);

    /// <summary>When the next event before the horizon is due; false when there is none.</summary>
    internal bool TryPeek(out long time)
    {
        var found = TryPeekUnranked(out time);
        if (ranked.TryPeek(out _, out var rank) && (!found || rank.ComesBefore(time)))
        {
            time = rank.Time;
            return rank.ComesBefore(Horizon);
        }
        return found && time < Horizon;
    }

    /// <summary>Moves the current time; no event before it may be pending.</summary>
    internal void AdvanceTo(long time)
    {
        Now = time;
        heapDue = TryPeekHeap(out var due) && due == time;
    }

    /// <summary>Takes an event out of the queue, wherever it is; false when it is not there.</summary>
    internal bool Remove(Event @event) => RemoveFromHeap(@event) || RemoveFromRing(@event) || ranked.Remove(@event, out _, out _);

    void AddRanked(long time, Event @event, int priority)
    {
        CheckTime(time);
        ranked.Enqueue(@event, new Rank(time, priority, rankedInsertions++));
    }

    void AddToRing(Event @event)
    {
        if (ringCount == ring.Length) GrowRing();
        ring[(ringStart + ringCount++) & (ring.Length - 1)].Event = @event;
    }

    void AddToHeap(long time, Event @event)
    {
        CheckTime(time);
        if (insertions == uint.MaxValue) Renumber();
        if (freeCount == 0) Grow();
        var slot = freeSlots[--freeCount];
        slots[slot].Event = @event;
        @event.Slot = slot;
        var node = new Node(time, ((ulong)insertions++ << 32) | (uint)slot);
        if (rootEmpty)
        {
            rootEmpty = false;
            SiftDown(node);
        }
        else SiftUp(heapCount++, node);
    }

    bool TryTakeUnranked(out Event next)
    {
        while (true)
        {
            if (ringCount != 0 && !heapDue)
            {
                if (Now >= Horizon)
                {
                    next = null!;
                    return false;
                }
                next = TakeFromRing()!;
            }
            else
            {
                if (rootEmpty) FillRoot();
                // Those that were due may have been cancelled meanwhile.
                if (heapCount == 0 || (ringCount != 0 && heap[0].Time != Now))
                {
                    heapDue = false;
                    if (ringCount != 0) continue;
                    next = null!;
                    return false;
                }
                if (heap[0].Time >= Horizon)
                {
                    next = null!;
                    return false;
                }
                next = TakeRoot()!;
            }
            if (next is not null) return true;
        }
    }

    bool TryTakeAny(out Event next)
    {
        ranked.TryPeek(out _, out var rank);
        if (TryPeekUnranked(out var time) && !rank.ComesBefore(time)) return TryTakeUnranked(out next);
        if (!rank.ComesBefore(Horizon))
        {
            next = null!;
            return false;
        }
        next = ranked.Dequeue();
        AdvanceTo(rank.Time);
        return true;
    }

    bool TryPeekUnranked(out long time)
    {
        while (ringCount != 0 && ring[ringStart].Event is null) TakeFromRing();
        if (ringCount == 0) return TryPeekHeap(out time);
        time = Now;
        return true;
    }

    bool TryPeekHeap(out long time)
    {
        if (rootEmpty) FillRoot();
        while (heapCount > 0 && slots[heap[0].Slot].Event is null)
        {
            FreeSlot(heap[0].Slot);
            cancelledInHeap--;
            FillRoot();
        }
        time = heapCount > 0 ? heap[0].Time : long.MaxValue;
        return heapCount > 0;
    }

    Event? TakeFromRing()
    {
        ref var place = ref ring[ringStart].Event;
        var @event = place;
        place = null;
        ringStart = (ringStart + 1) & (ring.Length - 1);
        ringCount--;
        if (@event is null) cancelledInRing--;
        return @event;
    }

    Event? TakeRoot()
    {
        var root = heap[0];
        rootEmpty = true;
        heapDue = AChildIsAt(root.Time);
        var @event = slots[root.Slot].Event;
        FreeSlot(root.Slot);
        if (@event is null) cancelledInHeap--;
        else Now = root.Time;
        return @event;
    }

    bool AChildIsAt(long time)
    {
        for (var i = Math.Min(Arity, heapCount - 1); i > 0; i--)
            if (heap[i].Time == time) return true;
        return false;
    }

    void FillRoot()
    {
        rootEmpty = false;
        if (--heapCount > 0) SiftDown(heap[heapCount]);
    }

    void SiftUp(int place, Node node)
    {
        var nodes = heap;
        while (place > 0)
        {
            var parent = (place - 1) / Arity;
            if (!Precedes(node, nodes[parent])) break;
            nodes[place] = nodes[parent];
            place = parent;
        }
        nodes[place] = node;
    }

    void SiftDown(Node node, int place = 0)
    {
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(heap);
        while (true)
        {
            var child = Arity * place + 1;
            if (child >= heapCount) break;
            var least = child + Arity <= heapCount ? LeastOfFour(ref nodes, child) : LeastOfLast(child);
            ref var earliest = ref Unsafe.Add(ref nodes, least);
            if (!Precedes(earliest, node)) break;
            Unsafe.Add(ref nodes, place) = earliest;
            place = least;
        }
        Unsafe.Add(ref nodes, place) = node;
    }

    /// <summary>Without a branch on the comparisons: the processor could not guess them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int LeastOfFour(ref Node nodes, int child)
    {
        var left = child + Bit(Precedes(Unsafe.Add(ref nodes, child + 1), Unsafe.Add(ref nodes, child)));
        var right = child + 2 + Bit(Precedes(Unsafe.Add(ref nodes, child + 3), Unsafe.Add(ref nodes, child + 2)));
        return left + (right - left) * Bit(Precedes(Unsafe.Add(ref nodes, right), Unsafe.Add(ref nodes, left)));
    }

    int LeastOfLast(int child)
    {
        var least = child;
        for (var i = child + 1; i < heapCount; i++)
            if (Precedes(heap[i], heap[least])) least = i;
        return least;
    }

    static int Bit(bool condition) => condition ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool Precedes(in Node a, in Node b) => a.Time < b.Time | (a.Time == b.Time & a.Order < b.Order);

    void CheckTime(long time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Now);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, latest);
    }

    void FreeSlot(int slot)
    {
        slots[slot].Event = null;
        freeSlots[freeCount++] = slot;
    }

    void FreeAllSlots()
    {
        freeCount = slots.Length;
        for (var i = 0; i < freeCount; i++) freeSlots[i] = freeCount - 1 - i;
    }

    void Grow()
    {
        var size = slots.Length;
        Array.Resize(ref heap, 2 * size);
        Array.Resize(ref slots, 2 * size);
        Array.Resize(ref freeSlots, 2 * size);
        for (var slot = 2 * size - 1; slot >= size; slot--) freeSlots[freeCount++] = slot;
    }

    void GrowRing()
    {
        var larger = new Slot[2 * ring.Length];
        for (var i = 0; i < ringCount; i++) larger[i] = ring[(ringStart + i) & (ring.Length - 1)];
        (ring, ringStart) = (larger, 0);
    }

    /// <summary>Insertion numbers have 32 bits. When they are used up the heap is sorted, which keeps it a heap, and numbered from 0 again.</summary>
    void Renumber()
    {
        if (rootEmpty) FillRoot();
        heap.AsSpan(0, heapCount).Sort((a, b) => Precedes(a, b) ? -1 : 1);
        for (var i = 0; i < heapCount; i++) heap[i] = new Node(heap[i].Time, ((ulong)i << 32) | (uint)heap[i].Slot);
        insertions = (uint)heapCount;
    }

    bool RemoveFromHeap(Event @event)
    {
        if (@event.Slot < 0 || slots[@event.Slot].Event != @event) return false;
        slots[@event.Slot].Event = null;
        if (++cancelledInHeap > heapCount / 2) DropCancelled();
        return true;
    }

    /// <summary>Cancelled nodes stay until they come up, but never make out more than half of the heap.</summary>
    void DropCancelled()
    {
        if (rootEmpty) FillRoot();
        var kept = 0;
        for (var i = 0; i < heapCount; i++)
        {
            if (slots[heap[i].Slot].Event is not null) heap[kept++] = heap[i];
            else FreeSlot(heap[i].Slot);
        }
        (heapCount, cancelledInHeap) = (kept, 0);
        for (var i = (kept - 2) / Arity; i >= 0 && kept > 1; i--) SiftDown(heap[i], i);
    }

    bool RemoveFromRing(Event @event)
    {
        for (var i = 0; i < ringCount; i++)
        {
            ref var place = ref ring[(ringStart + i) & (ring.Length - 1)].Event;
            if (place != @event) continue;
            place = null;
            cancelledInRing++;
            return true;
        }
        return false;
    }

    List<(Event Event, Rank Rank)> Pending()
    {
        var pending = new List<(Event, Rank)>(Count);
        for (var i = rootEmpty ? 1 : 0; i < heapCount; i++)
            if (slots[heap[i].Slot].Event is { } later) pending.Add((later, new Rank(heap[i].Time, 0, (long)(heap[i].Order >> 32))));
        for (var i = 0; i < ringCount; i++)
            if (ring[(ringStart + i) & (ring.Length - 1)].Event is { } now) pending.Add((now, new Rank(Now, 0, uint.MaxValue + 1L + i)));
        foreach (var (other, rank) in ranked.UnorderedItems) pending.Add((other, rank));
        return pending;
    }

    readonly struct Node(long time, ulong order)
    {
        public readonly long Time = time;
        /// <summary>The insertion number above the slot, so that it decides among equal times.</summary>
        public readonly ulong Order = order;
        public int Slot => (int)(uint)Order;
    }

    // A struct around the reference spares the type check of storing into an array of a class that can be derived from.
    struct Slot
    {
        public Event? Event;
    }

    readonly record struct Rank(long Time, int Priority, long Insertion) : IComparable<Rank>
    {
        /// <summary>Whether it comes before the events of priority 0 at this time.</summary>
        public bool ComesBefore(long time) => Time < time || (Time == time && Priority < 0);

        public int CompareTo(Rank other) => (Time, Priority, Insertion).CompareTo((other.Time, other.Priority, other.Insertion));
    }
}
