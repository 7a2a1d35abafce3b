namespace UnderBridge.Sim.Hardware;

/// <summary>Sets under first-in, first-out replacement: rows in the order of recency that hits leave alone.</summary>
sealed class FifoSets(int sets, int ways) : SetAssociative(sets, ways)
{
    readonly LruSets queue = new(sets, ways);

    public override int Access(int set, int tag) => queue.Contains(set, tag) ? Held : queue.Access(set, tag);

    public override bool Contains(int set, int tag) => queue.Contains(set, tag);

    public override ReadOnlySpan<byte> Entries => queue.Entries;

    public override bool Remove(int set, int tag) => queue.Remove(set, tag);

    private protected override int Sweep(int mask, int value, bool keep, Span<int> dropped) => keep ? queue.Keep(mask, value, dropped) : queue.Drop(mask, value, dropped);
}
