using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Hardware;

/// <summary>The set of a line or page: its number modulo any count of sets.</summary>
readonly struct SetIndex(int sets)
{
    readonly long mask = int.IsPow2(sets) ? sets - 1 : -1;
    readonly ulong inverse = ulong.MaxValue / (uint)sets + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long number)
    {
        if (mask >= 0) return Masked(number);
        return (ulong)number <= uint.MaxValue ? Remainder((uint)number) : (int)((ulong)number % (uint)sets);
    }

    /// <summary>The same where the sets are a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Masked(long number) => (int)(number & mask);

    // Two multiplications in place of a division, exact for 32 bits (Lemire, Kaser, Kurz 2019: Faster remainder by direct computation).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Remainder(uint number) => (int)Math.BigMul(inverse * number, (ulong)(uint)sets, out _);
}
