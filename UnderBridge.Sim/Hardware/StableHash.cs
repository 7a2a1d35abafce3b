namespace UnderBridge.Sim.Hardware;

/// <summary>Pseudo-random numbers that depend on a seed and a name alone, on every machine and in every run.</summary>
static class StableHash
{
    /// <summary>FNV-1a over the name, then <see cref="Mix"/>.</summary>
    public static ulong Of(int seed, string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return Mix(hash + (ulong)(uint)seed);
    }

    /// <summary>A step of SplitMix64 (Steele, Lea, Flood 2014): neighbouring inputs give unrelated outputs.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    /// <summary>Maps a hash to 0 .. bound-1.</summary>
    public static int Below(ulong hash, int bound) => (int)((hash >> 32) * (ulong)bound >> 32);
}
