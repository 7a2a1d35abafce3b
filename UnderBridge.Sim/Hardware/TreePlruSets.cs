using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Sets under tree pseudo-LRU. The ways are the leaves of a binary tree whose bits point to the half to evict from, the lower one at first. Hit and fill
/// turn the bits on the way to an entry away from it; dropping an entry leaves them. A fill takes the lowest empty way if there is one.
/// </summary>
sealed class TreePlruSets : SetAssociative
{
    /// <summary>The bits of a tree fit one word.</summary>
    public const int MaxWays = 64;

    readonly int[] tags;
    readonly ulong[] trees;
    readonly ulong[] path;
    readonly ulong[] away;

    /// <exception cref="ArgumentException">The ways are no power of two, so no tree has them as its leaves.</exception>
    public TreePlruSets(int sets, int ways) : base(sets, ways)
    {
        if (!Supports(ways)) throw new ArgumentException($"tree pseudo-LRU needs a power of two of at most {MaxWays} ways, not {ways}", nameof(ways));
        tags = new int[sets * ways];
        trees = new ulong[sets];
        path = new ulong[ways];
        away = new ulong[ways];
        for (var way = 0; way < ways; way++)
        {
            // Nodes are numbered as in a heap: the root is 1, and the leaf of a way is ways + way.
            for (var node = ways + way; node > 1; node /= 2)
            {
                path[way] |= 1UL << node / 2;
                if (node % 2 == 0) away[way] |= 1UL << node / 2;
            }
        }
    }

    public static bool Supports(int ways) => ways <= MaxWays && int.IsPow2(ways);

    public override int Access(int set, int tag)
    {
        var row = Row(set);
        var way = row.IndexOf(tag);
        var result = Held;
        if (way < 0)
        {
            way = row.IndexOf(0);
            if (way < 0) way = Victim(trees[set]);
            result = row[way];
            row[way] = tag;
        }
        trees[set] = trees[set] & ~path[way] | away[way];
        return result;
    }

    public override bool Contains(int set, int tag) => Row(set).Contains(tag);

    public override ReadOnlySpan<byte> Entries => MemoryMarshal.AsBytes<int>(tags);

    public override ReadOnlySpan<byte> Recency => MemoryMarshal.AsBytes<ulong>(trees);

    public override bool Remove(int set, int tag)
    {
        var row = Row(set);
        var way = row.IndexOf(tag);
        if (way < 0) return false;
        row[way] = 0;
        return true;
    }

    private protected override int Sweep(int mask, int value, bool keep, Span<int> dropped)
    {
        var count = 0;
        foreach (ref var tag in tags.AsSpan())
        {
            if (tag == 0 || (tag & mask) == value == keep) continue;
            dropped[count++] = tag;
            tag = 0;
        }
        return count;
    }

    int Victim(ulong tree)
    {
        var node = 1;
        while (node < Ways) node = 2 * node + (int)(tree >> node & 1);
        return node - Ways;
    }

    Span<int> Row(int set) => tags.AsSpan(set * Ways, Ways);
}
