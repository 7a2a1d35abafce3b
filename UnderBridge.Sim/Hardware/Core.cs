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
    readonly ReferenceBatch pages = new(TlbHierarchy.Levels);
    readonly ReferenceBatch lines;
    readonly int linesTogether;
    readonly List<Fault> faults = [];
    PageTouch[] touches = new PageTouch[ReferenceBatch.Room];
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

    /// <summary>Touches consecutive lines of a region, as a copy does.</summary>
    internal void Touch(Owner owner, Region region, int firstLine, int count, bool write, bool refillInPrice = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstLine);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstLine + count, region.Lines);
        BeginOnce(owner);
        var touched = 0;
        for (; count > 0; touched++)
        {
            if (touched == touches.Length) Array.Resize(ref touches, 2 * touched);
            var (page, line) = Math.DivRem(firstLine, region.LinesPerPage);
            var lines = Math.Min(count, region.LinesPerPage - line);
            touches[touched] = new PageTouch(page, line, lines);
            firstLine += lines;
            count -= lines;
        }
        Touch(region, write ? Access.Write : Access.Read, touches.AsSpan(0, touched));
        Settle(refillInPrice);
    }

    /// <summary>Touches lines drawn from a working set.</summary>
    internal void Touch(Owner owner, WorkingSet set, int codeLines, int dataLines, bool refillInPrice = false)
    {
        BeginOnce(owner);
        TouchDrawn(set, codeLines, Access.Fetch);
        TouchDrawn(set, dataLines, Access.Read);
        Settle(refillInPrice);
    }

    void TouchDrawn(WorkingSet set, int count, Access access)
    {
        var region = access == Access.Fetch ? set.Code : set.Data;
        for (int drawn; count > 0; count -= drawn)
        {
            drawn = Math.Min(count, ReferenceBatch.Room);
            foreach (ref var touch in touches.AsSpan(0, drawn))
            {
                var (page, line) = Math.DivRem(set.NextLine(code: access == Access.Fetch), region.LinesPerPage);
                touch = new PageTouch(page, line, 1);
            }
            Touch(region, access, touches.AsSpan(0, drawn));
        }
    }

    void Touch(Region region, Access access, ReadOnlySpan<PageTouch> touches)
    {
        while (touches.Length > 0)
        {
            // Rights out of date belong to single pages, and an access may end them.
            var together = Math.Min(region.StaleTranslations == 0 ? ReferenceBatch.Room : 1, touches.Length);
            TouchTogether(region, access, touches[..together]);
            touches = touches[together..];
        }
    }

    void TouchTogether(Region region, Access access, ReadOnlySpan<PageTouch> touches)
    {
        var rule = Check(region, access, touches[0].Page);
        if (rule != ProtectionRule.Allowed && region.StaleTranslations != 0) rule = CheckAgain(region, access, touches[0].Page);
        if (rule != ProtectionRule.Allowed)
        {
            foreach (ref readonly var touch in touches) faults.Add(new Fault(running, region, touch.Page, access, rule));
            return;
        }
        var translated = Translate(region, touches, access == Access.Fetch);
        lines.Begin();
        var miss = 0;
        for (var n = 0; n < touches.Length; n++)
        {
            ref readonly var touch = ref touches[n];
            if (n >= translated && pages.IsOf(miss, n - translated)) TlbStall(region, touch.Page, access, miss++);
            TouchLines(region.PhysicalLine(touch.Page, touch.FirstLine), touch.Lines, access);
            if (touch.Branches == 0 || branches is null) continue;
            EndLines(access);
            Branch(branches, region.PhysicalLine(touch.Page, touch.FirstLine), touch.Lines, touch.Branches);
        }
        EndLines(access);
    }

    // How many pages were held before the first that was not; it and those after it are in the batch.
    int Translate(Region region, ReadOnlySpan<PageTouch> touches, bool fetch)
    {
        var first = Math.Abs(region.Translation(spaceTag));
        var held = 0;
        while (held < touches.Length && tlbs.TryHit(region.FirstPage + touches[held].Page, first + touches[held].Page, fetch, region.PageSize, who)) held++;
        if (held == touches.Length) return held;
        pages.Begin(first - region.FirstPage);
        var tags = pages.Add(touches.Length - held);
        for (var n = 0; n < tags.Length; n++) tags[n] = first + touches[held + n].Page;
        tlbs.Access(pages, fetch, region.PageSize, who);
        return held;
    }

    void TouchLines(int line, int count, Access access)
    {
        if (lines.Count == 0 && machine.Ownership is null)
        {
            var held = caches.SkipHits(line, count, access, who);
            line += held;
            count -= held;
        }
        while (count > 0)
        {
            var more = Math.Min(count, linesTogether - lines.Count);
            lines.AddRun(line, more);
            line += more;
            count -= more;
            if (lines.Count == linesTogether) EndLines(access);
        }
    }

    // The lines that have been gathered are accessed; with other cores on the machine, each may be another's.
    void EndLines(Access access)
    {
        if (lines.Count == 0) return;
        caches.Access(lines, access, who);
        if (machine.Ownership is { } ownership) PassOn(ownership, access);
        else for (var miss = 0; miss < lines.Misses; miss++) CacheStall(access, miss);
        lines.Begin();
    }

    void PassOn(LineOwnership ownership, Access access)
    {
        var miss = 0;
        for (var n = 0; n < lines.Count; n++)
        {
            var writer = ownership.Touch(lines[n], Index, who, access == Access.Write);
            var missed = lines.IsOf(miss, n);
            if (writer != 0) TransferStall(access, missed ? lines.LevelAlone(miss) : 0, writer);
            else if (missed) CacheStall(access, miss);
            if (missed) miss++;
        }
    }

    // A branch is known by the part of a line that it lies in; branches lie evenly.
    void Branch(Cache predictor, int line, int lines, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var branch = Footprint.BranchesALine * line + n * Footprint.BranchesALine * lines / count;
            var found = predictor.Lookup(ghost.Branches!, branch, branch, who);
            if ((found & Cache.InCache) != 0) continue;
            var alone = found != 0;
            branchStalls.Add(0, alone ? 0 : prices.Mispredict, alone ? prices.Mispredict : 0);
            if (alone) Blame(predictor.Blamed(branch, branch, who), prices.Mispredict);
        }
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
