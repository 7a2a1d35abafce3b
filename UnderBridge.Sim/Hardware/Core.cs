using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>The privilege of a core.</summary>
public enum Ring
{
    /// <summary>User mode: ring 3.</summary>
    User,

    /// <summary>Supervisor mode: ring 0.</summary>
    Kernel,

    /// <summary>VMX root mode, of a hypervisor or secure monitor.</summary>
    Root,
}

/// <summary>
/// A core: its privilege state, its TLBs and caches, and its ledger. It executes footprints and charges the stalls that arise; the prices of instructions are
/// charged by the steps that use them. A miss that would have hit had the owner been alone on the machine is pollution, the rest is refill.
/// </summary>
public sealed partial class Core
{
    readonly Machine machine;
    readonly StallPrices prices;
    readonly CacheHierarchy caches;
    readonly TlbHierarchy tlbs;
    readonly PageWalker? walker;
    readonly Cache? branches;
    readonly StallBooks books;
    readonly FastForward? fastForward;
    readonly StallAccount tlbStalls;
    readonly StallAccount cacheStalls;
    readonly StallAccount branchStalls;
    readonly StaleRights stale;
    readonly List<Fault> faults = [];
    Ghost?[] ghosts = [];
    CacheMark[]? marks;
    CacheMark[]?[] ghostMarks = [];
    Ghost ghost = null!;
    Owner running = null!;
    int who;
    int spaceTag;
    int interrupts;
    int invalidations;

    internal Core(Machine machine, int index, StallPrices prices, CacheHierarchy caches, TlbHierarchy tlbs, PageWalker? walker, Cache? branches, bool fastForward)
    {
        this.machine = machine;
        this.prices = prices;
        this.caches = caches;
        this.tlbs = tlbs;
        this.walker = walker;
        this.branches = branches;
        stale = new StaleRights(tlbs);
        lines = new ReferenceBatch(caches.Unified.Count + 1);
        // Where cores take lines from each other and levels from those above, one line is served before the next.
        linesTogether = machine.SharesCaches && !caches.IsPlain ? 1 : ReferenceBatch.Room;
        Index = index;
        books = new StallBooks(Ledger, machine.Pollution);
        if (fastForward) this.fastForward = new FastForward(this, books);
        Guard(CachesOf(caches, tlbs, walker, branches), caches.Unified[^1]);
        tlbStalls = new StallAccount(Cause.TlbRefill, Cause.TlbPollution, prices.TlbNumbers);
        cacheStalls = new StallAccount(Cause.CacheRefill, Cause.CachePollution, prices.CacheNumbers);
        branchStalls = new StallAccount(Cause.BranchRefill, Cause.BranchPollution, prices.BranchNumbers);
    }

    public int Index { get; }
    public CycleLedger Ledger { get; } = new();
    internal Ring Ring { get; set; } = Ring.Kernel;

    /// <summary>The address space in CR3; null before the first write.</summary>
    internal AddressSpace? Space { get; private set; }

    /// <summary>True while CR3 selects the kernel view of a space that has two.</summary>
    internal bool KernelView { get; private set; }

    internal int EptView { get; private set; }

    /// <summary>The rights to protection keys: PKRU, which guards user-accessible pages, and under CR4.PKS also PKRS, which guards the others. No system here uses both.</summary>
    internal uint PkruValue { get; private set; }

    /// <summary>Whose stack the stack pointer points into; null before the first switch.</summary>
    internal Owner? Stack { get; set; }

    /// <summary>CR0 and CR4; write protection and protection keys are on from the start.</summary>
    internal Control Control { get; private set; } = Control.Wp | Control.Pke;

    /// <summary>EFLAGS.AC.</summary>
    internal bool Ac { get; private set; }

    /// <summary>To look at: the core does not know of what others do to its caches.</summary>
    internal CacheHierarchy Caches => caches;

    /// <summary>To look at, like <see cref="Caches"/>.</summary>
    internal TlbHierarchy Tlbs => tlbs;

    internal StaleRights Stale => stale;

    /// <summary>Violations so far, in order.</summary>
    internal IReadOnlyList<Fault> Faults => faults;

