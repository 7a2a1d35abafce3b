using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>The generator of the platform with a seed, 0 unless given, so that no run depends on a clock.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Simulation, not security.")]
public class SystemRandom : IRandom
{
    Random random;

    public SystemRandom() : this(0) { }

    public SystemRandom(int seed) => random = new(seed);

    public int Next() => random.Next();

    public int Next(int upperBound) => random.Next(upperBound);

    public int Next(int lowerBound, int upperBound) => random.Next(lowerBound, upperBound);

    public double NextDouble() => random.NextDouble();

    public void Reinitialise(int seed) => random = new(seed);
}
