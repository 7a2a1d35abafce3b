using CsCheck;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

/// <summary>Whatever a core does, its TLBs and its page walker hold and count what lists kept by the rules of docs/model.md do.</summary>
public class TlbRulesTests
{
    [TestCase(Replacement.Lru)]
    [TestCase(Replacement.Fifo)]
    [TestCase(Replacement.TreePlru)]
    public void Any_sequence_of_accesses_and_invalidations_leaves_what_lists_kept_by_hand_hold(Replacement replacement) =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 23], Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[0, 7]).Array[1, 120]).Sample((pcid, steps) =>
        {
            var run = new TlbRun(pcid, replacement);
            foreach (var (kind, region, context, page) in steps) run.Do(kind, region, context, page);
            run.Compare();
        }, iter: 150);
}

/// <summary>
/// Two spaces and one under KPTI, each in two EPT views, over small TLBs and paging-structure caches; beside them lists of what each holds. A context is a page
/// table with its PCID: a space, or a view of KPTI.
/// </summary>
sealed class TlbRun
{
    readonly record struct Entry(Region Region, int Page, int Context, int EptView)
    {
        public const int Global = -1;
    }

    // An entry of the page table above the last level, which covers all pages with the same high bits.
    readonly record struct Structure(int Context, int EptView, long Prefix);

    const int BitsPerLevel = 9;

    readonly HardwareBench bench;
    readonly Region[] regions;
    readonly (AddressSpace Space, bool KernelView)[] contexts;
    readonly Dictionary<Cache, Row[]> held = [];
    readonly Dictionary<Cache, (long Accesses, long Misses)> counts = [];
    // PDEs, PDPTEs and PML4Es, most recent first.
    readonly List<Structure>[] structures = [[], [], []];
    readonly int[] structureEntries;
    long dataAccesses;
    int context;
    int eptView;

    public TlbRun(bool pcid, Replacement replacement)
    {
        bench = new HardwareBench(pcid: pcid, walker: true, change: profile => profile with { Tlbs = [.. profile.Tlbs.Select(tlb => Small(tlb, replacement))], Walker = Small(profile.Walker!) });
        var walker = bench.Machine.Profile.Walker!;
        structureEntries = [walker.Pdes.Value, walker.Pdptes.Value, walker.Pml4es.Value];
        var isolated = bench.Machine.AddSpace("isolated", kpti: true);
        contexts = [(bench.Space, false), (bench.Machine.AddSpace("other", kpti: false), false), (isolated, false), (isolated, true)];
        Region Add(string name, PageSize size, bool global) =>
            bench.Machine.AddRegion(new RegionSpec(name, bench.Kernel, 8) { PageSize = size, Global = global, Executable = true });
        regions = [Add("small", PageSize.Small, false), Add("small global", PageSize.Small, true), Add("large", PageSize.Large, false), Add("large global", PageSize.Large, true), Add("huge", PageSize.Huge, false)];
        foreach (var space in contexts.Select(one => one.Space).Distinct())
            foreach (var region in regions)
                for (var view = 0; view < 2; view++) space.Map(region, Views.Both, view);
        foreach (var tlb in Tlbs.All)
        {
            held[tlb] = [.. Enumerable.Range(0, LevelOf(tlb).Sets).Select(_ => new Row(LevelOf(tlb).Ways, replacement))];
            counts[tlb] = (0, 0);
        }
    }

    TlbHierarchy Tlbs => bench.Core.Tlbs;

    bool TagsByProcess => (bench.Core.Control & Control.Pcide) != 0;

    public void Do(int kind, int regionIndex, int contextIndex, int page)
    {
        var region = regions[regionIndex];
        var target = contextIndex % contexts.Length;
        var (space, kernelView) = contexts[target];
        var (core, kernel) = (bench.Core, bench.Kernel);
        switch (kind)
        {
            case < 11:
                Touch(region, page, fetch: kind < 4);
                break;
            case < 14:
                var flush = !TagsByProcess || kind == 11;
                core.WriteCr3(space, kernelView, flush, kernel);
                context = target;
                if (flush) Drop(entry => entry.Context != Entry.Global && (entry.Context == context || !TagsByProcess), of => of == context || !TagsByProcess);
                break;
            case < 16:
                core.SwitchView(eptView = page % 2);
                break;
            case 16:
                core.Invalidate(region, kernel);
                Drop(entry => entry.Region == region && (entry.Context == context || entry.Context == Entry.Global), of => of == context);
                break;
            case 17:
                core.Invalidate(region, space, kernelView, kernel);
                Drop(entry => entry.Region == region && entry.Context == target, of => of == target);
                break;
            case 18:
                core.Invalidate(space, kernelView, kernel);
                Drop(entry => entry.Context == target, of => of == target);
                break;
            case 19 when page < 4:
                core.InvalidateAll(globals: page < 2, kernel);
                Drop(entry => page < 2 || entry.Context != Entry.Global, _ => true);
                break;
            case 20 when page < 4:
                var clears = TagsByProcess;
                core.WriteControl(core.Control ^ Control.Pcide, kernel);
                if (clears) Drop(_ => true, _ => true);
                break;
            case 21:
                var sets = (core.Control & Control.Smep) == 0;
                core.WriteControl(core.Control ^ Control.Smep, kernel);
                if (sets) Drop(entry => entry.Context == context, of => of == context);
                break;
            case 22:
                bench.Machine.Shootdown(core, space, region, kernel);
                Drop(entry => entry.Region == region && (entry.Context == Entry.Global || contexts[entry.Context].Space == space), of => contexts[of].Space == space);
                break;
            case 23 when page == 0:
                Compare();
                break;
        }
    }

