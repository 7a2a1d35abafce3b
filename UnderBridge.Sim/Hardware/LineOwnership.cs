namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Which core has written a line that no other has read since. A write takes a line away from the private caches of all other cores; the next access of
/// another core fetches it from the writer's cache, after which a line only read is everybody's. A write that merely takes copies away costs the writer nothing: stores
/// wait in its store buffer.
/// </summary>
sealed class LineOwnership(Core[] cores)
{
    const int OwnerBits = 8;

    // (core + 1) and the owner that wrote, or 0.
    ushort[] writers = new ushort[1024];
    readonly long[] taken = new long[cores.Length];

    /// <summary>How often an access of a core changed who has written a line.</summary>
    public long Taken(int core) => taken[core];

    /// <summary>Notes an access; returns which owner wrote the line on another core that must hand it over, or 0.</summary>
    public int Touch(int line, int core, int who, bool write)
    {
        if (line >= writers.Length) Array.Resize(ref writers, 2 * line);
        ref var entry = ref writers[line];
        var (writer, owner) = ((entry >> OwnerBits) - 1, entry & ((1 << OwnerBits) - 1));
        var elsewhere = writer >= 0 && writer != core;
        if (write)
        {
            if (writer != core) TakeAway(line, core, who);
            Note(ref entry, core + 1 << OwnerBits | who, core);
        }
        else if (elsewhere)
        {
            cores[writer].Disturb();
            Note(ref entry, 0, core);
        }
        return elsewhere ? owner : 0;
    }

    void Note(ref ushort entry, int value, int core)
    {
        if (entry != value) taken[core]++;
        entry = (ushort)value;
    }

    void TakeAway(int line, int writer, int by)
    {
        foreach (var core in cores)
        {
            if (core.Index != writer) core.Lose(line, by);
        }
    }
}