    /// <summary>
    /// Writes CR3. Without CR4.PCIDE all translations but global ones go, and <paramref name="flush"/> must be set. With it, those of the space's PCID go where
    /// it is set (bit 63 clear), and none otherwise (Intel SDM vol. 3, 4.10.4.1).
    /// </summary>
    internal void WriteCr3(AddressSpace space, bool kernelView, bool flush, Owner by)
    {
        if (!MayBePrivileged(by)) return;
        if (!flush && !Has(Control.Pcide))
        {
            faults.Add(new Fault(by, null, 0, Access.Write, ProtectionRule.ReservedBit));
            return;
        }
        if (!ReferenceEquals(space, Space)) space.LoadedOn.Add(Index);
        Space = space;
        KernelView = kernelView;
        spaceTag = space.Tag(kernelView, EptView);
        if (!Has(Control.Pcide)) FlushAll(globals: false, by);
        else if (flush) FlushSpace(space, kernelView, by);
    }

    /// <summary>
    /// Goes on as another core would that has this space loaded. It lets one core walk a path that crosses cores while each end waits for the other: both are then warm, and nothing is flushed.
    /// </summary>
    internal void StandInFor(AddressSpace space, bool kernelView)
    {
        Space = space;
        KernelView = kernelView;
        spaceTag = space.Tag(kernelView, EptView);
    }

    /// <summary>Writes CR0 and CR4. Clearing PCIDE drops every translation, and setting SMEP those of the current PCID (Intel SDM vol. 3, 4.10.4.1).</summary>
    internal void WriteControl(Control value, Owner by)
    {
        if (!MayBePrivileged(by)) return;
        var (set, cleared) = (value & ~Control, Control & ~value);
        Control = value;
        if ((cleared & Control.Pcide) != 0) FlushAll(globals: true, by);
        else if ((set & Control.Smep) != 0 && Space is not null) FlushSpace(Space, KernelView, by);
    }

    /// <summary>STAC and CLAC: sets or clears EFLAGS.AC, which lifts SMAP.</summary>
    internal void WriteAc(bool value, Owner by)
    {
        if (MayBePrivileged(by)) Ac = value;
    }

    /// <summary>VMFUNC: switches the EPT view. Translations are tagged by view and stay; any ring may do it.</summary>
    internal void SwitchView(int eptView)
    {
        EptView = eptView;
        if (Space is not null) spaceTag = Space.Tag(KernelView, eptView);
    }

    /// <summary>WRPKRU: any ring may do it.</summary>
    internal void WritePkru(uint value) => PkruValue = value;

    /// <summary>INVLPG over a region: drops its translations of the current PCID and global ones.</summary>
    internal void Invalidate(Region region, Owner by)
    {
        if (Space is not null && MayBePrivileged(by)) Drop(region, Space, KernelView, globals: true, by);
    }

    /// <summary>INVPCID of type 0 over a region: drops its translations of one PCID, and no global ones.</summary>
    internal void Invalidate(Region region, AddressSpace space, bool kernelView, Owner by)
    {
        if (MayBePrivileged(by)) Drop(region, space, kernelView, globals: false, by);
    }

    /// <summary>INVPCID of type 1: drops all translations of one PCID but global ones.</summary>
    internal void Invalidate(AddressSpace space, bool kernelView, Owner by)
    {
        if (MayBePrivileged(by)) FlushSpace(space, kernelView, by);
    }

    /// <summary>INVPCID of type 2, with <paramref name="globals"/>, or 3: drops all translations, of every PCID.</summary>
    internal void InvalidateAll(bool globals, Owner by)
    {
        if (MayBePrivileged(by)) FlushAll(globals, by);
    }

    /// <summary>IBPB: no branch that was taken before predicts one from now on.</summary>
    internal void FlushBranchPredictor(Owner by)
    {
        if (MayBePrivileged(by) && branches is not null) Do(new MemoryStep(MemoryStepKind.FlushBranches, by, null, false, AccessRegisters));
    }

    /// <summary>
    /// Touches the lines of a footprint and charges the stalls. <paramref name="refillInPrice"/>: the price of this work already holds its
    /// own misses, so only pollution is charged.
    /// </summary>
    internal void Run(Owner owner, Footprint footprint, bool refillInPrice = false)
    {
        if (interrupts != 0) PayInterrupts();
        Do(new MemoryStep(MemoryStepKind.Run, owner, footprint, refillInPrice, AccessRegisters));
    }

    /// <summary>Another core wrote a line: it leaves the private caches, and those that the writer alone would have filled here.</summary>
    internal void Lose(int line, int by)
    {
        Disturb();
        Lose(caches, line, by);
        if (by - 1 < ghosts.Length && ghosts[by - 1] is { } own) Lose(own.Caches, line, by: 0);
    }

