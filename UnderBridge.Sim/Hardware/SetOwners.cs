using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Whose each set of a cache is. As long as one owner's accesses alone have reached a set, and have reached that of the owner's ghost too, the set of the ghost holds the same:
/// so it is not kept, and the cache's own stands for both. docs/decisions/0009 has the argument.
/// </summary>
readonly unsafe struct SetOwners
{
    /// <summary>Low bits: the owner's index + 1, or 0. A set that is nobody's, or nobody's any more, has this bit.</summary>
    public const int Nobodys = 0x80;

    readonly byte[]? owners;
    readonly byte* first;

    public SetOwners(int sets)
    {
        owners = GC.AllocateArray<byte>(sets, pinned: true);
        first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(owners));
    }

    /// <summary>False when no ghosts are kept.</summary>
    public bool Exist => first != null;

    public ReadOnlySpan<byte> State => owners;

    /// <summary>The state of the first set.</summary>
    public byte* First => first;

    /// <summary>The owner whose alone a set is; 0 when nothing has reached it yet, and <see cref="Nobodys"/> or more when it is nobody's.</summary>
    public int Whose(int set) => first[(uint)set];

    /// <summary>The set is this owner's alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(int set, int who) => first[(uint)set] == who;

    /// <summary>The set was reached by several, or in another way; each ghost has its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNobodys(int set) => first[(uint)set] >= Nobodys;

    /// <summary>Nothing has reached the set yet.</summary>
    public bool IsFree(int set) => first[(uint)set] == 0;

    /// <summary>Whose the set is or was, or 0.</summary>
    public int Of(int set) => first[(uint)set] & ~Nobodys;

    public void Give(int set, int who) => first[(uint)set] = (byte)who;

    public void Take(int set) => first[(uint)set] |= Nobodys;

    /// <summary>The first set from one on that is somebody's, or -1.</summary>
    public int Next(int set)
    {
        var next = owners.AsSpan(set).IndexOfAnyInRange((byte)1, (byte)(Nobodys - 1));
        return next < 0 ? -1 : set + next;
    }
}
