using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UnderBridge.Sim.Hardware;

/// <summary>Sets under true least-recently-used replacement. What is dropped leaves the order of the others.</summary>
sealed class LruSets : SetAssociative
{
    public LruSets(int sets, int ways) : this(sets, ways, Vector256.IsHardwareAccelerated) { }

    internal LruSets(int sets, int ways, bool vectorize) : base(sets, ways) => Rows = new LruRows(sets, ways, vectorize);

    public LruRows Rows { get; }

    public override int Access(int set, int tag)
    {
        var oldest = Rows.Oldest(set);
        var held = Rows.ToFront(set, tag);
        GC.KeepAlive(this);
        return held ? Held : oldest;
    }

    public override bool Contains(int set, int tag) => Rows[set].Contains(tag);

    public override ReadOnlySpan<byte> Entries => MemoryMarshal.AsBytes(Rows.All(Sets));

    public override bool Remove(int set, int tag)
    {
        var row = Rows[set];
        var way = row.IndexOf(tag);
        if (way < 0) return false;
        row[(way + 1)..].CopyTo(row[way..]);
        row[^1] = 0;
        return true;
    }

    private protected override int Sweep(int mask, int value, bool keep, Span<int> dropped)
    {
        var count = 0;
        for (var set = 0; set < Sets; set++)
        {
            if (Rows[set][0] != 0) count += Sweep(Rows[set], mask, value, keep, dropped[count..]);
        }
        return count;
    }

    static int Sweep(Span<int> row, int mask, int value, bool keep, Span<int> dropped)
    {
        int kept = 0, gone = 0;
        for (var way = 0; way < row.Length && row[way] != 0; way++)
        {
            if ((row[way] & mask) == value == keep) row[kept++] = row[way];
            else dropped[gone++] = row[way];
        }
        row.Slice(kept, gone).Clear();
        return gone;
    }
}
