using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// An app's or a server's program: what its work touches and costs. Work of c cycles touches c/1000 times the densities in lines drawn from
/// its code and data; each time it gets control it touches its stub.
/// </summary>
public sealed record ProgramSpec
{
    /// <summary>Unique within a system; its memory and what it runs are named by it.</summary>
    public required string Name { get; init; }

    /// <summary>As reports show it.</summary>
    public required string Title { get; init; }

    /// <summary>Working set of code, in KiB.</summary>
    public required Sourced<double> CodeKib { get; init; }

    /// <summary>Working set of data, in KiB.</summary>
    public required Sourced<double> DataKib { get; init; }

    /// <summary>Lines of code that a thousand cycles of work touch.</summary>
    public required Sourced<double> CodeDensity { get; init; }

    /// <summary>Lines of data that a thousand cycles of work touch.</summary>
    public required Sourced<double> DataDensity { get; init; }

    /// <summary>Cache lines of the code that receives and answers.</summary>
    public required Sourced<int> StubCodeLines { get; init; }

    /// <summary>Pages of 4 KB that they lie in.</summary>
    public required Sourced<int> StubCodePages { get; init; }

    /// <summary>Cache lines of the stack and the message buffer.</summary>
    public required Sourced<int> StubDataLines { get; init; }

    /// <summary>Pages of 4 KB that they lie in.</summary>
    public required Sourced<int> StubDataPages { get; init; }

    /// <summary>The program with the counts of its stub moved to the same place in their ranges.</summary>
    internal ProgramSpec AtSizes(RangeEnd end) => this with
    {
        StubCodeLines = StubCodeLines.At(end), StubCodePages = StubCodePages.At(end), StubDataLines = StubDataLines.At(end), StubDataPages = StubDataPages.At(end),
    };

    /// <exception cref="ArgumentException">A size, a density or a price is none that can be charged.</exception>
    internal void Check() => Amounts.Check($"the program '{Name}'",
        [CodeKib, DataKib, CodeDensity, DataDensity, StubCodeLines, StubCodePages, StubDataLines, StubDataPages, .. Prices.Values]);

    /// <summary>What it does with a request, for programs that are known by means only; null for those with a handler of their own.</summary>
    internal ServiceSpec? Service { get; init; }

    /// <summary>What units of its work cost: cycles by key.</summary>
    public required IReadOnlyDictionary<string, Sourced<double>> Prices { get; init; }
}