    static void Lose(CacheHierarchy caches, int line, int by)
    {
        caches.Instructions.Remove(line, line, by);
        caches.Data.Remove(line, line, by);
        for (var level = 0; level < caches.Unified.Count - 1; level++) caches.Unified[level].Remove(line, line, by);
    }

    void Begin(Owner owner)
    {
        if (ReferenceEquals(owner, running)) return;
        running = owner;
        who = owner.Index + 1;
        if (owner.Index >= ghosts.Length) Array.Resize(ref ghosts, owner.Index + 1);
        ghost = ghosts[owner.Index] ??= NewGhost(owner);
    }

    // What is not a step that may recur.
    void BeginOnce(Owner owner)
    {
        if (interrupts != 0) PayInterrupts();
        Disturb();
        Begin(owner);
    }

    Ghost NewGhost(Owner owner)
    {
        var made = machine.NewGhost(owner);
        caches.AddGhost(made.Caches, owner.Index + 1);
        tlbs.AddGhost(made.Tlbs, owner.Index + 1);
        branches?.AddGhost(made.Branches!, owner.Index + 1);
        Guard(CachesOf(made), made.Caches.Unified[^1]);
        return made;
    }

    void Execute(Owner owner, Footprint footprint, bool refillInPrice)
    {
        Begin(owner);
        foreach (ref readonly var touch in footprint.Touches) Touch(touch.Region, touch.Access, touch.Pages);
        Settle(refillInPrice);
    }

    void PayInterrupts()
    {
        Charge(Cause.Ipi, "interrupt", interrupts);
        Charge(Cause.Ipi, "invlpg", invalidations);
        (interrupts, invalidations) = (0, 0);
    }

    bool Has(Control bit) => (Control & bit) != 0;

    bool MayBePrivileged(Owner by)
    {
        if (Ring != Ring.User) return true;
        faults.Add(new Fault(by, null, 0, Access.Write, ProtectionRule.Privileged));
        return false;
    }

    /// <summary>A price of the machine: cycles.</summary>
    internal double Price(string price) => machine.Profile.Price(price).Value;

    /// <summary>Charges a price of the machine so many times.</summary>
    internal void Charge(Cause cause, string price, int times)
    {
        var number = machine.Profile.Price(price);
        Ledger.Charge(cause, times * number.Value, machine.Provenance.IndexOf(number));
    }

    /// <summary>Another core interrupts this one to invalidate pages.</summary>
    internal void Interrupt(int pages)
    {
        interrupts++;
        invalidations += pages;
    }

    /// <summary>Drops the translations of a region in all views of a space.</summary>
    internal void Drop(Region region, AddressSpace space, Owner by)
    {
        Drop(region, space, kernelView: false, globals: true, by);
        if (space.Kpti) Drop(region, space, kernelView: true, globals: true, by);
    }

    void FlushAll(bool globals, Owner by) => Do(new MemoryStep(MemoryStepKind.FlushAll, by, null, globals, AccessRegisters));

    void FlushSpace(AddressSpace space, bool kernelView, Owner by) => Do(new MemoryStep(MemoryStepKind.FlushSpace, by, space, kernelView, AccessRegisters));

    void DropAll(bool globals, Owner by)
    {
        if (globals) tlbs.FlushAll(by.Index + 1);
        else tlbs.FlushNonGlobal(by.Index + 1);
        walker?.FlushAll(by.Index + 1);
    }

    // What invalidates a PCID does so in every EPT view (Intel SDM vol. 3, 28.3.3.1).
    void DropSpace(AddressSpace space, bool kernelView, Owner by)
    {
        foreach (var tag in space.Tags(kernelView))
        {
            if (tag == 0) continue;
            tlbs.FlushSpace(tag, by.Index + 1);
            walker?.FlushSpace(tag, by.Index + 1);
        }
    }

    // Invalidating one address drops all paging-structure entries of its PCID.
    void Drop(Region region, AddressSpace space, bool kernelView, bool globals, Owner by)
    {
        Disturb();
        foreach (var tag in space.Tags(kernelView))
        {
            if (tag == 0) continue;
            walker?.FlushSpace(tag, by.Index + 1);
            var first = Math.Abs(region.Translation(tag));
            if (first == 0 || region.Global && !globals) continue;
            for (var page = 0; page < region.Pages; page++) tlbs.Invalidate(region.FirstPage + page, first + page, region.PageSize, by.Index + 1);
        }
    }
}
