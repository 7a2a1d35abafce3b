using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Sets under true least-recently-used replacement. Each set is kept most recent first, with its empty ways at the end, so a hit and a fill are the
/// same rotation of the leading ways. What is dropped leaves the order of the others.
/// </summary>
sealed class LruSets : SetAssociative
{
    const int Lanes = 8;

    // A cache line of the host, so that no row of 8 or 16 ways lies across two.
    const int RowAlignment = 64;

    static readonly Vector256<int> FirstLane = Vector256.Create(-1, 0, 0, 0, 0, 0, 0, 0);
    static readonly Vector256<int>[] Rotations = [.. Enumerable.Range(0, Lanes).Select(Rotation)];

    // The rows, from an aligned place on, as long as the collector leaves them there; large arrays it does. Sets are numbered by those who own the
    // structure, who do not go beyond the last.
    readonly int[] rows;
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
        rows = new int[sets * stride + RowAlignment / sizeof(int) - 1];
        unsafe
        {
            origin = (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(rows)) & RowAlignment - 1) / sizeof(int);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override int Access(int set, int tag)
    {
        ref var row = ref FirstWay(set);
        if (row == tag) return Held;
        return vectors switch
        {
            1 => RotateOne(ref row, tag),
            2 => RotateTwo(ref row, tag),
            _ => Rotate(set, tag),
        };
    }

    /// <summary>Up to 8 ways, in one vector: what <see cref="TryHit"/> and <see cref="AccessRun"/> need.</summary>
    public bool IsOneVector => vectors == 1;

    /// <summary>Fetches the ways of a set into the host's caches, for an access that is soon to come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int set)
    {
        // An address that the collector makes stale meanwhile does no harm.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref FirstWay(set)));
    }

    /// <summary>The hit path of <see cref="Access"/> for up to 8 ways: false leaves all as it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHit(int set, int tag)
    {
        ref var row = ref Vector(set);
        if (row == tag) return true;
        var ways = Vector256.LoadUnsafe(ref row);
        var wanted = Vector256.Create(tag);
        var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits();
        if (hits == 0) return false;
        ToFront(ways, BitOperations.TrailingZeroCount(hits), wanted).StoreUnsafe(ref row);
        return true;
    }

    /// <summary>
    /// Accesses tags that follow one another, in sets that do, the first set following the last, as long as they hit; returns how many did. For up to 8 ways,
    /// and sets in a power of two.
    /// </summary>
    // A method of its own, so that what it calls is always compiled into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int AccessRun(int set, int tag, int count)
    {
        var wanted = Vector256.Create(tag);
        var last = Sets - 1;
        for (var n = 0; n < count; n++)
        {
            ref var row = ref Vector(set + n & last);
            var ways = Vector256.LoadUnsafe(ref row);
            var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits();
            if (hits == 0) return n;
            ToFront(ways, BitOperations.TrailingZeroCount(hits), wanted).StoreUnsafe(ref row);
            wanted += Vector256<int>.One;
        }
        return count;
    }

    public override bool Contains(int set, int tag) => Row(set).Contains(tag);

    public override ReadOnlySpan<byte> Entries => MemoryMarshal.AsBytes(rows.AsSpan(origin, Sets * stride));

    public override bool Remove(int set, int tag)
    {
        var row = Row(set);
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
            if (FirstWay(set) != 0) count += Sweep(Row(set), mask, value, keep, dropped[count..]);
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

    // Up to 8 ways. The lanes beyond the last way stay zero, since no rotation reaches them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int RotateOne(ref int row, int tag)
    {
        var ways = Vector256.LoadUnsafe(ref row);
        var wanted = Vector256.Create(tag);
        var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits();
        var way = BitOperations.TrailingZeroCount(hits | lastWay);
        var result = hits != 0 ? Held : Unsafe.Add(ref row, way);
        ToFront(ways, way, wanted).StoreUnsafe(ref row);
        return result;
    }

    // 9 to 16 ways: the last lane of the first vector moves into the first lane of the second.
    int RotateTwo(ref int row, int tag)
    {
        ref var secondRow = ref Unsafe.Add(ref row, Lanes);
        var first = Vector256.LoadUnsafe(ref row);
        var second = Vector256.LoadUnsafe(ref secondRow);
        var wanted = Vector256.Create(tag);
        var hits = Vector256.Equals(first, wanted).ExtractMostSignificantBits()
            | Vector256.Equals(second, wanted).ExtractMostSignificantBits() << Lanes;
        var way = BitOperations.TrailingZeroCount(hits | lastWay);
        var result = hits != 0 ? Held : Unsafe.Add(ref row, way);
        if (way >= Lanes)
        {
            ToFront(second, way - Lanes, Vector256.Create(Unsafe.Add(ref row, Lanes - 1))).StoreUnsafe(ref secondRow);
            way = Lanes - 1;
        }
        ToFront(first, way, wanted).StoreUnsafe(ref row);
        return result;
    }

    // Any number of ways, and machines without vectors.
    int Rotate(int set, int tag)
    {
        var row = Row(set);
        var way = row.IndexOf(tag);
        var result = Held;
        if (way < 0)
        {
            way = row.Length - 1;
            result = row[way];
        }
        row[..way].CopyTo(row[1..]);
        row[0] = tag;
        return result;
    }

    Span<int> Row(int set) => MemoryMarshal.CreateSpan(ref FirstWay(set), Ways);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref int Vector(int set)
    {
        Debug.Assert(IsOneVector && (uint)set < (uint)Sets);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rows), origin + (nint)set * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref int FirstWay(int set)
    {
        Debug.Assert((uint)set < (uint)Sets);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(rows), origin + (nint)set * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> ToFront(Vector256<int> ways, int way, Vector256<int> newest) =>
        Vector256.ConditionalSelect(FirstLane, newest, Vector256.ShuffleNative(ways, Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Rotations), way)));

    // Lane 0 is overwritten; lanes 1 to way take the lane before them; the others stay.
    static Vector256<int> Rotation(int way) =>
        Vector256.Create(Enumerable.Range(0, Lanes).Select(lane => lane == 0 ? way : lane <= way ? lane - 1 : lane).ToArray());
}
