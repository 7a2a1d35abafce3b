using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Remembers for one cache who pushed out what. Who is a small positive number (an owner's index + 1). A victim that evicted its own entry did so
/// because others had taken the room; then the last other one to fill something into that set is to blame. A flush is always blamed on the flusher.
/// </summary>
sealed class Culprits(int sets, int indexMask = int.MaxValue)
{
    public const int MaxWho = FlushBit - 1;
    const int FlushBit = 0x80;

    // Eight 4 KB frames of 64-byte lines: a core touches few of the lines there are, and those of a frame together.
    const int ChunkShift = 9, ChunkMask = (1 << ChunkShift) - 1;

    readonly byte[] lastFiller = new byte[sets];
    readonly byte[] fillerBefore = new byte[sets];
    // Where the removers of a chunk begin; those of chunks of which nothing was removed are the first ones, of which nobody is.
    int[] starts = new int[16];
    byte[] removers = new byte[2 << ChunkShift];
    int used = 1 << ChunkShift;
    Dictionary<int, byte>? removersBefore;
    bool watched;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Filled(int set, int evicted, int by)
    {
        if (evicted != 0) Blame(evicted, by);
        if (lastFiller[set] != by) NoteFiller(set, by);
    }

    /// <summary>Notes who filled a set.</summary>
    internal void NoteFiller(int set, int by)
    {
        fillerBefore[set] = lastFiller[set];
        lastFiller[set] = (byte)by;
    }

    internal void Pushed(int tag, int by) => Blame(tag, by);

    internal void Flushed(ReadOnlySpan<int> tags, int by)
    {
        foreach (var tag in tags) Blame(tag, by | FlushBit);
    }

    /// <summary>Who is to blame. What the <paramref name="owner"/> of a set pushed out while it was the only one there was not noted.</summary>
    internal int Of(int set, int tag, int victim, int owner)
    {
        var chunk = (tag & indexMask) >> ChunkShift;
        int who = chunk < starts.Length ? removers[starts[chunk] + (tag & ChunkMask)] : (byte)0;
        if (who == 0) who = owner;
        if ((who & FlushBit) != 0) return who & ~FlushBit;
        if (who != 0 && who != victim) return who;
        who = lastFiller[set] != victim ? lastFiller[set] : fillerBefore[set];
        return who != 0 ? who : victim;
    }

    internal ReadOnlySpan<byte> LastFillers => lastFiller;
    internal ReadOnlySpan<byte> FillersBefore => fillerBefore;

    /// <summary>From now on, notes what each entry's remover was before it changed.</summary>
    internal void Watch()
    {
        (removersBefore ??= []).Clear();
        watched = true;
    }

    /// <summary>Ends watching: true when every remover is what it was.</summary>
    internal bool EndWatch()
    {
        watched = false;
        foreach (var (entry, before) in removersBefore!)
        {
            if (Remover(entry) != before) return false;
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Blame(int tag, int by)
    {
        ref var entry = ref Remover(tag);
        if (watched) removersBefore!.TryAdd(tag & indexMask, entry);
        entry = (byte)by;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref byte Remover(int tag)
    {
        var chunk = (tag & indexMask) >> ChunkShift;
        if (chunk >= starts.Length || starts[chunk] == 0) MakeRoom(chunk);
        return ref removers[starts[chunk] + (tag & ChunkMask)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void MakeRoom(int chunk)
    {
        if (chunk >= starts.Length) Array.Resize(ref starts, 2 * chunk);
        if (used == removers.Length) Array.Resize(ref removers, 2 * used);
        starts[chunk] = used;
        used += 1 << ChunkShift;
    }
}
