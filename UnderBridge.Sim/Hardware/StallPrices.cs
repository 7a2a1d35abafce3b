using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// What a miss costs, by the level that ends it, and the number each price rests on. A first-level hit is free: it is part of the price of the step. Part of
/// a cache miss is hidden by other work (<c>overlap</c>, a ratio; fetches have their own). The references of a page walk wait for each other, so each costs the whole latency.
/// </summary>
sealed class StallPrices
{
    /// <summary>Where the parts of a translation's cost stand in <see cref="TlbNumbers"/>: the STLB, a walk as such, and its references by cache level.</summary>
    public const int Stlb = 1, Walk = 2, References = 3;

    /// <summary>With <paramref name="transfers"/>, the machine has several cores, so that lines pass from one to another.</summary>
    public StallPrices(HardwareProfile profile, Provenance provenance, bool transfers)
    {
        Sourced<double>[] shared = [profile.L2.Latency, profile.Llc.Latency, profile.Price("memory-latency"), .. transfers ? [profile.Price("line-transfer")] : Array.Empty<Sourced<double>>()];
        Fetch = CacheStalls(profile.L1I.Latency, shared, profile.Price("overlap-fetch"));
        Data = CacheStalls(profile.L1D.Latency, shared, profile.Price("overlap"));
        CacheNumbers = [provenance.IndexOf(profile.L1D.Latency), .. shared.Select(provenance.IndexOf)];

        var tlb = new[] { profile.Price("stlb-hit"), profile.Price("page-walk") };
        Tlb = [0, .. tlb.Select(price => price.Value)];
        TlbNumbers = [CacheNumbers[0], .. tlb.Select(provenance.IndexOf), .. CacheNumbers];
        if (profile.BranchPredictor is not null)
        {
            var mispredict = profile.Price("branch-mispredict");
            (Mispredict, BranchNumbers) = (mispredict.Value, [provenance.IndexOf(mispredict)]);
        }
        FirstLevel = profile.L1D.Latency.Value;
        BeyondFirstLevel = [0, .. shared.Select(latency => Math.Max(0, latency.Value - FirstLevel))];
    }

    /// <summary>Where a line that another core holds stands among the levels that may end a miss.</summary>
    public const int OtherCore = 4;

    /// <summary>By cache level, from the first level (free) to memory and to another core.</summary>
    public double[] Fetch { get; }
    public double[] Data { get; }
    public int[] CacheNumbers { get; }

    /// <summary>By TLB level: first level (free), STLB, and a walk without its references.</summary>
    public double[] Tlb { get; }
    public int[] TlbNumbers { get; }

    /// <summary>A taken branch that the predictor does not hold.</summary>
    public double Mispredict { get; }
    public int[] BranchNumbers { get; } = [];

    /// <summary>Latency of the first level, which every reference of a walk pays.</summary>
    public double FirstLevel { get; }

    /// <summary>What a reference of a walk pays beyond it, by cache level.</summary>
    public double[] BeyondFirstLevel { get; }

    static double[] CacheStalls(Sourced<double> first, Sourced<double>[] below, Sourced<double> overlap) =>
        [0, .. below.Select(latency => Math.Max(0, latency.Value - first.Value) * (1 - overlap.Value))];
}
