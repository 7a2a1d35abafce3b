using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>Cores with private TLBs and caches that share the last-level cache and memory, and the owners that use them.</summary>
sealed class Machine
{
    const int CacheLevels = 3;

    readonly int seed;
    readonly PageSize? eptPages;
    readonly StallPrices prices;
    readonly int linesPerFrame;
    readonly List<Owner> owners = [];
    readonly List<Cache?> llcGhosts = [];
    readonly List<Region> regions = [];
    readonly HashSet<string> regionNames = new(StringComparer.Ordinal);
    int nextSpaceTag = 1;
    int nextTranslation = 1;

    /// <summary>
    /// With <paramref name="eptPages"/>, a hypervisor maps memory by EPT in pages of that size, as under SkyBridge. <paramref name="fastForward"/>: cores spare
    /// themselves what they have done before; it changes how long a simulation takes, and nothing else.
    /// </summary>
    public Machine(HardwareProfile profile, int cores = 1, int seed = 1, Provenance? provenance = null, PageSize? eptPages = null, bool fastForward = true)
    {
        var lineBytes = profile.L1D.BlockBytes;
        if (new[] { profile.L1I, profile.L2, profile.Llc }.Any(level => level.BlockBytes != lineBytes))
            throw new ArgumentException($"machine '{profile.Name}' has cache levels with lines of different sizes", nameof(profile));
        this.seed = seed;
        linesPerFrame = PageSizes.FrameBytes / lineBytes;
        Profile = profile;
        Provenance = provenance ?? new Provenance();
        Memory = new PhysicalMemory(seed, linesPerFrame, profile.L1I.Sets, profile.L1D.Sets, profile.L2.Sets, profile.Llc.Sets);
        PageTables = new PageTables(Memory, linesPerFrame);
        this.eptPages = eptPages;
        Llc = Tracked(profile.Llc);
        SharesCaches = cores > 1;
        prices = new StallPrices(profile, Provenance, transfers: cores > 1);
        Cores = [.. Enumerable.Range(0, cores).Select(index => NewCore(index, fastForward))];
        Llc.BeforeLook = CatchUp;
        if (cores > 1) Ownership = new LineOwnership([.. Cores]);
    }

    public HardwareProfile Profile { get; }
    public IReadOnlyList<Core> Cores { get; }
    public Cache Llc { get; }
    public PhysicalMemory Memory { get; }
    internal PageTables PageTables { get; }

    /// <summary>Cores share the last level, and lines pass from one to another.</summary>
    internal bool SharesCaches { get; }

    /// <summary>Null on a machine of one core.</summary>
    internal LineOwnership? Ownership { get; }

    public Provenance Provenance { get; }
    public PollutionMatrix Pollution { get; } = new();
    public IReadOnlyList<Owner> Owners => owners;
    public IReadOnlyList<Region> Regions => regions;

    public Owner AddOwner(string name, OwnerKind kind)
    {
        if (owners.Count == Culprits.MaxWho) throw new InvalidOperationException($"A machine has at most {Culprits.MaxWho} owners.");
        var owner = new Owner(owners.Count, name, kind);
        owners.Add(owner);
        llcGhosts.Add(null);
        return owner;
    }

    /// <summary>A new address space, with two views under KPTI.</summary>
    public AddressSpace AddSpace(string name, bool kpti) => new(this, name, kpti);

    /// <summary>Allocates memory; it can be used where an address space maps it.</summary>
    public Region AddRegion(RegionSpec spec)
    {
        if (!regionNames.Add(spec.Name)) throw new ArgumentException($"there is already a region '{spec.Name}'", nameof(spec));
        var region = new Region(spec, Memory.Allocate(spec.Name, spec.Pages, spec.PageSize), StableHash.Of(~seed, spec.Name), linesPerFrame, this);
        regions.Add(region);
        return region;
    }

    /// <summary>Other virtual addresses, with rights of their own, for the memory of a region.</summary>
    public Region AddAlias(Region memory, RegionSpec spec)
    {
        if (!regionNames.Add(spec.Name)) throw new ArgumentException($"there is already a region '{spec.Name}'", nameof(spec));
        if (spec.Pages != memory.Pages || spec.PageSize != memory.PageSize) throw new ArgumentException($"'{spec.Name}' is not of the size of {memory}", nameof(spec));
        var region = new Region(spec, memory.Frames.ToArray(), StableHash.Of(~seed, spec.Name), linesPerFrame, this);
        regions.Add(region);
        return region;
    }

