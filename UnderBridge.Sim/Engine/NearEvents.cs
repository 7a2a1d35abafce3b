using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The few events due next, sorted, with room on both sides. Taking the first moves nothing, and so does adding one that is due last.
/// Where they are many, they are many of one time: then one more comes before or behind all of them.
/// </summary>
sealed class NearEvents
{
    // Beyond that many it takes less to search by halves and to move a block than to go along.
    const int Few = 48;

    EventNode[] nodes = new EventNode[4 * Few];
    int first = Few;
    int end = Few;

    public int Count => end - first;

    public ReadOnlySpan<EventNode> Nodes => nodes.AsSpan(first, Count);

    /// <summary>Only where there is one.</summary>
    public ref readonly EventNode First => ref At(first);

    /// <summary>Takes the first out; true when another is due at the same time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeFirst()
    {
        var time = At(first).Time;
        return ++first < end && At(first).Time == time;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(EventNode node)
    {
        if (end == nodes.Length) MakeRoom();
        if (Count > Few)
        {
            AddToMany(node);
            return;
        }
        var place = end++;
        while (place > first && EventNode.Precedes(node, At(place - 1)))
        {
            At(place) = At(place - 1);
            place--;
        }
        At(place) = node;
    }

    /// <summary>Adds one without sorting it in; <see cref="Sort"/> is to follow.</summary>
    public void Append(EventNode node)
    {
        if (end == nodes.Length) MakeRoom();
        At(end++) = node;
    }

    public void Sort()
    {
        if (Count > Few) nodes.AsSpan(first, Count).Sort(EventNode.Compare);
        else
        {
            for (var (last, sorted) = (end, first + 1); sorted < last; sorted++)
            {
                var node = At(sorted);
                var place = sorted;
                for (; place > first && EventNode.Precedes(node, At(place - 1)); place--) At(place) = At(place - 1);
                At(place) = node;
            }
        }
    }

    public void Clear() => first = end = Few;

    /// <summary>Whether no event is due before the one in front of it.</summary>
    public bool IsSorted()
    {
        for (var i = first + 1; i < end; i++)
            if (EventNode.Precedes(nodes[i], nodes[i - 1])) return false;
        return true;
    }

    void AddToMany(EventNode node)
    {
        var place = first + ~Nodes.BinarySearch(new EventNode.Comparable(node));
        if (place - first < end - place && first > 0)
        {
            nodes.AsSpan(first, place - first).CopyTo(nodes.AsSpan(first - 1));
            first--;
            place--;
        }
        else
        {
            nodes.AsSpan(place, end - place).CopyTo(nodes.AsSpan(place + 1));
            end++;
        }
        nodes[place] = node;
    }

    void MakeRoom()
    {
        var target = Count < nodes.Length / 2 ? nodes : new EventNode[2 * nodes.Length];
        var start = (target.Length - Count) / 2;
        Nodes.CopyTo(target.AsSpan(start));
        (nodes, first, end) = (target, start, start + Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref EventNode At(int place) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(nodes), place);
}
