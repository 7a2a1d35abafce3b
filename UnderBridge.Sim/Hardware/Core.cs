using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>Privilege: user mode, supervisor mode, and VMX root mode of a hypervisor or secure monitor.</summary>
public enum Ring { User, Kernel, Root }

/// <summary>
/// A core: its privilege state, its TLBs and caches, and its ledger. It executes footprints and charges the stalls that arise; the prices of instructions are
/// charged by the steps that use them. A miss that would have hit had the owner been alone on the machine is pollution, the rest is refill.
/// </summary>
public sealed class Core
{
    readonly Machine machine;
    readonly StallPrices prices;
    readonly CacheHierarchy caches;
    readonly TlbHierarchy tlbs;
    readonly StallAccount tlbStalls;
    readonly StallAccount cacheStalls;
    readonly List<Fault> faults = [];
    Ghost?[] ghosts = [];
    Ghost ghost = null!;
    Owner running = null!;
    int who;
    int spaceTag;

    internal Core(Machine machine, int index, StallPrices prices, CacheHierarchy caches, TlbHierarchy tlbs)
    {
        this.machine = machine;
        this.prices = prices;
        this.caches = caches;
        this.tlbs = tlbs;
        Index = index;
        tlbStalls = new StallAccount(Cause.TlbRefill, Cause.TlbPollution, prices.TlbNumbers);
        cacheStalls = new StallAccount(Cause.CacheRefill, Cause.CachePollution, prices.CacheNumbers);
    }

    public int Index { get; }
    public CycleLedger Ledger { get; } = new();
    public Ring Ring { get; set; } = Ring.Kernel;

    /// <summary>The address space in CR3; null before the first write.</summary>
    public AddressSpace? Space { get; private set; }

    /// <summary>True while CR3 selects the kernel view of a space that has two.</summary>
    public bool KernelView { get; private set; }

    public int EptView { get; private set; }
    public uint PkruValue { get; private set; }

    public CacheHierarchy Caches => caches;
    public TlbHierarchy Tlbs => tlbs;

    /// <summary>Violations so far, in order.</summary>
    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>Writes CR3. With <paramref name="flush"/> (no PCID) all translations but global ones go; without (PCID, bit 63 set) they stay.</summary>
    public void WriteCr3(AddressSpace space, bool kernelView, bool flush, Owner by)
    {
        if (Ring == Ring.User)
        {
            faults.Add(new Fault(by, null, 0, Access.Write, ProtectionRule.Privileged));
            return;
        }
        Space = space;
        KernelView = kernelView;
        spaceTag = space.Tag(kernelView, EptView);
        if (flush) tlbs.FlushNonGlobal(by.Index + 1);
    }

    /// <summary>VMFUNC: switches the EPT view. Translations are tagged by view and stay; any ring may do it.</summary>
    public void SwitchView(int eptView)
    {
        EptView = eptView;
        if (Space is not null) spaceTag = Space.Tag(KernelView, eptView);
    }

    /// <summary>WRPKRU: any ring may do it.</summary>
    public void WritePkru(uint value) => PkruValue = value;

    /// <summary>INVLPG over a region in the current address space.</summary>
    public void Invalidate(Region region, Owner by)
    {
        var first = Math.Abs(region.Translation(spaceTag));
        if (first == 0) return;
        for (var page = 0; page < region.Pages; page++) tlbs.Invalidate(region.FirstPage + page, first + page, region.PageSize, by.Index + 1);
    }

    /// <summary>
    /// Touches the lines of a footprint and charges the stalls. <paramref name="refillInPrice"/>: the price of this work already holds its
    /// own misses, so only pollution is charged.
    /// </summary>
    public void Run(Owner owner, Footprint footprint, bool refillInPrice = false)
    {
        Begin(owner);
        foreach (ref readonly var touch in footprint.Touches) TouchPage(touch.Region, touch.Page, touch.FirstLine, touch.Lines, touch.Access);
        Settle(refillInPrice);
    }

