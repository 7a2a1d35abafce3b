namespace UnderBridge.Sim.Hardware;

/// <summary>The caches, TLBs and branch predictor of a core as one owner's accesses alone would have left them. Flushes do not reach it.</summary>
sealed record Ghost(CacheHierarchy Caches, TlbHierarchy Tlbs, PageWalker? Walker, Cache? Branches);
