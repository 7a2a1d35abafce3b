namespace UnderBridge.Sim.Hardware;

/// <summary>Sets under first-in, first-out replacement: rows in the order of recency that hits leave alone.</summary>
public sealed class FifoSets(int sets, int ways) : SetAssociative(sets, ways)
{
    readonly LruSets queue = new(sets, ways);

    public override bool Access(int set, int tag, out int evicted)
    {
        evicted = 0;
        return queue.Contains(set, tag) || queue.Access(set, tag, out evicted);
    }

    public override bool Contains(int set, int tag) => queue.Contains(set, tag);

    public override bool Remove(int set, int tag) => queue.Remove(set, tag);

    private protected override int Sweep(int mask, int value, bool keep, Span<int> dropped) => keep ? queue.Keep(mask, value, dropped) : queue.Drop(mask, value, dropped);
}
