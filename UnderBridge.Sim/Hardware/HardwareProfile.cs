using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Hardware;

/// <summary>A cache level.</summary>
/// <param name="Name">As it is written in reports: <c>l1d</c>.</param>
/// <param name="Sets">Of the level as a core sees it.</param>
/// <param name="Ways">Lines a set.</param>
/// <param name="BlockBytes">Bytes a line; the same for all levels of a machine.</param>
/// <param name="Latency">Load-to-use, in cycles of the time-stamp counter.</param>
/// <param name="Grade">Of the geometry.</param>
/// <param name="Source">Of the geometry.</param>
public sealed record CacheLevel(string Name, int Sets, int Ways, int BlockBytes, Sourced<double> Latency, Grade Grade, Citation Source)
{
    /// <summary>What it holds of what the levels above it hold.</summary>
    public Inclusion Inclusion { get; init; }

    /// <summary>Which line of a set gives way.</summary>
    public Replacement Replacement { get; init; }
}

/// <summary>A TLB of level 1 or 2 that serves some page sizes.</summary>
/// <param name="Name">As files spell it: <c>dtlb-4k</c>.</param>
/// <param name="Level">1 or 2.</param>
/// <param name="Side">Fetches, data, or both.</param>
/// <param name="Pages">The page sizes whose translations it holds.</param>
/// <param name="Sets">One is fully associative.</param>
/// <param name="Ways">Translations a set.</param>
/// <param name="Grade">Of the geometry.</param>
/// <param name="Source">Of the geometry.</param>
public sealed record TlbLevel(string Name, int Level, Side Side, IReadOnlyList<PageSize> Pages, int Sets, int Ways, Grade Grade, Citation Source)
{
    /// <summary>Translations that it holds.</summary>
    public int Entries => Sets * Ways;

    /// <summary>Which translation of a set gives way.</summary>
    public Replacement Replacement { get; init; }

    public bool Serves(int level, bool fetch, PageSize size) =>
        level == Level && Pages.Contains(size) && Side != (fetch ? Side.Data : Side.Instruction);
}

/// <summary>Entries of the paging-structure caches of a page walker, by what they hold, and of its nested TLB; all fully associative.</summary>
/// <param name="Pml4es">Entries that each cover 512 GB.</param>
/// <param name="Pdptes">Entries that each cover 1 GB.</param>
/// <param name="Pdes">Entries that each cover 2 MB.</param>
/// <param name="NestedTlb">Entries from guest-physical to host-physical pages, under EPT.</param>
public sealed record PageWalkerSpec(Sourced<int> Pml4es, Sourced<int> Pdptes, Sourced<int> Pdes, Sourced<int> NestedTlb);

/// <summary>
/// A branch target buffer: sets of taken branches by address, under LRU. A taken branch that it does not hold costs the price <c>branch-mispredict</c>; directions are
/// not modelled.
/// </summary>
/// <param name="Sets">Chosen by address.</param>
/// <param name="Ways">Branches a set.</param>
public sealed record BranchPredictorSpec(Sourced<int> Sets, Sourced<int> Ways);

/// <summary>What a CPU model costs: the geometry of its caches and TLBs, and the price of each primitive, every number with its source.</summary>
public sealed record HardwareProfile
{
    /// <summary>Key in the catalogue.</summary>
    public required string Name { get; init; }

    /// <summary>As reports show it.</summary>
    public required string Title { get; init; }

    /// <summary>Rate of the time-stamp counter, which defines a cycle here.</summary>
    public required Sourced<double> TscGhz { get; init; }

    /// <summary>Prices in cycles, and ratios, by their kebab-case key (<c>wrpkru</c>); the numbers are named <c>machine.wrpkru</c>.</summary>
    public required IReadOnlyDictionary<string, Sourced<double>> Prices { get; init; }

    /// <summary>First level, instructions.</summary>
    public required CacheLevel L1I { get; init; }

    /// <summary>First level, data.</summary>
    public required CacheLevel L1D { get; init; }

    /// <summary>Second level, of each core.</summary>
    public required CacheLevel L2 { get; init; }

    /// <summary>Last level, which cores share.</summary>
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