    /// <summary>Touches consecutive lines of a region, as a copy does.</summary>
    public void Touch(Owner owner, Region region, int firstLine, int count, bool write, bool refillInPrice = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstLine);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstLine + count, region.Lines);
        Begin(owner);
        while (count > 0)
        {
            var (page, line) = Math.DivRem(firstLine, region.LinesPerPage);
            var lines = Math.Min(count, region.LinesPerPage - line);
            TouchPage(region, page, line, lines, write ? Access.Write : Access.Read);
            firstLine += lines;
            count -= lines;
        }
        Settle(refillInPrice);
    }

    /// <summary>Touches lines drawn from a working set.</summary>
    public void Touch(Owner owner, WorkingSet set, int codeLines, int dataLines, bool refillInPrice = false)
    {
        Begin(owner);
        for (var n = 0; n < codeLines; n++) TouchLine(set.Code, set.NextCodeLine(), Access.Fetch);
        for (var n = 0; n < dataLines; n++) TouchLine(set.Data, set.NextDataLine(), Access.Read);
        Settle(refillInPrice);
    }

    /// <summary>Which rule an access to a region would break now (Intel SDM vol. 3, 4.6). SMAP and SMEP are off, CR0.WP is on.</summary>
    public ProtectionRule Check(Region region, Access access)
    {
        if (region.Translation(spaceTag) <= 0) return ProtectionRule.NotMapped;
        if (Ring == Ring.User && !region.UserAccessible) return ProtectionRule.Supervisor;
        if (access == Access.Write && !region.Writable) return ProtectionRule.ReadOnly;
        if (access == Access.Fetch) return region.Executable ? ProtectionRule.Allowed : ProtectionRule.NoExecute;
        // Keys guard user-accessible pages in every ring, and never fetches.
        if (!region.UserAccessible) return ProtectionRule.Allowed;
        if (Pkru.DeniesAccess(PkruValue, region.Key)) return ProtectionRule.KeyAccess;
        if (access == Access.Write && Pkru.DeniesWrites(PkruValue, region.Key)) return ProtectionRule.KeyWrite;
        return ProtectionRule.Allowed;
    }

    void TouchLine(Region region, int index, Access access)
    {
        var (page, line) = Math.DivRem(index, region.LinesPerPage);
        TouchPage(region, page, line, 1, access);
    }

    void TouchPage(Region region, int page, int firstLine, int count, Access access)
    {
        var rule = Check(region, access);
        if (rule != ProtectionRule.Allowed)
        {
            faults.Add(new Fault(running, region, page, access, rule));
            return;
        }
        var fetch = access == Access.Fetch;
        Translate(region, page, fetch);
        var line = region.PhysicalLine(page, firstLine);
        for (var end = line + count; line < end; line++)
        {
            var held = caches.AccessRun(line, end - line, access);
            ghost.Caches.AccessAll(line, held, access);
            line += held;
            if (line == end) return;
            var level = caches.Access(line, access, who);
            var alone = ghost.Caches.Access(line, access);
            if (level != 0) CacheStall(line, access, level, alone);
        }
    }

    void Translate(Region region, int page, bool fetch)
    {
        var tag = region.Translation(spaceTag) + page;
        var number = region.FirstPage + page;
        var level = tlbs.Access(number, tag, fetch, region.PageSize, who);
        var alone = ghost.Tlbs.Access(number, tag, fetch, region.PageSize);
        if (level == 0) return;
        var stall = prices.Tlb;
        tlbStalls.Add(level, Math.Min(stall[level], stall[alone]), Math.Max(0, stall[level] - stall[alone]));
        if (stall[level] <= stall[alone]) return;
        for (var lost = alone; lost < level; lost++)
            Blame(tlbs.Culprit(lost, number, tag, fetch, region.PageSize, who), stall[lost + 1] - stall[lost]);
    }

    void CacheStall(int line, Access access, int level, int alone)
    {
        var stall = access == Access.Fetch ? prices.Fetch : prices.Data;
        cacheStalls.Add(level, Math.Min(stall[level], stall[alone]), Math.Max(0, stall[level] - stall[alone]));
        if (stall[level] <= stall[alone]) return;
        for (var lost = alone; lost < level; lost++) Blame(caches.Culprit(lost, line, access, who), stall[lost + 1] - stall[lost]);
    }

    // Each level that the owner alone would still have had is blamed on whoever took it there.
    void Blame(int culprit, double cycles) => machine.Pollution.Book(who - 1, culprit - 1, cycles);

    void Begin(Owner owner)
    {
        if (ReferenceEquals(owner, running)) return;
        running = owner;
        who = owner.Index + 1;
        if (owner.Index >= ghosts.Length) Array.Resize(ref ghosts, owner.Index + 1);
        ghost = ghosts[owner.Index] ??= machine.NewGhost(owner);
    }

    void Settle(bool refillInPrice)
    {
        var refill = tlbStalls.Settle(Ledger, refillInPrice) + cacheStalls.Settle(Ledger, refillInPrice);
        if (refill != 0) machine.Pollution.BookRefill(who - 1, refill);
    }
}
