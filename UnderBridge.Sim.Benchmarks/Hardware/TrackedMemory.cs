using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Benchmarks;

/// <summary>
/// The structures of the machine model, for data: two levels of TLB and three of caches that remember who evicted what, and a ghost of them all for each of some owners, who take turns.
/// </summary>
sealed class TrackedMemory
{
    public const int LinesPerPage = 64;

    readonly TlbHierarchy tlbs;
    readonly CacheHierarchy caches;
    readonly ReferenceBatch batch;
    readonly int owners;
    int turn;

    public TrackedMemory(IReadOnlyList<(int Sets, int Ways)> tlbs, IReadOnlyList<(int Sets, int Ways)> caches, int owners)
    {
        this.owners = owners;
        batch = new ReferenceBatch(caches.Count);
        (this.tlbs, this.caches) = (Tlbs(tlbs, tracked: true), Caches(caches, tracked: true));
        for (var who = 1; who <= owners; who++)
        {
            this.tlbs.AddGhost(Tlbs(tlbs, tracked: false), who);
            this.caches.AddGhost(Caches(caches, tracked: false), who);
        }
    }

    public IEnumerable<long> Misses =>
        [tlbs.First(false, PageSize.Small).Misses, tlbs.Second(false, PageSize.Small)!.Misses, caches.Data.Misses, .. caches.Unified.Select(level => level.Misses)];

    /// <summary>One owner's turn.</summary>
    public void Run(ReadOnlySpan<int> lines)
    {
        var who = 1 + turn++ % owners;
        for (var first = 0; first < lines.Length; first += ReferenceBatch.Room)
        {
            var together = lines[first..Math.Min(lines.Length, first + ReferenceBatch.Room)];
            batch.Begin();
            var pages = batch.Add(together.Length);
            together.CopyTo(pages);
            foreach (ref var page in pages) page /= LinesPerPage;
            tlbs.Access(batch, fetch: false, PageSize.Small, who);
            batch.Begin();
            together.CopyTo(batch.Add(together.Length));
            caches.Access(batch, Access.Read, who);
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
