using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// References of one owner that go down a hierarchy together, all through one level before any goes on to the next. What a level holds follows from the order of the
/// references that reach it and from nothing else, and they stay in order: so it is as if they went one after the other, and faster, since the level stays at hand.
/// docs/decisions/0010 has the argument.
/// </summary>
sealed unsafe class ReferenceBatch
{
    /// <summary>So many go together at most.</summary>
    public const int Room = 256;

    /// <summary>
    /// A miss is one number: the index of its reference, and how many levels did not hold that, in the cache (times <see cref="Here"/>) and in the owner's ghost (times <see cref="Alone"/>).
    /// Each has ten bits, which hold a sum over a batch too.
    /// </summary>
    public const int HereShift = 10, AloneShift = 20, Here = 1 << HereShift, Alone = 1 << AloneShift, IndexMask = Here - 1;

    readonly int[] memory = GC.AllocateArray<int>(4 * Room, pinned: true);
    readonly byte[] culprits;
    nint list;
    nint nextList;

    /// <param name="levels">Levels of the deepest hierarchy that it will go down.</param>
    public ReferenceBatch(int levels)
    {
        culprits = new byte[levels * Room];
        Tags = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        (list, nextList) = ((nint)(Tags + Room), (nint)(Tags + (2 * Room)));
    }

    public int Count { get; private set; }

    /// <summary>A reference's number, which selects the set, is its tag less this.</summary>
    public int Offset { get; private set; }

    public int* Tags { get; }

    /// <summary>The tag of a reference.</summary>
    public int this[int index] => Tags[index];

    /// <summary>Forgets what was in it.</summary>
    public void Begin(int offset = 0) => (Count, Offset) = (0, offset);

    /// <summary>Adds references that follow one another.</summary>
    public void AddRun(int first, int count)
    {
        var added = Add(count);
        var n = 0;
        for (; n <= count - Vector256<int>.Count; n += Vector256<int>.Count) Vector256.CreateSequence(first + n, 1).CopyTo(added[n..]);
        for (; n < count; n++) added[n] = first + n;
    }

    /// <summary>Room for the tags of so many references more.</summary>
    public Span<int> Add(int count)
    {
        var added = new Span<int>(Tags, Room).Slice(Count, count);
        Count += count;
        return added;
    }

    /// <summary>The misses: the references that the first level did not hold in both the cache and the ghost.</summary>
    public int* List => (int*)list;

    public int Misses { get; private set; }

    /// <summary>The list that a level makes out of the one before. They are apart, since the host would wait for what was stored close to what it loads.</summary>
    public int* NextList => (int*)nextList;

    /// <summary>The sets of the misses in the level that is looked up, where they are known beforehand.</summary>
    public int* Sets => Tags + (3 * Room);

    /// <summary>How many are in it so far.</summary>
    public int Listed { get; set; }

    /// <summary>A level is to be looked up for so many.</summary>
    public int BeginLevel(int level)
    {
        Listed = 0;
        return level == 0 ? Count : Misses;
    }

    /// <summary>Adds a reference to the next list, if it is a miss.</summary>
    public void Note(int miss)
    {
        if (miss > IndexMask) NextList[Listed++] = miss;
    }

    /// <summary>The same for one of which it is known which levels hold it.</summary>
    public void Note(int index, int level, int alone) => Note(index + (level * Here) + (alone * Alone));

    /// <summary>The level has been looked up for all of them.</summary>
    public void EndLevel() => (list, nextList, Misses) = (nextList, list, Listed);

    /// <summary>Which reference a miss is of; they are in order.</summary>
    public int Index(int miss) => List[miss] & IndexMask;

    /// <summary>Whether a miss, if there are so many, is of this reference.</summary>
    public bool IsOf(int miss, int index) => miss < Misses && Index(miss) == index;

    /// <summary>The level that held it; one more than the last level when none did.</summary>
    public int Level(int miss) => HereOf(List[miss]);

    /// <summary>The level that held it in the owner's ghost.</summary>
    public int LevelAlone(int miss) => AloneOf(List[miss]);

    /// <summary>How many levels did not hold it in the cache; of a sum of misses, the sum.</summary>
    public static int HereOf(int miss) => miss >> HereShift & (Alone / Here - 1);

    /// <summary>The same in the owner's ghost.</summary>
    public static int AloneOf(int miss) => miss >> AloneShift;

    /// <summary>Whom to blame that a level did not hold what the ghost held there or above.</summary>
    public int Culprit(int level, int miss) => culprits[(level * Room) + Index(miss)];

    /// <summary>Notes whom, by the index of the reference.</summary>
    public void Blame(int level, int index, int culprit) => culprits[(level * Room) + index] = (byte)culprit;
}
