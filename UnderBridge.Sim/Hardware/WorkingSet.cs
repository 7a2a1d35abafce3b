namespace UnderBridge.Sim.Hardware;

/// <summary>Code and data that an owner's own work draws its lines from, uniformly, by a generator of its own seeded by the name.</summary>
sealed class WorkingSet(string name, Region code, Region data, int seed = 1)
{
    ulong state = StableHash.Of(seed, name);

    public string Name => name;
    public Region Code => code;
    public Region Data => data;

    internal int NextLine(bool code) => Next(code ? Code.Lines : Data.Lines);

    // Knuth's 64-bit linear congruential generator; the high half is good enough for placement.
    int Next(int bound)
    {
        state = state * 6364136223846793005UL + 1442695040888963407UL;
        return StableHash.Below(state, bound);
    }
}
