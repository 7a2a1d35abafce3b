using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>The sets are a power of two.</summary>
    public bool IsMasked => mask >= 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(int number) => mask >= 0 ? Masked(number) : Remainder((uint)number);

    /// <summary>The same where the sets are a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Masked(long number) => (int)(number & mask);

    // Two multiplications in place of a division, exact for 32 bits (Lemire, Kaser, Kurz 2019: Faster remainder by direct computation).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Remainder(uint number) =>
        (int)(Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(inverse * number, (uint)sets) : Math.BigMul(inverse * number, (ulong)(uint)sets, out _));
}
