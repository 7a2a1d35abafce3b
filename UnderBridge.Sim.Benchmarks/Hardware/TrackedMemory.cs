using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Benchmarks;

/// <summary>The structures of the machine model, for data: two levels of TLB and three of caches that remember who evicted what, and an owner's ghost of them all.</summary>
sealed class TrackedMemory
{
    public const int LinesPerPage = 64;

    const int Owner = 1, Ahead = 8;

    readonly TlbHierarchy tlbs, ghostTlbs;
    readonly CacheHierarchy caches, ghostCaches;

    public TrackedMemory(IReadOnlyList<(int Sets, int Ways)> tlbs, IReadOnlyList<(int Sets, int Ways)> caches)
    {
        (this.tlbs, ghostTlbs) = (Tlbs(tlbs, tracked: true), Tlbs(tlbs, tracked: false));
        (this.caches, ghostCaches) = (Caches(caches, tracked: true), Caches(caches, tracked: false));
        this.tlbs.AddGhost(ghostTlbs, Owner);
        this.caches.AddGhost(ghostCaches, Owner);
    }

    public IEnumerable<long> Misses =>
        [tlbs.First(false, PageSize.Small).Misses, tlbs.Second(false, PageSize.Small)!.Misses, caches.Data.Misses, .. caches.Unified.Select(level => level.Misses)];

    public void Run(ReadOnlySpan<int> lines)
    {
        var missed = false;
        for (var n = 0; n < lines.Length; n++)
        {
            // As cores do for the lines of working sets; lines that hit need no help.
            if (missed && n + Ahead < lines.Length) caches.Prefetch(lines[n + Ahead], Owner);
            var line = lines[n];
            var page = line / LinesPerPage;
            tlbs.Access(page, page, fetch: false, PageSize.Small, Owner, out _);
            missed = caches.Access(line, Access.Read, Owner, out _) > 0;
        }
    }

    static TlbHierarchy Tlbs(IReadOnlyList<(int Sets, int Ways)> shapes, bool tracked)
    {
        var (first, second) = (Level(shapes[0], tracked), Level(shapes[1], tracked));
        return new TlbHierarchy(first, first, first, first, second);
    }

    static CacheHierarchy Caches(IReadOnlyList<(int Sets, int Ways)> shapes, bool tracked) =>
        new([], [Level(shapes[0], tracked)], [.. shapes.Skip(1).Select(shape => Level(shape, tracked))]);

    static Cache Level((int Sets, int Ways) shape, bool tracked) => new("", shape.Sets, shape.Ways, tracked ? new Culprits(shape.Sets) : null);
}
