using System.Collections;
using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The pending events in the strict order (time, priority, insertion), at any size. Times are ticks.
/// Most events have priority 0. Those for the current time wait in a ring: they come after all that were scheduled for this time when it
/// still lay ahead, in the order of insertion. Of those for later the next few are in a sorted chain, and the others, if there are many, in buckets of time.
/// The few events with another priority wait apart, since they never tie with the others.
/// </summary>
public sealed class EventQueue : IEnumerable<EventQueueNode>
{
    // So few of the events for later never count as mostly cancelled.
    const int FewEvents = 32;
    const long Never = long.MaxValue;
    static readonly long latest = DateTime.MaxValue.Ticks;

    readonly EventSlots slots;
    readonly NearEvents near;
    readonly FarEvents far;
    EventRing ring = new();
    readonly PriorityQueue<Event, Rank> ranked = new();
    // Whether near events may be due at the current time: these come before the ring.
    bool nearIsDue;
    long insertions;
    long rankedInsertions;
    // The same as the count says, close at hand.
    bool hasRanked;
    int later;
    int cancelledLater;
    // An event that comes before all that are near or far waits here, in the open: a process that holds alone never needs more. It is there while
    // it has a time; the reference stays, so that the same event can be put here again without a write.
    Event? front;
    long frontTime = Never;
    long frontInsertion;
    // No near or far event is due before this time.
    long floor = Never;

