using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The events due next, in a 4-ary heap. Its root is left empty when the first is taken, until it is known whether the next insertion can
/// fill it: most events that are taken schedule another.
/// </summary>
sealed class NearEvents(int size)
{
    const int Arity = 4;

    EventNode[] heap = new EventNode[size];
    int count;
    bool rootEmpty;

    /// <summary>How many there are.</summary>
    public int Count => count - (rootEmpty ? 1 : 0);

    /// <summary>In no order.</summary>
    public ReadOnlySpan<EventNode> Nodes => heap.AsSpan(rootEmpty ? 1 : 0, Count);

    /// <summary>Has the root filled; false when there is no event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasFirst()
    {
        if (rootEmpty) FillRoot();
        return count > 0;
    }

    /// <summary>Whether the root is filled, as it is after an insertion that came first.</summary>
    public bool IsFirstKnown => count > 0 && !rootEmpty;

    /// <summary>Only where <see cref="HasFirst"/> or <see cref="IsFirstKnown"/> said yes.</summary>
    public ref readonly EventNode First => ref MemoryMarshal.GetArrayDataReference(heap);

    /// <summary>Takes the first out; true when another is due at the same time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeFirst()
    {
        rootEmpty = true;
        return count > 1 && AChildIsAt(First.Time);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in EventNode node)
    {
        if (rootEmpty)
        {
            rootEmpty = false;
            SiftDown(node, 0);
            return;
        }
        if (count == heap.Length) Array.Resize(ref heap, 2 * count);
        SiftUp(count++, node);
    }

    public void Clear() => (count, rootEmpty) = (0, false);

    /// <summary>Keeps those whose event is still in its slot, and frees the slots of the others.</summary>
    public void DropCancelled(EventSlots slots)
    {
        if (rootEmpty) FillRoot();
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (slots[heap[i].Slot].Event is not null) heap[kept++] = heap[i];
            else slots.Free(heap[i].Slot);
        }
        count = kept;
        for (var i = (kept - 2) / Arity; i >= 0 && kept > 1; i--) SiftDown(heap[i], i);
    }

    /// <summary>Whether every event is due no earlier than the one above it.</summary>
    public bool IsHeap()
    {
        for (var i = rootEmpty ? Arity + 1 : 1; i < count; i++)
            if (EventNode.Precedes(heap[i], heap[(i - 1) / Arity])) return false;
        return true;
    }

    bool AChildIsAt(long time)
    {
        for (var i = Math.Min(Arity, count - 1); i > 0; i--)
            if (heap[i].Time == time) return true;
        return false;
    }

    void FillRoot()
    {
        rootEmpty = false;
        if (--count > 0) SiftDown(heap[count], 0);
    }

    void SiftUp(int place, EventNode node)
    {
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(heap);
        while (place > 0)
        {
            var parent = (int)((uint)(place - 1) / Arity);
            ref var above = ref Unsafe.Add(ref nodes, parent);
            if (!EventNode.Precedes(node, above)) break;
            Unsafe.Add(ref nodes, place) = above;
            place = parent;
        }
        Unsafe.Add(ref nodes, place) = node;
    }

    void SiftDown(EventNode node, int place)
    {
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(heap);
        while (true)
        {
            var child = Arity * place + 1;
            if (child >= count) break;
            var least = child + Arity <= count ? LeastOfFour(ref nodes, child) : LeastOfLast(child);
            ref var earliest = ref Unsafe.Add(ref nodes, least);
            if (!EventNode.Precedes(earliest, node)) break;
            Unsafe.Add(ref nodes, place) = earliest;
            place = least;
        }
        Unsafe.Add(ref nodes, place) = node;
    }

    /// <summary>Without a branch on the comparisons: the processor could not guess them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int LeastOfFour(ref EventNode nodes, int child)
    {
        var left = child + Bit(EventNode.Precedes(Unsafe.Add(ref nodes, child + 1), Unsafe.Add(ref nodes, child)));
        var right = child + 2 + Bit(EventNode.Precedes(Unsafe.Add(ref nodes, child + 3), Unsafe.Add(ref nodes, child + 2)));
        return left + (right - left) * Bit(EventNode.Precedes(Unsafe.Add(ref nodes, right), Unsafe.Add(ref nodes, left)));
    }

    int LeastOfLast(int child)
    {
        var least = child;
        for (var i = child + 1; i < count; i++)
            if (EventNode.Precedes(heap[i], heap[least])) least = i;
        return least;
    }

    static int Bit(bool condition) => condition ? 1 : 0;
}
