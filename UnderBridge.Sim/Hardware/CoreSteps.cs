namespace UnderBridge.Sim.Hardware;

/// <summary>The steps of a core that may recur, and what it takes to tell that they do.</summary>
public sealed partial class Core
{
    void Do(in MemoryStep step)
    {
        if (fastForward is null || !fastForward.Spares(step)) Perform(step);
    }

    void Perform(in MemoryStep step)
    {
        switch (step.Kind)
        {
            case MemoryStepKind.Run: Execute(step.By, step.Footprint, step.Flag); break;
            case MemoryStepKind.FlushAll: DropAll(step.Flag, step.By); break;
            case MemoryStepKind.FlushBranches: branches!.Drop(0, 0, step.By.Index + 1); break;
            default: DropSpace(step.Space, step.Flag, step.By); break;
        }
    }

    /// <summary>Steps that were spared because they had been executed before in the same state.</summary>
    internal long StepsSpared => fastForward?.Spared ?? 0;

    /// <summary>Executes what was spared, as far as the state now depends on it.</summary>
    internal void CatchUp() => fastForward?.CatchUp();

    /// <summary>Something is about to change the core's state that is no step of its own.</summary>
    internal void Disturb() => fastForward?.Break();

    /// <summary>Executes a step whose stalls are booked already.</summary>
    internal void PerformAgain(in MemoryStep step)
    {
        var now = AccessRegisters;
        AccessRegisters = step.AccessRegisters;
        Perform(step);
        AccessRegisters = now;
    }

    /// <summary>Gathers marks of all caches, real and ghost, that steps can change. What cores share is left out where there are several.</summary>
    internal void CollectMarks(ReadOnlySpan<MemoryStep> steps, List<CacheMark> collected)
    {
        collected.Clear();
        collected.AddRange(marks ??= Marks(CachesOf(caches, tlbs, walker, branches), caches.Unified[^1]));
        foreach (ref readonly var step in steps)
        {
            if (step.Kind != MemoryStepKind.Run) continue;
            var own = GhostMarks(step.By.Index);
            if (!collected.Contains(own[0])) collected.AddRange(own);
        }
    }

    /// <summary>What the core's caches do not show of its state.</summary>
    internal FastForward.Witness Testify()
    {
        if (machine.Ownership is not { } ownership) return new(faults.Count, stale.Count, 0, 0);
        var shared = PassedOn(caches);
        foreach (var one in ghosts) shared += one is null ? 0 : PassedOn(one.Caches);
        return new(faults.Count, stale.Count, ownership.Taken(Index), shared);
    }

    /// <summary>The caches that the core's own accesses and those of its owners' ghosts change.</summary>
    internal IEnumerable<Cache> EveryCache() => CachesOf(caches, tlbs, walker, branches).Concat(ghosts.OfType<Ghost>().SelectMany(CachesOf));

    static IEnumerable<Cache> CachesOf(Ghost ghost) => CachesOf(ghost.Caches, ghost.Tlbs, ghost.Walker, ghost.Branches);

    static IEnumerable<Cache> CachesOf(CacheHierarchy caches, TlbHierarchy tlbs, PageWalker? walker, Cache? branches) =>
        caches.All.ToArray().Concat(tlbs.All).Concat(walker?.All ?? []).Concat(branches is null ? [] : [branches]);

    static long PassedOn(CacheHierarchy caches) => caches.Unified[^2].Passed;

    AccessRegisters AccessRegisters
    {
        get => new(spaceTag, EptView, Ring, PkruValue, Control, Ac);
        set => (spaceTag, EptView, Ring, PkruValue, Control, Ac) = value;
    }

    CacheMark[] GhostMarks(int owner)
    {
        if (owner >= ghostMarks.Length) Array.Resize(ref ghostMarks, owner + 1);
        return ghostMarks[owner] ??= Marks(CachesOf(ghosts[owner]!), ghosts[owner]!.Caches.Unified[^1]);
    }

    CacheMark[] Marks(IEnumerable<Cache> all, Cache last) => [.. all.Where(cache => cache != last || !machine.SharesCaches).Select(cache => new CacheMark(cache))];

    // Whoever looks at a cache finds it up to date, and whatever other cores take from it they take from its true state.
    void Guard(IEnumerable<Cache> all, Cache last)
    {
        if (fastForward is null) return;
        foreach (var cache in all.Where(cache => cache != last))
        {
            cache.BeforeLook = fastForward.CatchUp;
            if (machine.SharesCaches) cache.BeforeLoss = fastForward.Break;
        }
    }
}
