using System.Numerics;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Gives blocks of a 64-bit address space dense numbers, so that tags of 32 bits tell any two apart. Blocks are numbered in groups of 2^<paramref name="groupShift"/>
/// neighbours, so that shifting an id yields the id of a larger block. Ids are positive.
/// </summary>
sealed class BlockIds(int groupShift)
{
    readonly int maxGroups = int.MaxValue >> groupShift;
    (ulong Group, int Id)[] table = new (ulong, int)[1024];
    ulong[] groups = new ulong[512];
    int count;
    int shift = 64 - 10;

    /// <exception cref="InvalidOperationException">There are more groups than ids for them.</exception>
    public int Of(ulong block)
    {
        var group = block >> groupShift;
        var slot = Slot(group);
        if (table[slot].Id == 0) slot = Add(group);
        return table[slot].Id << groupShift | (int)(block & ((1UL << groupShift) - 1));
    }

    /// <summary>The block that got an id.</summary>
    public ulong Block(int id) => groups[id >> groupShift] << groupShift | (uint)id & ((1UL << groupShift) - 1);

    // Fibonacci hashing (Knuth, TAOCP vol. 3, 6.4) with linear probing in a table at most half full.
    int Slot(ulong group)
    {
        var slot = (int)(group * 0x9E3779B97F4A7C15UL >> shift);
        while (table[slot].Id != 0 && table[slot].Group != group) slot = slot + 1 & table.Length - 1;
        return slot;
    }

    int Add(ulong group)
    {
        if (count == maxGroups) throw new InvalidOperationException(FormattableString.Invariant($"more than {maxGroups} regions of {1L << groupShift} blocks each"));
        if (++count == groups.Length)
        {
            Array.Resize(ref groups, (int)Math.Min(2L * count, Array.MaxLength));
            Grow();
        }
        groups[count] = group;
        var slot = Slot(group);
        table[slot] = (group, count);
        return slot;
    }

    void Grow()
    {
        table = new (ulong, int)[2 * table.Length];
        shift = 64 - BitOperations.Log2((uint)table.Length);
        for (var id = 1; id < count; id++) table[Slot(groups[id])] = (groups[id], id);
    }
}
