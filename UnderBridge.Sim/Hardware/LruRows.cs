using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Sets in memory that does not move, each kept most recent first with its empty ways at the end: so a hit and a fill are the same rotation of the leading
/// ways. Sets are numbered by those who own the rows, who do not go beyond the last.
/// </summary>
readonly unsafe struct LruRows
{
    const int Lanes = 8;

    // A cache line of the host, so that no row of 8 or 16 ways lies across two.
    const int RowAlignment = 64;

    static readonly Vector256<int> OneBefore = Vector256.Create(0, 0, 1, 2, 3, 4, 5, 6);

    // For each lane of two vectors, and for as many before them: the lanes of one vector up to it.
    static readonly int[] marksMemory = GC.AllocateArray<int>(4 * Lanes * Lanes, pinned: true);
    static readonly int* marks = MarksIn(marksMemory);

    readonly int[] memory;
    readonly int* first;
    readonly nint stride;
    readonly int ways;
    readonly int vectors;
    readonly uint lastWay;

    public LruRows(int sets, int ways, bool vectorize)
    {
        this.ways = ways;
        vectors = vectorize && ways <= 2 * Lanes ? (ways + Lanes - 1) / Lanes : 0;
        stride = vectors > 0 ? vectors * Lanes : ways;
        lastWay = vectors > 0 ? 1u << (ways - 1) : 0;
        memory = GC.AllocateArray<int>(sets * (int)stride + RowAlignment / sizeof(int) - 1, pinned: true);
        first = (int*)((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory)) + RowAlignment - 1 & -RowAlignment);
    }

    /// <summary>Up to 16 ways, on a machine with vectors.</summary>
    public bool AreVectors => vectors != 0;

    /// <summary>Up to 8 ways.</summary>
    public bool AreOneVector => vectors == 1;

    /// <summary>The first way of the first set.</summary>
    public int* First => first;

    /// <summary>A bit for the lane of the last way, of rows that are vectors.</summary>
    public uint LastWay => lastWay;

    public Span<int> this[int set] => new(Row(set), ways);

    /// <summary>The rows of so many sets, with what lies between them.</summary>
    public Span<int> All(int sets) => new(first, sets * (int)stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Newest(int set) => *Row(set);

    /// <summary>What has to go when something comes into a set, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Oldest(int set) => Row(set)[ways - 1];

    /// <summary>Puts a tag in front of its set, and out with the oldest if it was not held; true when it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ToFront(int set, int tag) => vectors switch
    {
        0 => Rotate(this[set], tag),
        1 => OneVector.Rotate(Row(set), Vector256.Create(tag), lastWay) != 0,
        _ => TwoVectors.Rotate(Row(set), Vector256.Create(tag), lastWay) != 0,
    };

    /// <summary>
    /// Puts tags that follow one another in front of sets that do, here and, where a set is not <paramref name="who"/>'s alone, in <paramref name="ghost"/>; as long as they are held, and
    /// no set is another's or free. Returns how many were. For rows of one vector.
    /// </summary>
    // A method of its own, so that what it calls is always compiled into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Run(in LruRows ghost, in SetOwners owners, int who, int set, int tag, int count)
    {
        var row = Row(set);
        var ghostRow = ghost.Row(set);
        var wanted = Vector256.Create(tag);
        for (var n = 0; n < count; n++, row += Lanes, ghostRow += Lanes)
        {
            var ways = Vector256.Load(row);
            var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits();
            if (hits == 0) return n;
            if (!owners.Is(set + n, who))
            {
                var ghostWays = Vector256.Load(ghostRow);
                var ghostHits = Vector256.Equals(ghostWays, wanted).ExtractMostSignificantBits();
                // The ghost's row is empty as long as the set is another's or free.
                if (ghostHits == 0) return n;
                Front(ghostWays, UpTo(ghostHits), wanted).Store(ghostRow);
            }
            Front(ways, UpTo(hits), wanted).Store(row);
            wanted += Vector256<int>.One;
        }
        return count;
    }

    /// <summary>How the ways of a set lie in vectors.</summary>
    public interface IRow
    {
        /// <summary>From a set to the next, in ways.</summary>
        static abstract int Stride { get; }

        /// <summary>Puts a tag that fills every lane in front of its set, and out with the last way if it was not held; returns the lanes that held it.</summary>
        static abstract uint Rotate(int* row, Vector256<int> wanted, uint lastWay);
    }

    /// <summary>Up to 8 ways. The lanes beyond the last way stay zero, since no rotation reaches them.</summary>
    public readonly struct OneVector : IRow
    {
        public static int Stride => Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static uint Rotate(int* row, Vector256<int> wanted, uint lastWay)
        {
            var ways = Vector256.Load(row);
            var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits();
            Front(ways, UpTo(hits | lastWay), wanted).Store(row);
            return hits;
        }
    }

    /// <summary>9 to 16 ways: the last lane of the first vector moves into the first lane of the second, if the way lies there.</summary>
    public readonly struct TwoVectors : IRow
    {
        public static int Stride => 2 * Lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static uint Rotate(int* row, Vector256<int> wanted, uint lastWay)
        {
            var ways = Vector256.Load(row);
            var more = Vector256.Load(row + Lanes);
            var hits = Vector256.Equals(ways, wanted).ExtractMostSignificantBits() | Vector256.Equals(more, wanted).ExtractMostSignificantBits() << Lanes;
            var upTo = UpTo(hits | lastWay);
            Choose(Vector256.Load(upTo - Lanes * Lanes), MovedBack(more, ways), more).Store(row + Lanes);
            Front(ways, upTo, wanted).Store(row);
            return hits;
        }
    }

    // Any number of ways, and machines without vectors.
    static bool Rotate(Span<int> row, int tag)
    {
        var way = row.IndexOf(tag);
        var held = way >= 0;
        if (!held) way = row.Length - 1;
        row[..way].CopyTo(row[1..]);
        row[0] = tag;
        return held;
    }

    // The newest comes first, and the ways up to one move back by one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Front(Vector256<int> ways, int* upTo, Vector256<int> newest) => Choose(Vector256.Load(upTo), MovedBack(ways, newest), ways);

    // Each lane moves to the next, and the last lane of what comes before to the first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> MovedBack(Vector256<int> lanes, Vector256<int> before) => Avx2.IsSupported
        ? Avx2.AlignRight(lanes, Avx2.Permute2x128(before, lanes, HighThenLow), 3 * sizeof(int))
        : Vector256.Shuffle(lanes, OneBefore).WithElement(0, before.GetElement(Lanes - 1));

    // Of the halves of two vectors, the high one of the first and the low one of the second.
    const byte HighThenLow = 0x21;

    // Marks the lanes up to the first of some; those of the second vector are one vector's lanes before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int* UpTo(uint lanes) => marks + (nint)(uint)BitOperations.TrailingZeroCount(lanes) * Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Choose(Vector256<int> mask, Vector256<int> one, Vector256<int> other) =>
        Avx2.IsSupported ? Avx2.BlendVariable(other, one, mask) : Vector256.ConditionalSelect(mask, one, other);

    static int* MarksIn(int[] memory)
    {
        var zero = (int*)((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory)) + sizeof(Vector256<int>) - 1 & -sizeof(Vector256<int>)) + Lanes * Lanes;
        for (var lane = 0; lane < 2 * Lanes; lane++)
            for (var n = 0; n <= lane && n < Lanes; n++) zero[lane * Lanes + n] = -1;
        return zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int* Row(int set)
    {
        Debug.Assert(set >= 0);
        return first + (nint)(uint)set * stride;
    }
}
