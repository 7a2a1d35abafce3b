namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Remembers for one cache who pushed out what. Who is a small positive number (an owner's index + 1). A victim that evicted its own entry did so
/// because others had taken the room; then the last other one to fill something into that set is to blame. A flush is always blamed on the flusher.
/// </summary>
public sealed class Culprits(int sets, int indexMask = int.MaxValue)
{
    public const int MaxWho = FlushBit - 1;
    const int FlushBit = 0x80;

    readonly byte[] lastFiller = new byte[sets];
    readonly byte[] fillerBefore = new byte[sets];
    byte[] remover = new byte[1024];

    internal void Filled(int set, int tag, int evicted, int by)
    {
        if ((tag & indexMask) >= remover.Length) MakeRoom(tag & indexMask);
        if (evicted != 0) remover[evicted & indexMask] = (byte)by;
        if (lastFiller[set] == by) return;
        fillerBefore[set] = lastFiller[set];
        lastFiller[set] = (byte)by;
    }

    // Room is made when an entry comes in, so that nothing is allocated when it leaves.
    void MakeRoom(int index) => Array.Resize(ref remover, (int)uint.Min(int.MaxValue, 2 * (uint)index));

    internal void Pushed(int tag, int by) => remover[tag & indexMask] = (byte)by;

    internal void Flushed(ReadOnlySpan<int> tags, int by)
    {
        foreach (var tag in tags) remover[tag & indexMask] = (byte)(by | FlushBit);
    }

    internal int Of(int set, int tag, int victim)
    {
        var index = tag & indexMask;
        var who = index < remover.Length ? remover[index] : 0;
        if ((who & FlushBit) != 0) return who & ~FlushBit;
        if (who != 0 && who != victim) return who;
        who = lastFiller[set] != victim ? lastFiller[set] : fillerBefore[set];
        return who != 0 ? who : victim;
    }
}