    public void Compare()
    {
        Assert.That(bench.Core.Faults, Is.Empty);
        foreach (var tlb in Tlbs.All) Assert.That((tlb.Accesses, tlb.Misses), Is.EqualTo(counts[tlb]), tlb.Name);
        Assert.That(bench.Core.Caches.Data.Accesses, Is.EqualTo(dataAccesses), "data, and the references of walks");
        foreach (var region in regions)
            for (var page = 0; page < region.Pages; page++)
                for (var at = 0; at < contexts.Length; at++)
                    for (var view = 0; view < 2; view++)
                        foreach (var tlb in Tlbs.All)
                            Assert.That(tlb.Contains(region.FirstPage + page, Tag(region, page, at, view)), Is.EqualTo(RowOf(tlb, region, page).Contains(EntryOf(region, page, at, view))), $"{tlb.Name}: {region} {page}, context {at}, view {view}");
    }

    void Touch(Region region, int page, bool fetch)
    {
        if (fetch) bench.Core.Run(bench.App, new Footprint("fetch", new FootprintPart(region, region.Pages, Access.Fetch)));
        else bench.Core.Touch(bench.App, region, page * region.LinesPerPage, 1, write: false);
        dataAccesses += fetch ? 0 : 1;
        foreach (var touched in fetch ? Enumerable.Range(0, region.Pages) : [page]) Translate(region, touched, fetch);
    }

    void Translate(Region region, int page, bool fetch)
    {
        if (LooksUp(Tlbs.First(fetch, region.PageSize), region, page)) return;
        if (Tlbs.Second(fetch, region.PageSize) is not { } second || !LooksUp(second, region, page)) Walk(region, page);
    }

    // An entry read for each level below the lowest that is held.
    void Walk(Region region, int page)
    {
        var leaf = (int)region.PageSize;
        var level = leaf;
        while (level < structures.Length && !IsHeld(level, new(context, eptView, region.Vpn(page) >> BitsPerLevel * (level + 1)))) level++;
        dataAccesses += level - leaf + 1;
    }

    bool IsHeld(int level, Structure structure)
    {
        var row = structures[level];
        var found = row.Remove(structure);
        row.Insert(0, structure);
        if (row.Count > structureEntries[level]) row.RemoveAt(row.Count - 1);
        return found;
    }

    bool LooksUp(Cache tlb, Region region, int page)
    {
        var found = RowOf(tlb, region, page).LooksUp(EntryOf(region, page, context, eptView));
        counts[tlb] = (counts[tlb].Accesses + 1, counts[tlb].Misses + (found ? 0 : 1));
        return found;
    }

    // No paging-structure entry is global.
    void Drop(Predicate<Entry> gone, Predicate<int> contextGone)
    {
        foreach (var row in held.Values.SelectMany(rows => rows)) row.Drop(gone);
        foreach (var row in structures) row.RemoveAll(structure => contextGone(structure.Context));
    }

    Row RowOf(Cache tlb, Region region, int page) => held[tlb][(region.FirstPage + page) % LevelOf(tlb).Sets];

    TlbLevel LevelOf(Cache tlb) => bench.Machine.Profile.Tlbs.Single(level => level.Name == tlb.Name);

    int Tag(Region region, int page, int at, int view) => region.Translation(contexts[at].Space.Tag(contexts[at].KernelView, view)) + page;

    static Entry EntryOf(Region region, int page, int at, int view) => region.Global ? new(region, page, Entry.Global, 0) : new(region, page, at, view);

    static PageWalkerSpec Small(PageWalkerSpec walker) => walker with
    {
        Pml4es = walker.Pml4es with { Value = 2 }, Pdptes = walker.Pdptes with { Value = 3 }, Pdes = walker.Pdes with { Value = 6 },
    };

    static TlbLevel Small(TlbLevel tlb, Replacement replacement) =>
        tlb with { Sets = tlb.Level == 1 ? 2 : 3, Ways = tlb.Level == 1 ? 2 : replacement == Replacement.TreePlru ? 4 : 5, Replacement = replacement };

    // A set: its ways, when each was filled or last used, and a tree over them.
    sealed class Row(int ways, Replacement replacement)
    {
        readonly Entry?[] entries = new Entry?[ways];
        readonly int[] stamps = new int[ways];
        readonly NaiveTree tree = new(0, ways);
        int clock;

        public bool Contains(Entry entry) => entries.Contains(entry);

        public bool LooksUp(Entry entry)
        {
            var way = Array.IndexOf(entries, entry);
            var found = way >= 0;
            if (!found) way = Array.IndexOf(entries, null);
            if (way < 0) way = replacement == Replacement.TreePlru ? tree.Victim : Array.IndexOf(stamps, stamps.Min());
            entries[way] = entry;
            if (!found || replacement == Replacement.Lru) stamps[way] = ++clock;
            tree.PointAwayFrom(way);
            return found;
        }

        public void Drop(Predicate<Entry> gone)
        {
            for (var way = 0; way < ways; way++)
                if (entries[way] is { } entry && gone(entry)) entries[way] = null;
        }
    }
}