    public EventQueue(int maxNodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxNodes);
        slots = new EventSlots(Math.Max(FewEvents, maxNodes));
        near = new NearEvents(slots);
        far = new FarEvents(slots, near);
    }

    internal EventQueue(int maxNodes, uint insertions) : this(maxNodes) => this.insertions = insertions;

    /// <summary>How many events are pending.</summary>
    public int Count => (HasFront ? 1 : 0) + later - cancelledLater + ring.Count + ranked.Count;

    /// <summary>How many events find place before the queue grows by itself.</summary>
    public int MaxSize => slots.Size;

    /// <summary>The next event; throws InvalidOperationException when there is none.</summary>
    public EventQueueNode First => Count > 0 ? this.First() : throw new InvalidOperationException("The queue is empty.");

    /// <summary>The current time in ticks: that of the last event dequeued.</summary>
    internal long Now { get; private set; } = long.MinValue;

    /// <summary>Events at this time are not dequeued, unless their priority is below 0; nor are later ones.</summary>
    internal long Horizon { get; set; } = long.MaxValue;

    bool HasFront => frontTime != Never;

    bool RingIsNext => ring.Length != 0 && !nearIsDue && !hasRanked && Now < Horizon;

    public void Clear()
    {
        slots.Clear();
        near.Clear();
        far.Clear();
        ring.Clear();
        ranked.Clear();
        hasRanked = false;
        later = cancelledLater = 0;
        front = null;
        frontTime = floor = Never;
        nearIsDue = false;
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
        CheckTime(primaryPriority.Ticks);
        var index = insertions + rankedInsertions;
        Add(primaryPriority.Ticks, @event, secondaryPriority);
        return new() { PrimaryPriority = primaryPriority, SecondaryPriority = secondaryPriority, Event = @event, InsertionIndex = index, QueueIndex = @event.Slot };
    }

    /// <summary>Takes the next event out; throws InvalidOperationException when there is none.</summary>
    public EventQueueNode Dequeue()
    {
        var node = First;
        Take();
        return node;
    }

    /// <summary>Moves an event, as if it had been inserted now.</summary>
    public void UpdatePriority(EventQueueNode node, DateTime primaryPriority, int secondaryPriority)
    {
        ArgumentNullException.ThrowIfNull(node);
        CheckTime(primaryPriority.Ticks);
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

    /// <summary>Whether every near event is due no earlier than the one in front of it, and none later than a far one.</summary>
    public bool IsValidQueue()
    {
        List<EventNode> soon = [], later = [];
        near.CopyTo(soon);
        far.CopyTo(later);
        for (var i = 1; i < soon.Count; i++)
            if (EventNode.Compare(soon[i - 1], soon[i]) >= 0) return false;
        return !(HasFront && frontTime > floor) && soon.TrueForAll(node => node.Time >= floor && node.Time < far.Start) && later.TrueForAll(node => node.Time >= far.Start);
    }

    /// <summary>Schedules an event at a time in ticks that is not past.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(long time, Event @event, int priority)
    {
        if (priority != 0) AddRanked(time, @event, priority);
        else AddUnranked(time, @event);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddUnranked(long time, Event @event)
    {
        if (time < floor && !HasFront && time > Now) PutInFront(time, @event);
        else if (time == Now) ring.Add(@event);
        else AddLater(time, @event);
    }

    /// <summary>Schedules an event at the current time, at priority 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddNow(Event @event) => ring.Add(@event);

    /// <summary>Takes the next event out and makes its time the current one; null when none is due before the horizon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Event? Take()
    {
        if (RingIsNext && ring.Take() is { } next) return next;
        return hasRanked ? TakeAny() : TakeUnranked();
    }

    /// <summary>The same if the next event is this one, and that takes no search.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TakeIfNext(Event @event)
    {
        if (RingIsNext) return ring.TakeIfFirst(@event);
        if (front != @event || frontTime >= Horizon || ring.Length != 0 || hasRanked) return false;
        TakeFront();
        return true;
    }

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
        nearIsDue = TryPeekLater(out var due) && due == time;
    }

    /// <summary>Takes an event out of the queue, wherever it is; false when it is not there.</summary>
    internal bool Remove(Event @event) => RemoveFront(@event) || RemoveLater(@event) || ring.Remove(@event) || RemoveRanked(@event);

    void AddRanked(long time, Event @event, int priority)
    {
        ranked.Enqueue(@event, new Rank(time, priority, rankedInsertions++));
        hasRanked = true;
    }

    void AddLater(long time, Event @event)
    {
        if (insertions >= uint.MaxValue) Rebuild();
        if (time >= frontTime || !HasFront) Place(time, insertions++, @event);
        else
        {
            Place(frontTime, frontInsertion, front!);
            PutInFront(time, @event);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void PutInFront(long time, Event @event)
    {
        if (front != @event) front = @event;
        frontTime = time;
        frontInsertion = insertions++;
    }

    void Place(long time, long insertion, Event @event)
    {
        var slot = slots.Take(@event, time, (uint)insertion);
        @event.Slot = slot;
        later++;
        floor = Math.Min(floor, time);
        Place(time, slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Place(long time, int slot)
    {
        if (time >= far.Start) far.Add(time, slot);
        else
        {
            near.Add(slot);
            if (near.Count > FarEvents.Few) far.TakeOver();
        }
    }

    Event? TakeUnranked()
    {
        while (true)
        {
            Event? next;
            if (ring.Length != 0 && !nearIsDue)
            {
                if (Now >= Horizon) break;
                next = ring.Take();
            }
            else if (!TryFindLater(out var time) || (ring.Length != 0 && time != Now))
            {
                // Those that were due may have been cancelled meanwhile.
                nearIsDue = false;
                if (ring.Length != 0) continue;
                break;
            }
            else if (time >= Horizon) break;
            else next = HasFront ? TakeFront() : TakeNear();
            if (next is not null) return next;
        }
        return null;
    }

    /// <summary>When the next event that is in front or near is due; it may have been cancelled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool TryFindLater(out long time)
    {
        if (HasFront)
        {
            time = frontTime;
            return true;
        }
        if (near.Count > 0 || (later > 0 && far.GiveToNear()))
        {
            time = slots[near.First].Time;
            return true;
        }
        time = floor = Never;
        return false;
    }

    Event? TakeAny()
    {
        ranked.TryPeek(out _, out var rank);
        if (TryPeekUnranked(out var time) && !rank.ComesBefore(time)) return TakeUnranked();
        if (!rank.ComesBefore(Horizon)) return null;
        var next = ranked.Dequeue();
        hasRanked = ranked.Count > 0;
        AdvanceTo(rank.Time);
        return next;
    }

    bool TryPeekUnranked(out long time)
    {
        ring.SkipCancelled();
        if (ring.Length == 0) return TryPeekLater(out time);
        time = Now;
        return true;
    }

    bool TryPeekLater(out long time)
    {
        while (TryFindLater(out time))
        {
            if (HasFront || slots[near.First].Event is not null) return true;
            TakeNear();
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Event TakeFront()
    {
        var @event = front!;
        Now = frontTime;
        frontTime = Never;
        nearIsDue = floor == Now && TryPeekLater(out var due) && due == Now;
        return @event;
    }

    Event? TakeNear()
    {
        var slot = near.First;
        ref var first = ref slots[slot];
        var (time, @event) = (first.Time, first.Event);
        if (@event is null) cancelledLater--;
        else Now = time;
        floor = time;
        nearIsDue = near.TakeFirst();
        slots.Free(slot);
        if (--later == 0) floor = Never;
        return @event;
    }

    void CheckTime(long time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Now);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, latest);
    }

    bool RemoveFront(Event @event)
    {
        if (front != @event || !HasFront) return false;
        front = null;
        frontTime = Never;
        return true;
    }

    bool RemoveRanked(Event @event)
    {
        var found = ranked.Remove(@event, out _, out _);
        hasRanked = ranked.Count > 0;
        return found;
    }

    // Cancelled events stay where they are until they come up, but never make out more than half.
    bool RemoveLater(Event @event)
    {
        var slot = @event.Slot;
        if ((uint)slot >= (uint)slots.Size || slots[slot].Event != @event) return false;
        slots[slot].Event = null;
        if (++cancelledLater > later / 2 && later > FewEvents) Rebuild();
        return true;
    }

    /// <summary>Insertion numbers have 32 bits. When they are used up, and when most events are cancelled, those pending are numbered from 0 again.</summary>
    void Rebuild()
    {
        // The one in front may have a number beyond: it was inserted last.
        if (HasFront) Place(frontTime, Math.Min(frontInsertion, uint.MaxValue), front!);
        frontTime = Never;
        var nodes = Later();
        nodes.Sort(EventNode.Compare);
        near.Clear();
        far.Clear();
        later = cancelledLater = 0;
        insertions = 0;
        foreach (var node in nodes)
        {
            if (slots[node.Slot].Event is null)
            {
                slots.Free(node.Slot);
                continue;
            }
            later++;
            slots[node.Slot].Insertion = (uint)insertions++;
            Place(node.Time, node.Slot);
        }
    }

    List<EventNode> Later()
    {
        var nodes = new List<EventNode>(later);
        near.CopyTo(nodes);
        far.CopyTo(nodes);
        return nodes;
    }

    List<(Event Event, Rank Rank)> Pending()
    {
        var pending = new List<(Event, Rank)>(Count);
        if (HasFront) pending.Add((front!, new Rank(frontTime, 0, frontInsertion)));
        foreach (var node in Later())
            if (slots[node.Slot].Event is { } @event) pending.Add((@event, new Rank(node.Time, 0, node.Insertion)));
        foreach (var @event in ring.Pending()) pending.Add((@event, new Rank(Now, 0, uint.MaxValue + 1L + pending.Count)));
        foreach (var (other, rank) in ranked.UnorderedItems) pending.Add((other, rank));
        return pending;
    }

    readonly record struct Rank(long Time, int Priority, long Insertion) : IComparable<Rank>
    {
        /// <summary>Whether it comes before the events of priority 0 at this time.</summary>
        public bool ComesBefore(long time) => Time < time || (Time == time && Priority < 0);

        public int CompareTo(Rank other) => (Time, Priority, Insertion).CompareTo((other.Time, other.Priority, other.Insertion));
    }
}
