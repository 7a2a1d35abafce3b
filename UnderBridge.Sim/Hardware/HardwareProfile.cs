using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Hardware;

/// <summary>A cache level: <paramref name="Latency"/> is load-to-use in cycles.</summary>
public sealed record CacheLevel(string Name, int Sets, int Ways, int BlockBytes, Sourced<double> Latency, Grade Grade, Citation Source)
{
    /// <summary>What it holds of what the levels above it hold.</summary>
    public Inclusion Inclusion { get; init; }

    public Replacement Replacement { get; init; }
}

/// <summary>A TLB of level 1 or 2 that serves some page sizes; one set is fully associative.</summary>
public sealed record TlbLevel(string Name, int Level, Side Side, IReadOnlyList<PageSize> Pages, int Sets, int Ways, Grade Grade, Citation Source)
{
    public int Entries => Sets * Ways;

    public Replacement Replacement { get; init; }

    public bool Serves(int level, bool fetch, PageSize size) =>
        level == Level && Pages.Contains(size) && Side != (fetch ? Side.Data : Side.Instruction);
}

/// <summary>Entries of the paging-structure caches of a page walker, by what they hold, and of its nested TLB; all fully associative.</summary>
public sealed record PageWalkerSpec(Sourced<int> Pml4es, Sourced<int> Pdptes, Sourced<int> Pdes, Sourced<int> NestedTlb);

/// <summary>
/// A branch target buffer: sets of taken branches by address, under LRU. A taken branch that it does not hold costs the price <c>branch-mispredict</c>; directions are
/// not modelled.
/// </summary>
public sealed record BranchPredictorSpec(Sourced<int> Sets, Sourced<int> Ways);

/// <summary>What a CPU model costs: the geometry of its caches and TLBs, and the price of each primitive, every number with its source.</summary>
public sealed record HardwareProfile
{
    public required string Name { get; init; }
    public required string Title { get; init; }

    /// <summary>Rate of the time-stamp counter, which defines a cycle here.</summary>
    public required Sourced<double> TscGhz { get; init; }

    /// <summary>Prices in cycles, and ratios, by their kebab-case key (<c>wrpkru</c>); the numbers are named <c>machine.wrpkru</c>.</summary>
    public required IReadOnlyDictionary<string, Sourced<double>> Prices { get; init; }

    public required CacheLevel L1I { get; init; }
    public required CacheLevel L1D { get; init; }
    public required CacheLevel L2 { get; init; }
    public required CacheLevel Llc { get; init; }

    /// <summary>At the first level one for each page size and side, at the second at most one.</summary>
    public required IReadOnlyList<TlbLevel> Tlbs { get; init; }

    /// <summary>The TLB of a level (1 or 2) for pages of a size; null where there is none.</summary>
    public TlbLevel? Tlb(int level, bool fetch, PageSize size) => Tlbs.FirstOrDefault(tlb => tlb.Serves(level, fetch, size));

    /// <summary>Null where a walk makes no references and costs the price <c>page-walk</c> as a whole.</summary>
    public PageWalkerSpec? Walker { get; init; }

    /// <summary>The rules that a load breaks only when it retires (Meltdown): until then its value can leak.</summary>
    internal IReadOnlyList<ProtectionRule> TransientReads { get; init; } = [];

    /// <summary>Null where branches cost nothing.</summary>
    public BranchPredictorSpec? BranchPredictor { get; init; }

    /// <summary>A price that the profile must have.</summary>
    /// <exception cref="ArgumentException">It has none; the message names machine and key.</exception>
    public Sourced<double> Price(string key) =>
        Prices.TryGetValue(key, out var price) ? price : throw new ArgumentException($"machine '{Name}' has no price '{key}'", nameof(key));

    internal Frequency Tsc => Frequency.FromGigahertz(TscGhz.Value);
}
