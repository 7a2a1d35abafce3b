namespace UnderBridge.Sim.Hardware;

/// <summary>
/// A cache of lines, or of translations (a TLB is one). A <em>number</em> (line or page) selects the set, modulo any count of sets; a positive
/// <em>tag</em> identifies the entry.
/// </summary>
public sealed class Cache
{
    readonly SetAssociative entries;
    readonly Culprits? culprits;
    readonly int sets;
    readonly int powerOfTwoMask;
    int[] dropped = [];

    /// <summary>With <paramref name="culprits"/>, the cache remembers who pushed each entry out.</summary>
    public Cache(string name, int sets, int ways, Culprits? culprits = null)
    {
        Name = name;
        entries = new SetAssociative(sets, ways);
        this.sets = sets;
        this.culprits = culprits;
        powerOfTwoMask = int.IsPow2(sets) ? sets - 1 : -1;
    }

    public string Name { get; }
    public long Accesses { get; private set; }
    public long Misses { get; private set; }
    public long Hits => Accesses - Misses;

    /// <summary>Looks an entry up and fills it in if it is missing, on behalf of <paramref name="by"/> (see <see cref="Culprits"/>; 0 is nobody).</summary>
    public bool Access(int number, int tag, int by = 0)
    {
        Accesses++;
        var set = SetOf(number);
        if (entries.Access(set, tag, out var evicted)) return true;
        Misses++;
        culprits?.Filled(set, tag, evicted, by);
        return false;
    }

    /// <summary>True when the entry is held; leaves order and counts alone.</summary>
    public bool Contains(int number, int tag) => entries.Contains(SetOf(number), tag);

    /// <summary>Drops every entry but those with <c>(tag &amp; mask) == value</c>, and blames <paramref name="by"/> for it. Returns how many went.</summary>
    public int Keep(int mask, int value, int by)
    {
        if (dropped.Length == 0) dropped = new int[entries.Sets * entries.Ways];
        var count = entries.Keep(mask, value, dropped);
        culprits?.Flushed(dropped.AsSpan(0, count), by);
        return count;
    }

    /// <summary>Drops every entry with <c>(tag &amp; mask) == value</c>, and blames <paramref name="by"/> for it. Returns how many went.</summary>
    public int Drop(int mask, int value, int by)
    {
        if (dropped.Length == 0) dropped = new int[entries.Sets * entries.Ways];
        var count = entries.Drop(mask, value, dropped);
        culprits?.Flushed(dropped.AsSpan(0, count), by);
        return count;
    }

    /// <summary>Drops one entry, and blames <paramref name="by"/> for it.</summary>
    public bool Remove(int number, int tag, int by)
    {
        if (!entries.Remove(SetOf(number), tag)) return false;
        culprits?.Flushed([tag], by);
        return true;
    }

    /// <summary>Who is to blame that <paramref name="victim"/> no longer found this entry; the victim itself when nobody else is.</summary>
    public int Culprit(int number, int tag, int victim) => culprits?.Of(SetOf(number), tag, victim) ?? victim;

    int SetOf(int number) => powerOfTwoMask >= 0 ? number & powerOfTwoMask : (int)((uint)number % (uint)sets);
}
