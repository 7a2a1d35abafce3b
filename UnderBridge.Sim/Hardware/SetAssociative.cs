namespace UnderBridge.Sim.Hardware;

/// <summary>Sets of tags under a replacement policy. A tag is positive and in one way at most; zero is an empty way. One set is fully associative.</summary>
abstract class SetAssociative
{
    /// <summary>The result of a hit.</summary>
    public const int Held = -1;

    private protected SetAssociative(int sets, int ways)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ways);
        Sets = sets;
        Ways = ways;
    }

    public int Sets { get; }
    public int Ways { get; }

    public static SetAssociative Of(int sets, int ways, Replacement replacement) => replacement switch
    {
        Replacement.Fifo => new FifoSets(sets, ways),
        Replacement.TreePlru => new TreePlruSets(sets, ways),
        _ => new LruSets(sets, ways),
    };

    /// <summary>
    /// Looks a tag up: <see cref="Held"/>, or after a miss, which fills it in, the tag that had to go for it, or 0. An empty way is used before any entry goes.
    /// </summary>
    public abstract int Access(int set, int tag);

    public abstract bool Contains(int set, int tag);

    /// <summary>The ways of all sets: with <see cref="Recency"/> the whole state.</summary>
    public abstract ReadOnlySpan<byte> Entries { get; }

    /// <summary>What the policy knows beyond the order of the ways.</summary>
    public virtual ReadOnlySpan<byte> Recency => default;

    /// <summary>Drops a tag. False when it was not there.</summary>
    public abstract bool Remove(int set, int tag);

    /// <summary>
    /// Drops every tag but those with <c>(tag &amp; mask) == value</c>. Writes the dropped tags to <paramref name="dropped"/>, which must have room for all
    /// ways, and returns how many they are. Empty sets cost one look each.
    /// </summary>
    public int Keep(int mask, int value, Span<int> dropped) => Sweep(mask, value, keep: true, dropped);

    /// <summary>The opposite of <see cref="Keep"/>: drops every tag with <c>(tag &amp; mask) == value</c>.</summary>
    public int Drop(int mask, int value, Span<int> dropped) => Sweep(mask, value, keep: false, dropped);

    private protected abstract int Sweep(int mask, int value, bool keep, Span<int> dropped);
}
