using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The few events due next, a sorted chain of slots. Where they are many, they are many of one time: then one more comes before or behind all of them.
/// </summary>
sealed class NearEvents(EventSlots slots)
{
    public int Count { get; private set; }

    /// <summary>The slot of the event due first; none when there is none.</summary>
    public int First { get; private set; } = EventSlots.None;

    /// <summary>The slot of the event due last; only where there is one.</summary>
    public int Last { get; private set; } = EventSlots.None;

    /// <summary>Takes the first out; true when another is due at the same time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeFirst()
    {
        ref var first = ref slots[First];
        First = first.Next;
        Count--;
        if (First == EventSlots.None) return false;
        ref var next = ref slots[First];
        // Its event was asked for when the chain was added, so the processor need not wait to read who waits.
        next.Event?.PrefetchWaiter();
        return next.Time == first.Time;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int slot)
    {
        Count++;
        ref var added = ref slots[slot];
        if (First == EventSlots.None)
        {
            added.Next = EventSlots.None;
            First = Last = slot;
        }
        else if (!added.Precedes(slots[Last]))
        {
            added.Next = EventSlots.None;
            slots[Last].Next = slot;
            Last = slot;
        }
        else Insert(slot, ref added);
    }

    /// <summary>Adds the events of a chain, which are in no order.</summary>
    public void AddChain(int chain)
    {
        for (int slot = chain, next; slot != EventSlots.None; slot = next)
        {
            next = slots[slot].Next;
            Prefetch.Object(slots[slot].Event);
            Add(slot);
        }
    }

    /// <summary>The same where they may be many.</summary>
    public void AddLongChain(int chain)
    {
        var nodes = new List<EventNode>();
        for (var slot = chain; slot != EventSlots.None; slot = slots[slot].Next) nodes.Add(slots[slot].Node(slot));
        nodes.Sort(EventNode.Compare);
        foreach (var node in nodes) Add(node.Slot);
    }

    public void Clear()
    {
        First = Last = EventSlots.None;
        Count = 0;
    }

    /// <summary>Adds all to a list, in order.</summary>
    public void CopyTo(List<EventNode> list)
    {
        for (var slot = First; slot != EventSlots.None; slot = slots[slot].Next) list.Add(slots[slot].Node(slot));
    }

    // One that is not due last, so the search ends.
    void Insert(int slot, ref EventSlots.Slot added)
    {
        if (added.Precedes(slots[First]))
        {
            added.Next = First;
            First = slot;
            return;
        }
        ref var before = ref slots[First];
        while (!added.Precedes(slots[before.Next])) before = ref slots[before.Next];
        added.Next = before.Next;
        before.Next = slot;
    }
}
