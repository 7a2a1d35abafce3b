using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>Events of one time, first in, first out.</summary>
sealed class EventRing
{
    Place[] places = new Place[16];
    int first;
    int length;
    int cancelled;

    /// <summary>How many are in, with the cancelled ones that have yet to come up.</summary>
    public int Length => length;

    public int Count => length - cancelled;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Event @event)
    {
        if (length == places.Length) Grow();
        places[(first + length++) & (places.Length - 1)].Event = @event;
    }

    /// <summary>The first event; null when it was cancelled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Event? Take()
    {
        ref var place = ref places[first].Event;
        var @event = place;
        place = null;
        first = (first + 1) & (places.Length - 1);
        length--;
        if (@event is null) cancelled--;
        return @event;
    }

    public bool TakeIfFirst(Event @event)
    {
        if (places[first].Event != @event) return false;
        Take();
        return true;
    }

    public bool Remove(Event @event)
    {
        for (var i = 0; i < length; i++)
        {
            ref var place = ref places[(first + i) & (places.Length - 1)].Event;
            if (place != @event) continue;
            place = null;
            cancelled++;
            return true;
        }
        return false;
    }

    public void SkipCancelled()
    {
        while (length > 0 && places[first].Event is null) Take();
    }

    public void Clear()
    {
        Array.Clear(places);
        first = length = cancelled = 0;
    }

    public IEnumerable<Event> Pending()
    {
        for (var i = 0; i < length; i++)
            if (places[(first + i) & (places.Length - 1)].Event is { } @event) yield return @event;
    }

    void Grow()
    {
        var larger = new Place[2 * places.Length];
        for (var i = 0; i < length; i++) larger[i] = places[(first + i) & (places.Length - 1)];
        (places, first) = (larger, 0);
    }

    // A struct around the reference spares the type check of storing into an array of a class that can be derived from.
    struct Place
    {
        public Event? Event;
    }
}
