using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Benchmarks.Hardware;

/// <summary>The data side of a Skylake server core: DTLB and STLB for 4 KB pages, L1D, L2, and the shared level of 20 cores.</summary>
static class MachineShape
{
    public const int LinesPerPage = 64, LlcSets = 20 * 2048;

    /// <summary>The hierarchies that remember who evicted what, and an owner's ghost of both.</summary>
    public static (CacheHierarchy Tlbs, CacheHierarchy Caches) Tracked() => (Tlbs(sets => new Culprits(sets)), Caches(sets => new Culprits(sets)));

    public static (CacheHierarchy Tlbs, CacheHierarchy Caches) Ghost() => (Tlbs(_ => null), Caches(_ => null));

    static CacheHierarchy Tlbs(Func<int, Culprits?> culprits) => new(
        Make("itlb", 16, 8, culprits), Make("dtlb", 16, 4, culprits), Make("stlb", 128, 12, culprits));

    static CacheHierarchy Caches(Func<int, Culprits?> culprits) => new(
        Make("l1i", 64, 8, culprits), Make("l1d", 64, 8, culprits), Make("l2", 1024, 16, culprits), Make("llc", LlcSets, 11, culprits));

    static Cache Make(string name, int sets, int ways, Func<int, Culprits?> culprits) => new(name, sets, ways, culprits(sets));
}
