using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Workloads;

/// <summary>A recorded run of a program: what it asked of the operating system, in order.</summary>
sealed record Trace
{
    /// <summary>The file it was read from, as the user named it.</summary>
    public required string File { get; init; }

    /// <summary>The calls before the measured part: they tell which files are open when it begins.</summary>
    public IReadOnlyList<TraceCall> Preamble { get; init; } = [];

    /// <summary>The calls of the measured part.</summary>
    public required IReadOnlyList<TraceCall> Calls { get; init; }

    /// <summary>Index into <see cref="Calls"/> of the last call of each operation.</summary>
    public IReadOnlyList<int> OperationEnds { get; init; } = [];

    /// <summary>Compute gaps above the limit that joining with a timed CSV dropped, and the cycles in them.</summary>
    public int GapsDropped { get; init; }
    public long CyclesDropped { get; init; }

    /// <summary>Cycles of the program's own compute in all calls together.</summary>
    public long Compute => Calls.Sum(call => call.ComputeBefore);

    /// <summary>How often each call occurs, in the order of their names.</summary>
    public IReadOnlyDictionary<string, int> CountsByName()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in Calls) counts[call.Name] = counts.GetValueOrDefault(call.Name) + 1;
        return counts;
    }

    /// <summary>The same trace cut into operations that each end with a call containing the text; null makes every call an operation.</summary>
    /// <exception cref="InputException">No call contains the text.</exception>
    public Trace WithOperations(string? endText)
    {
        var ends = new List<int>();
        for (var i = 0; i < Calls.Count; i++)
        {
            if (endText is null || Calls[i].Text.Contains(endText, StringComparison.Ordinal)) ends.Add(i);
        }
        if (ends.Count == 0) throw new InputException(File, 0, "no operation in the measured part", $"a call containing '{endText}' at the end of each");
        return this with { OperationEnds = ends };
    }
}
