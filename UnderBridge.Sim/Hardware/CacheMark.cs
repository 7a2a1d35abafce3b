namespace UnderBridge.Sim.Hardware;

/// <summary>What a cache held and had counted at one moment, to tell whether it is in that state again.</summary>
sealed class CacheMark(Cache cache)
{
    byte[] state = [];
    bool saved;
    long activity;
    long accesses;
    long misses;

    /// <summary>Notes the counts.</summary>
    public void Note()
    {
        saved = false;
        activity = cache.Activity;
        (accesses, misses) = cache.Counts;
    }

    /// <summary>Something happened to the cache since.</summary>
    public bool Moved => cache.Activity != activity;

    /// <summary>Bytes that <see cref="Save"/> copies.</summary>
    public int Bytes => cache.StateBytes;

    /// <summary>Notes counts and contents.</summary>
    public void Save()
    {
        Note();
        saved = true;
        if (state.Length < cache.StateBytes) state = new byte[cache.StateBytes];
        cache.CopyState(state);
        cache.WatchRemovers();
    }

    /// <summary>
    /// Ends what <see cref="Save"/> or <see cref="Note"/> began. With <paramref name="compare"/>, true when the state is the same to the last bit: because nothing
    /// happened since, or because it recurred.
    /// </summary>
    public bool EndsInTheSameState(bool compare)
    {
        if (!saved) return compare && !Moved;
        var removersAreBack = cache.EndWatch();
        return compare && removersAreBack && cache.IsIn(state);
    }

    /// <summary>Takes what was counted since as the counts of one lap.</summary>
    public void TakeLap()
    {
        var (now, missed) = cache.Counts;
        (accesses, misses) = (now - accesses, missed - misses);
    }

    /// <summary>Counts so many laps more.</summary>
    public void Count(long laps) => cache.Count(laps * accesses, laps * misses);
}
