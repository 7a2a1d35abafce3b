namespace UnderBridge.Sim.Hardware;

/// <summary>Levels that are looked up one after the other as long as they miss; a miss fills all that were looked up.</summary>
sealed class CachePath(Cache[] levels)
{
    readonly Cache[] levels = levels;

    public Cache First => levels[0];

    /// <summary>From now on, <paramref name="ghost"/> is what the accesses of an owner alone would have left.</summary>
    public void AddGhost(CachePath ghost, int who)
    {
        for (var level = 0; level < levels.Length; level++) levels[level].AddGhost(ghost.levels[level], who);
    }

    /// <summary>The level that holds an entry; one more than the last level when none does.</summary>
    public int Access(int number, int tag, int by)
    {
        var level = 0;
        while (level < levels.Length && !levels[level].Lookup(number, tag, by)) level++;
        return level;
    }

    /// <summary>The same for references of an owner that has a ghost here: the batch tells which level held each, in the ghost too.</summary>
    public void Access(ReferenceBatch batch, int who)
    {
        for (var level = 0; level < levels.Length && (level == 0 || batch.Misses > 0); level++) levels[level].Descend(batch, level, who);
    }
}
