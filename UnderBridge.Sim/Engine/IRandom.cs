namespace UnderBridge.Sim.Engine;

/// <summary>A stream of random numbers.</summary>
public interface IRandom
{
    /// <summary>Uniform over the non-negative integers.</summary>
    int Next();

    /// <summary>Uniform over [0, <paramref name="upperBound"/>).</summary>
    int Next(int upperBound);

    /// <summary>Uniform over [<paramref name="lowerBound"/>, <paramref name="upperBound"/>).</summary>
    int Next(int lowerBound, int upperBound);

    /// <summary>Uniform over [0, 1).</summary>
    double NextDouble();

    /// <summary>Starts again, as a new stream with this seed would.</summary>
    void Reinitialise(int seed);
}
