using System.Numerics;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The generator pcg32 (XSH-RR, 64 bits of state), after M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
/// Algorithms for Random Number Generation", 2014. It is seeded as pcg32_srandom of the reference code does: the initial state is the
/// seed (sign-extended), the increment is the default one, 1442695040888963407. Without a seed the seed is 0, so that no run depends on a clock.
/// </summary>
public class PcgRandom : IRandom
{
    const ulong Multiplier = 6364136223846793005;
    const ulong DefaultStream = 1442695040888963407 >> 1;

    ulong state;
    ulong increment;

    public PcgRandom() : this(0) { }

    public PcgRandom(int seed) => Reinitialise(seed);

    internal PcgRandom(ulong state, ulong stream) => Start(state, stream);

    /// <summary>Uniform over [0, 2^31): the upper 31 bits of an output.</summary>
    public int Next() => (int)(NextBits() >> 1);

    /// <summary>Uniform over [0, <paramref name="upperBound"/>), without bias.</summary>
    public int Next(int upperBound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(upperBound);
        return (int)Bounded((uint)upperBound);
    }

    /// <summary>Uniform over [<paramref name="lowerBound"/>, <paramref name="upperBound"/>), without bias.</summary>
    public int Next(int lowerBound, int upperBound)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lowerBound, upperBound);
        return (int)(lowerBound + Bounded((uint)((long)upperBound - lowerBound)));
    }

    /// <summary>Uniform over the multiples of 2^-32 in [0, 1).</summary>
    public double NextDouble() => NextBits() * (1.0 / (1L << 32));

    public void Reinitialise(int seed) => Start((ulong)seed, DefaultStream);

    internal uint NextBits()
    {
        var old = state;
        state = old * Multiplier + increment;
        return BitOperations.RotateRight((uint)(((old >> 18) ^ old) >> 27), (int)(old >> 59));
    }

    void Start(ulong initialState, ulong stream)
    {
        state = 0;
        increment = (stream << 1) | 1;
        NextBits();
        state += initialState;
        NextBits();
    }

    long Bounded(uint bound)
    {
        var threshold = (uint)-bound % bound;
        uint bits;
        do bits = NextBits(); while (bits < threshold);
        return bits % bound;
    }
}
