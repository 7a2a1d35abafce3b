using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Sets under true least-recently-used replacement. Each set is kept most recent first, with its empty ways at the end, so a hit and a fill are the
/// same rotation of the leading ways. What is dropped leaves the order of the others.
/// </summary>
public sealed class LruSets : SetAssociative
{
    const int Lanes = 8;

    // A cache line of the host, so that no row of 8 or 16 ways lies across two.
    const int RowAlignment = 64;

    static readonly Vector256<int> FirstLane = Vector256.Create(-1, 0, 0, 0, 0, 0, 0, 0);
    static readonly Vector256<int>[] Rotations = [.. Enumerable.Range(0, Lanes).Select(Rotation)];

    readonly int[] tags;
    readonly int origin;
    readonly int stride;
    readonly int vectors;
    readonly uint lastWay;

    public LruSets(int sets, int ways) : this(sets, ways, Vector256.IsHardwareAccelerated) { }

    internal LruSets(int sets, int ways, bool vectorize) : base(sets, ways)
    {
        vectors = vectorize && ways <= 2 * Lanes ? (ways + Lanes - 1) / Lanes : 0;
        stride = vectors > 0 ? vectors * Lanes : ways;
        lastWay = vectors > 0 ? 1u << (ways - 1) : 0;
        tags = GC.AllocateArray<int>(sets * stride + RowAlignment / sizeof(int) - 1, pinned: true);
        origin = Origin(tags);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override bool Access(int set, int tag, out int evicted)
    {
        ref var row = ref tags[origin + set * stride];
        if (row == tag)
        {
            evicted = 0;
            return true;
        }
        return vectors switch
        {
            1 => RotateOne(ref row, tag, out evicted),
            2 => RotateTwo(ref row, tag, out evicted),
            _ => Rotate(set, tag, out evicted),
        };
    }

    public override bool Contains(int set, int tag) => Row(set).Contains(tag);

    public override bool Remove(int set, int tag)
    {
        var row = Row(set);
        var way = row.IndexOf(tag);
        if (way < 0) return false;
        row[(way + 1)..].CopyTo(row[way..]);
        row[^1] = 0;
        return true;
    }

    public override int Keep(int mask, int value, Span<int> dropped)
    {
        var count = 0;
        for (var set = 0; set < Sets; set++)
        {
            if (tags[origin + set * stride] != 0) count += Keep(Row(set), mask, value, dropped[count..]);
        }
        return count;
    }

    static int Keep(Span<int> row, int mask, int value, Span<int> dropped)
    {
        int kept = 0, gone = 0;
        for (var way = 0; way < row.Length && row[way] != 0; way++)
        {
            if ((row[way] & mask) == value) row[kept++] = row[way];
            else dropped[gone++] = row[way];
        }
        row.Slice(kept, gone).Clear();
        return gone;
    }

    // Up to 8 ways. The lanes beyond the last way stay zero, since no rotation reaches them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool RotateOne(ref int row, int tag, out int evicted)
    {
        var ways = Vector256.LoadUnsafe(ref row);
        var wanted = Vector256.Create(tag);
        var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits();
        var way = BitOperations.TrailingZeroCount(hits | lastWay);
        evicted = hits == 0 ? Unsafe.Add(ref row, way) : 0;
        ToFront(ways, way, wanted).StoreUnsafe(ref row);
        return hits != 0;
    }

    // 9 to 16 ways: the last lane of the first vector moves into the first lane of the second.
    bool RotateTwo(ref int row, int tag, out int evicted)
    {
        ref var secondRow = ref Unsafe.Add(ref row, Lanes);
        var first = Vector256.LoadUnsafe(ref row);
        var second = Vector256.LoadUnsafe(ref secondRow);
        var wanted = Vector256.Create(tag);
        var hits = Vector256.Equals(first, wanted).ExtractMostSignificantBits()
            | Vector256.Equals(second, wanted).ExtractMostSignificantBits() << Lanes;
        var way = BitOperations.TrailingZeroCount(hits | lastWay);
        evicted = hits == 0 ? Unsafe.Add(ref row, way) : 0;
        if (way >= Lanes)
        {
            ToFront(second, way - Lanes, Vector256.Create(Unsafe.Add(ref row, Lanes - 1))).StoreUnsafe(ref secondRow);
            way = Lanes - 1;
        }
        ToFront(first, way, wanted).StoreUnsafe(ref row);
        return hits != 0;
    }

    // Any number of ways, and machines without vectors.
    bool Rotate(int set, int tag, out int evicted)
    {
        var row = Row(set);
        var way = row.IndexOf(tag);
        var hit = way >= 0;
        if (!hit) way = row.Length - 1;
        evicted = hit ? 0 : row[way];
        row[..way].CopyTo(row[1..]);
        row[0] = tag;
        return hit;
    }

    Span<int> Row(int set) => tags.AsSpan(origin + set * stride, Ways);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> ToFront(Vector256<int> ways, int way, Vector256<int> newest) =>
        Vector256.ConditionalSelect(FirstLane, newest, Vector256.ShuffleNative(ways, Rotations[way]));

    static unsafe int Origin(int[] pinned) =>
        (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) & RowAlignment - 1) / sizeof(int);

    // Lane 0 is overwritten; lanes 1 to way take the lane before them; the others stay.
    static Vector256<int> Rotation(int way) =>
        Vector256.Create(Enumerable.Range(0, Lanes).Select(lane => lane == 0 ? way : lane <= way ? lane - 1 : lane).ToArray());
}
