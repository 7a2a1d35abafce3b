using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Engine;

/// <summary>Events of one time, first in, first out.</summary>
struct EventRing()
{
    Place[] places = new Place[16];
    int first;
    int length;
    int cancelled;

    /// <summary>How many are in, with the cancelled ones that have yet to come up.</summary>
    public readonly int Length => length;

    public readonly int Count => length - cancelled;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Event @event)
    {
        if (length == places.Length) Grow();
        At(length++) = @event;
    }

    /// <summary>The first event; null when it was cancelled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Event? Take()
    {
        ref var place = ref At(0);
        var @event = place;
        place = null;
        first++;
        length--;
        if (@event is null) cancelled--;
        return @event;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeIfFirst(Event @event)
    {
        ref var place = ref At(0);
        if (place != @event) return false;
        place = null;
        first++;
        length--;
        return true;
    }

    public bool Remove(Event @event)
    {
        for (var i = 0; i < length; i++)
        {
            ref var place = ref At(i);
            if (place != @event) continue;
            place = null;
            cancelled++;
            return true;
        }
        return false;
    }

    public void SkipCancelled()
    {
        while (length > 0 && At(0) is null) Take();
    }

    public void Clear()
    {
        Array.Clear(places);
        first = length = cancelled = 0;
    }

    public readonly IEnumerable<Event> Pending()
    {
        for (var i = 0; i < length; i++)
            if (At(i) is { } @event) yield return @event;
    }

    void Grow()
    {
        var larger = new Place[2 * places.Length];
        for (var i = 0; i < length; i++) larger[i].Event = At(i);
        (places, first) = (larger, 0);
    }

    // The number of places is a power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly ref Event? At(int i) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(places), (first + i) & (places.Length - 1)).Event;

    // A struct around the reference spares the type check of storing into an array of a class that can be derived from.
    struct Place
    {
        public Event? Event;
    }
}