    /// <summary>
    /// Invalidates a region of a space, in all its views, on every core that has had the space loaded: here page by page, on the others by IPI. The
    /// initiator waits for them; each of them pays when it next runs. Returns how many were interrupted.
    /// </summary>
    public int Shootdown(Core initiator, AddressSpace space, Region region, Owner by)
    {
        initiator.Drop(region, space, by);
        initiator.Charge(Cause.Ipi, "invlpg", region.Pages);
        var interrupted = 0;
        foreach (var core in Cores)
        {
            if (core == initiator || !space.LoadedOn.Contains(core.Index)) continue;
            core.Drop(region, space, by);
            core.Interrupt(region.Pages);
            interrupted++;
        }
        if (interrupted == 0) return 0;
        initiator.Charge(Cause.Ipi, "ipi", 1);
        initiator.Charge(Cause.Ipi, "invlpg", region.Pages);
        initiator.Charge(Cause.Ipi, "line-transfer", 1);
        return interrupted;
    }

    /// <summary>A core that is none of the machine's and holds no translation: what it is asked is answered from the page tables as they are now.</summary>
    internal Core NewObserver() => NewCore(Cores.Count, fastForward: false);

    Core NewCore(int index, bool fastForward) =>
        new(this, index, prices, Caches(Tracked, Llc), Tlbs(Tracked), Walker(tracked: true), BranchPredictor(tracked: true), fastForward);

    void CatchUp()
    {
        foreach (var core in Cores) core.CatchUp();
    }

    // An owner's accesses from all cores meet in the shared level, so its ghost of that level is shared too.
    internal Ghost NewGhost(Owner owner) => new(Caches(Plain, llcGhosts[owner.Index] ??= Plain(Profile.Llc)), Tlbs(Plain), Walker(tracked: false), BranchPredictor(tracked: false));

    /// <summary>Lets every core remember the rights with which it holds translations of a region, before the page table changes.</summary>
    internal void KeepStale(Region region, IEnumerable<int> translations)
    {
        foreach (var translation in translations)
        {
            foreach (var core in Cores)
            {
                core.Disturb();
                core.Stale.Keep(region, translation);
            }
        }
    }

    internal int TakeSpaceTag()
    {
        if (nextSpaceTag > AddressSpace.TagMask >> AddressSpace.TranslationBits) throw new InvalidOperationException("All 4095 tags of address spaces, views and EPT views (PCIDs) are taken.");
        return nextSpaceTag++;
    }

    internal int TakeTranslations(int pages)
    {
        if (nextTranslation + pages > AddressSpace.TranslationMask) throw new InvalidOperationException("Too many pages are mapped.");
        nextTranslation += pages;
        return nextTranslation - pages;
    }

    CacheHierarchy Caches(Func<CacheLevel, Cache> make, Cache llc) => new(make(Profile.L1I), make(Profile.L1D), make(Profile.L2), llc);

    // A TLB that serves several page sizes or sides is one cache.
    TlbHierarchy Tlbs(Func<TlbLevel, Cache> make)
    {
        var made = Profile.Tlbs.ToDictionary(level => level, make);

        Cache? Serving(int level, bool fetch, PageSize size) =>
            Profile.Tlb(level, fetch, size) is { } found ? made[found] : null;

        TlbsBySize Level(int level, bool fetch) =>
            new(Serving(level, fetch, PageSize.Small), Serving(level, fetch, PageSize.Large), Serving(level, fetch, PageSize.Huge));

        return new TlbHierarchy(Level(1, fetch: true), Level(1, fetch: false), Level(2, fetch: true), Level(2, fetch: false));
    }

    PageWalker? Walker(bool tracked)
    {
        if (Profile.Walker is not { } spec) return null;

        Cache Entries(Sourced<int> count) =>
            new(count.Name, 1, count.Value, tracked ? new Culprits(1, AddressSpace.TranslationMask) : null);

        return new PageWalker(PageTables, Entries(spec.Pml4es), Entries(spec.Pdptes), Entries(spec.Pdes), new Cache("nested-tlb", 1, spec.NestedTlb.Value), eptPages, CacheLevels);
    }

    Cache? BranchPredictor(bool tracked) => Profile.BranchPredictor is { } spec
        ? new("btb", spec.Sets.Value, spec.Ways.Value, tracked ? new Culprits(spec.Sets.Value) : null)
        : null;

    static Cache Plain(CacheLevel level) => new(level.Name, level.Sets, level.Ways, null, level.Replacement) { Inclusion = level.Inclusion };

    static Cache Plain(TlbLevel level) => new(level.Name, level.Sets, level.Ways, null, level.Replacement);

    static Cache Tracked(CacheLevel level) => new(level.Name, level.Sets, level.Ways, new Culprits(level.Sets), level.Replacement) { Inclusion = level.Inclusion };

    static Cache Tracked(TlbLevel level) => new(level.Name, level.Sets, level.Ways, new Culprits(level.Sets, AddressSpace.TranslationMask), level.Replacement);
}
