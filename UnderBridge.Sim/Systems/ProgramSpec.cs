using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// An app's or a server's program: what its work touches and costs. Work of c cycles touches c/1000 times the densities in lines drawn from
/// its code and data; each time it gets control it touches its stub.
/// </summary>
public sealed record ProgramSpec
{
    public required string Name { get; init; }
    public required string Title { get; init; }

    /// <summary>Working set of code and data in KiB.</summary>
    public required Sourced<double> CodeKib { get; init; }
    public required Sourced<double> DataKib { get; init; }

    /// <summary>Distinct lines of code and data that a thousand cycles of work touch.</summary>
    public required Sourced<double> CodeDensity { get; init; }
    public required Sourced<double> DataDensity { get; init; }

    /// <summary>Lines and pages of the code that receives and answers, of the stack and of the message buffer.</summary>
    public required Sourced<int> StubCodeLines { get; init; }
    public required Sourced<int> StubCodePages { get; init; }
    public required Sourced<int> StubDataLines { get; init; }
    public required Sourced<int> StubDataPages { get; init; }

    /// <summary>The program with the counts of its stub moved to the same place in their ranges.</summary>
    internal ProgramSpec AtSizes(RangeEnd end) => this with
    {
        StubCodeLines = StubCodeLines.At(end), StubCodePages = StubCodePages.At(end), StubDataLines = StubDataLines.At(end), StubDataPages = StubDataPages.At(end),
    };

    /// <summary>What it does with a request, for programs that are known by means only; null for those with a handler of their own.</summary>
    internal ServiceSpec? Service { get; init; }

    /// <summary>What units of its work cost: cycles by key.</summary>
    public required IReadOnlyDictionary<string, Sourced<double>> Prices { get; init; }
}
