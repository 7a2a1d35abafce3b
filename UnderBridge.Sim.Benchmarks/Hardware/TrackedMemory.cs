using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Benchmarks;

/// <summary>The structures of the machine model, for data: two levels of TLB and three of caches that remember who evicted what, and an owner's ghost of them all.</summary>
sealed class TrackedMemory(IReadOnlyList<(int Sets, int Ways)> tlbs, IReadOnlyList<(int Sets, int Ways)> caches)
{
    public const int LinesPerPage = 64;

    const int Owner = 1, Ahead = 8;

    readonly CacheHierarchy tlbs = Levels(tlbs, tracked: true), ghostTlbs = Levels(tlbs, tracked: false);
    readonly CacheHierarchy caches = Levels(caches, tracked: true), ghostCaches = Levels(caches, tracked: false);

    public IEnumerable<long> Misses => new[] { tlbs, caches }.SelectMany(hierarchy => hierarchy.Unified.Prepend(hierarchy.Data)).Select(level => level.Misses);

    public void Run(int[] lines)
    {
        var missed = false;
        for (var n = 0; n < lines.Length; n++)
        {
            // As cores do for the lines of working sets; lines that hit need no help.
            if (missed && n + Ahead < lines.Length) Prefetch(lines[n + Ahead]);
            var line = lines[n];
            var page = line / LinesPerPage;
            tlbs.Access(page, Access.Read, Owner);
            ghostTlbs.Access(page, Access.Read);
            missed = caches.Access(line, Access.Read, Owner) > 0;
            ghostCaches.Access(line, Access.Read);
        }
    }

    void Prefetch(int line)
    {
        caches.Prefetch(line);
        ghostCaches.Prefetch(line);
    }

    static CacheHierarchy Levels(IReadOnlyList<(int Sets, int Ways)> shapes, bool tracked)
    {
        var levels = shapes.Select(shape => new Cache("", shape.Sets, shape.Ways, tracked ? new Culprits(shape.Sets) : null)).ToList();
        return new CacheHierarchy([], [levels[0]], levels[1..]);
    }
}
