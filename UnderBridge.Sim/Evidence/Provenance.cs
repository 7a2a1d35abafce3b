namespace UnderBridge.Sim.Evidence;

/// <summary>Gives the numbers that a run charges small dense indices, so that cycles can be booked by number without a lookup.</summary>
sealed class Provenance
{
    readonly List<ISourced> numbers = [];
    readonly Dictionary<string, int> indexByName = new(StringComparer.Ordinal);

    public int Count => numbers.Count;

    public ISourced this[int index] => numbers[index];

    /// <summary>The index of a number; numbers of the same name are one number.</summary>
    public int IndexOf(ISourced number)
    {
        if (indexByName.TryGetValue(number.Name, out var index)) return index;
        index = numbers.Count;
        numbers.Add(number);
        indexByName.Add(number.Name, index);
        return index;
    }
}
