using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Studies;

/// <summary>One of several runs that differ by their random numbers only.</summary>
public static class Replication
{
    /// <summary>
    /// The seed of a replication, counted from 0: that of the scenario for the first, an unrelated one for each other. Systems that are given the same seed draw the same numbers
    /// from their streams of the same name.
    /// </summary>
    public static int Seed(int seed, int replication)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replication);
        return replication == 0 ? seed : (int)StableHash.Of(seed, FormattableString.Invariant($"replication {replication}"));
    }
}
