using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Engine;

/// <summary>Where the queue keeps the pending events for later, in chains. An empty slot that is in use belongs to a cancelled event.</summary>
sealed class EventSlots
{
    public const int None = -1;

    Slot[] slots;
    int firstFree;

    public EventSlots(int size)
    {
        slots = new Slot[size];
        FreeFrom(0);
    }

    public int Size => slots.Length;

    public ref Slot this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(Event @event, long time, uint insertion)
    {
        if (firstFree == None) Grow();
        var slot = firstFree;
        ref var taken = ref this[slot];
        firstFree = taken.Next;
        taken.Event = @event;
        taken.Time = time;
        taken.Insertion = insertion;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(int slot)
    {
        ref var freed = ref this[slot];
        freed.Event = null;
        freed.Next = firstFree;
        firstFree = slot;
    }

    public void Clear()
    {
        Array.Clear(slots);
        FreeFrom(0);
    }

    void Grow()
    {
        var size = slots.Length;
        Array.Resize(ref slots, 2 * size);
        FreeFrom(size);
    }

    void FreeFrom(int first)
    {
        for (var slot = first; slot < slots.Length; slot++) slots[slot].Next = slot + 1;
        slots[^1].Next = None;
        firstFree = first;
    }

    public struct Slot
    {
        public Event? Event;

        /// <summary>When and in which place the event is due.</summary>
        public long Time;
        public uint Insertion;

        /// <summary>The next of the chain of a bucket, of the near events or of the free slots.</summary>
        public int Next;

        public readonly bool Precedes(in Slot other) => Time < other.Time || (Time == other.Time && Insertion < other.Insertion);

        public readonly EventNode Node(int slot) => new(Time, Insertion, slot);
    }
}
