using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>The registers of a core that decide how it translates and what it may touch.</summary>
readonly record struct AccessRegisters(int SpaceTag, int EptView, Ring Ring, uint Pkru, Control Control, bool Ac);

/// <summary>What a <see cref="MemoryStep"/> does.</summary>
enum MemoryStepKind { Run, FlushAll, FlushSpace, FlushBranches }

/// <summary>
/// Something a core does to its TLBs and caches that it may do again in the same way: it runs a footprint, or it flushes translations. Two equal steps
/// from equal states end in equal states and cost the same.
/// </summary>
readonly struct MemoryStep(MemoryStepKind kind, Owner by, object? of, bool flag, in AccessRegisters registers)
{
    public readonly MemoryStepKind Kind = kind;

    /// <summary>Who runs or flushes.</summary>
    public readonly Owner By = by;

    /// <summary>Of a run: the price holds the refill. Of a flush: global translations go too, or it is the kernel view's.</summary>
    public readonly bool Flag = flag;

    public readonly AccessRegisters AccessRegisters = registers;
    readonly object? of = of;

    public Footprint Footprint => (Footprint)of!;
    public AddressSpace Space => (AddressSpace)of!;

    public bool Is(in MemoryStep other) =>
        ReferenceEquals(of, other.of) && Kind == other.Kind && ReferenceEquals(By, other.By) && Flag == other.Flag && AccessRegisters == other.AccessRegisters;
}
