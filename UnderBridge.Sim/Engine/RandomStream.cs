using System.Numerics;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// A stream of its own for each seed and name, whatever other streams there are, so that two designs can be compared on the same draws. The generator is xoshiro256++
/// (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021), its state filled by SplitMix64 from the seed and the
/// FNV-1a hash of the name, as the authors advise. Doubles have 53 bits.
/// </summary>
public sealed class RandomStream : IRandom
{
    readonly string name;
    ulong s0, s1, s2, s3;

    public RandomStream(int seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        this.name = name;
        Reinitialise(seed);
    }

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        name = "";
        (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);
    }

    public int Next() => (int)(NextBits() >> 33);

    public int Next(int upperBound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(upperBound);
        return (int)Bounded((uint)upperBound);
    }

    public int Next(int lowerBound, int upperBound)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lowerBound, upperBound);
        return (int)(lowerBound + Bounded((uint)((long)upperBound - lowerBound)));
    }

    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    public void Reinitialise(int seed)
    {
        var mixer = (ulong)seed ^ BitOperations.RotateLeft(HashOf(name), 32);
        (s0, s1, s2, s3) = (Mix(ref mixer), Mix(ref mixer), Mix(ref mixer), Mix(ref mixer));
    }

    internal ulong NextBits()
    {
        var result = BitOperations.RotateLeft(s0 + s3, 23) + s0;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>The upper half of a 96-bit product; draws that would favour some results are repeated (Lemire, 2019).</summary>
    long Bounded(uint bound)
    {
        var threshold = (uint)-bound % bound;
        while (true)
        {
            var product = (NextBits() >> 32) * bound;
            if ((uint)product >= threshold) return (long)(product >> 32);
        }
    }

    static ulong HashOf(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text) hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }

    static ulong Mix(ref ulong mixer)
    {
        var z = mixer += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
