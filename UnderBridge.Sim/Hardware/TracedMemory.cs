using System.Numerics;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Caches and TLBs that 64-bit addresses are played through, whatever the addresses mean: every bit of one counts. Each reference is looked up in
/// the caches and, independently, in the TLBs. Blocks get dense ids as they first appear, so the levels are those of the machine model.
/// </summary>
sealed class TracedMemory
{
    readonly Hierarchy? caches;
    readonly Hierarchy? tlbs;

    /// <exception cref="ArgumentException">The levels form no hierarchy; <see cref="MemoryGeometry.Faults"/> says why.</exception>
    public TracedMemory(MemoryGeometry geometry)
    {
        foreach (var (_, found, expected) in MemoryGeometry.Faults(geometry.Caches).Concat(MemoryGeometry.Faults(geometry.Tlbs)))
            throw new ArgumentException($"{found}; expected {expected}", nameof(geometry));
        if (geometry.Caches.Count > 0) caches = new Hierarchy(geometry.Caches, writeBack: true);
        if (geometry.Tlbs.Count > 0) tlbs = new Hierarchy(geometry.Tlbs, writeBack: false);
        Levels = [.. caches?.Levels ?? [], .. tlbs?.Levels ?? []];
    }

    /// <summary>The caches and then the TLBs, each in the order of the geometry.</summary>
    public IReadOnlyList<Cache> Levels { get; }

    public void Access(ulong address, Access access)
    {
        caches?.Access(address, access);
        tlbs?.Access(address, access);
    }

    /// <summary>Empties every level; what is dirty is written back.</summary>
    public void Flush()
    {
        caches?.Flush();
        tlbs?.Flush();
    }

    sealed class Hierarchy
    {
        // Blocks that lie within 4 KB get ids that follow one another, so that the table of ids stays small.
        const int NeighbourShift = 12;

        readonly BlockIds ids;
        readonly CacheHierarchy hierarchy;
        readonly int lineShift;
        ulong lastBlock;
        int lastId;

        public Hierarchy(IReadOnlyList<LevelGeometry> levels, bool writeBack)
        {
            lineShift = levels.Min(level => BitOperations.Log2((uint)level.BlockBytes));
            ids = new BlockIds(Math.Max(NeighbourShift, levels.Max(level => BitOperations.Log2((uint)level.BlockBytes))) - lineShift);
            Levels = [.. levels.Select(level => new Cache(level.Name, level.Sets, level.Ways, null, level.Replacement)
            {
                Inclusion = level.Inclusion, WriteBack = writeBack, BlockShift = BitOperations.Log2((uint)level.BlockBytes) - lineShift,
            })];
            IReadOnlyList<Cache> Of(Side side) => [.. Levels.Where((_, i) => levels[i].Side == side)];
            hierarchy = new CacheHierarchy(Of(Side.Instruction), Of(Side.Data), Of(Side.Unified), ids);
        }

        public IReadOnlyList<Cache> Levels { get; }

        public void Access(ulong address, Access access)
        {
            var block = address >> lineShift;
            if (block != lastBlock || lastId == 0) (lastBlock, lastId) = (block, ids.Of(block));
            hierarchy.Access(lastId, access);
        }

        public void Flush() => hierarchy.Flush();
    }
}
