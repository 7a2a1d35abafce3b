using System.Numerics;
using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Hardware;

/// <summary>The set of a line or page: its number, which is not negative, modulo any count of sets.</summary>
readonly struct SetIndex
{
    readonly int sets;
    readonly int mask;
    readonly int shift;
    readonly ulong multiplier;

    public SetIndex(int sets)
    {
        this.sets = sets;
        mask = int.IsPow2(sets) ? sets - 1 : -1;
        // A multiplication in place of a division, exact for numbers of 31 bits (Granlund, Montgomery 1994: Division by invariant integers using multiplication, theorem 4.2).
        shift = 31 + BitOperations.Log2((uint)sets - 1) + 1;
        multiplier = (1UL << shift) / (uint)sets + 1;
    }

    /// <summary>The sets are a power of two, so numbers that follow one another lie in sets that do, up to the last.</summary>
    public bool IsMasked => mask >= 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(int number) => mask >= 0 ? number & mask : number - (int)((uint)number * multiplier >> shift) * sets;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long number) => (ulong)number <= int.MaxValue ? Of((int)number) : (int)((ulong)number % (uint)sets);
}
