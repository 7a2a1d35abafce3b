using CsCheck;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

public class CoreTests
{
    [Test]
    public void A_first_run_pays_a_walk_a_page_and_memory_a_line()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.Kernel, "path", codeLines: 20, dataLines: 12, pages: 2);
        var stalls = bench.Stalls(() => bench.Core.Run(bench.Kernel, footprint));
        Assert.That(stalls, Is.EqualTo(4 * HardwareBench.PageWalk + 32 * HardwareBench.Stall(HardwareBench.MemoryLatency)));
        Assert.That(bench.Machine.Pollution.RefillOf(bench.Kernel.Index), Is.EqualTo(stalls));
    }

    [Test]
    public void A_second_run_of_a_small_footprint_stalls_nothing()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.Kernel, "path");
        bench.Core.Run(bench.Kernel, footprint);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.Kernel, footprint)), Is.Zero);
    }

    [Test]
    public void A_CR3_write_without_PCID_drops_all_but_global_entries()
    {
        var bench = new HardwareBench(pcid: false);
        var global = bench.Footprint(bench.Kernel, "global", pages: 3, global: true);
        var local = bench.Footprint(bench.Kernel, "local", pages: 2);
        bench.Core.Run(bench.Kernel, global);
        bench.Core.Run(bench.Kernel, local);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.Kernel, global)), Is.Zero);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.Kernel, local)), Is.EqualTo(4 * HardwareBench.PageWalk));
    }

    [Test]
    public void A_CR3_write_with_PCID_keeps_the_entries_of_both_spaces_apart()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.Kernel, "path");
        var other = bench.Machine.AddSpace("other", kpti: false);
        foreach (var touch in footprint.Touches) other.Map(touch.Region);
        bench.Core.Run(bench.Kernel, footprint);
        bench.Core.WriteCr3(other, kernelView: false, flush: false, bench.Kernel);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.Kernel, footprint)), Is.EqualTo(4 * HardwareBench.PageWalk), "the other space has a tag of its own");
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.Kernel, footprint)), Is.Zero, "the first space's entries stayed");
    }

    [Test]
    public void A_refill_after_a_flush_is_pollution_by_the_flusher()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.App, "work");
        bench.Core.Run(bench.App, footprint);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        bench.Core.Run(bench.App, footprint);
        Assert.That(bench.Core.Ledger[Cause.TlbPollution], Is.EqualTo(4 * HardwareBench.PageWalk));
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.App.Index, bench.Kernel.Index), Is.EqualTo(4 * HardwareBench.PageWalk));
    }

    [Test]
    public void A_kernel_that_flushes_its_own_entries_is_its_own_culprit()
    {
        var bench = new HardwareBench();
        var (footprint, app) = (bench.Footprint(bench.Kernel, "path"), bench.Footprint(bench.App, "work", 200, 200, pages: 200));
        bench.Core.Run(bench.App, app);
        bench.Core.Run(bench.Kernel, footprint);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        bench.Core.Run(bench.Kernel, footprint);
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.Kernel.Index, bench.Kernel.Index), Is.EqualTo(4 * HardwareBench.PageWalk));
    }

    [Test]
    public void An_owner_that_evicts_its_own_line_blames_whoever_took_the_room()
    {
        const int app = 1, kernel = 2;
        var cache = new Cache("three ways", 1, 3, new Culprits(1));
        foreach (var line in new[] { 11, 12 }) cache.Access(line, line, app);
        cache.Access(21, 21, kernel);
        cache.Access(13, 13, app);
        Assert.That((cache.Contains(11, 11), cache.Contains(21, 21)), Is.EqualTo((false, true)));
        Assert.That(cache.Culprit(11, 11, app), Is.EqualTo(kernel));
        cache.Access(11, 11, app);
        Assert.That(cache.Culprit(12, 12, kernel), Is.EqualTo(app), "to anybody else the one who evicted it is to blame");
    }

    [Test]
    public void A_large_path_that_fills_the_first_level_is_to_blame_for_the_misses_of_the_app()
    {
        var bench = new HardwareBench();
        var app = bench.Footprint(bench.App, "work", codeLines: 64, dataLines: 64);
        var path = bench.Footprint(bench.Kernel, "path", codeLines: 4096, dataLines: 4096, pages: 64);
        bench.Core.Run(bench.App, app);
        bench.Core.Run(bench.Kernel, path);
        bench.Machine.Pollution.Clear();
        var stalls = bench.Stalls(() => bench.Core.Run(bench.App, app));
        Assert.That(stalls, Is.GreaterThanOrEqualTo(128 * HardwareBench.Stall(HardwareBench.L2Latency)));
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.App.Index, bench.Kernel.Index), Is.EqualTo(stalls));
        Assert.That(bench.Machine.Pollution.RefillOf(bench.App.Index), Is.Zero);
    }

    [Test]
    public void An_owner_alone_on_the_machine_is_never_polluted()
    {
        var bench = new HardwareBench();
        var set = new WorkingSet("app", bench.Code(bench.App, "code", 60), bench.Data(bench.App, "data", 2000));
        for (var n = 0; n < 200; n++) bench.Core.Touch(bench.App, set, 50, 100);
        Assert.That(bench.Core.Ledger[Cause.CachePollution] + bench.Core.Ledger[Cause.TlbPollution], Is.Zero);
        Assert.That(bench.Core.Ledger[Cause.CacheRefill], Is.Positive);
        Assert.That(bench.Core.Ledger[Cause.TlbRefill], Is.Positive);
    }

    [Test]
    public void Work_whose_price_holds_its_own_misses_pays_for_pollution_alone()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.App, "work");
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.App, footprint, refillInPrice: true)), Is.Zero);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.App, footprint, refillInPrice: true)), Is.EqualTo(4 * HardwareBench.PageWalk));
        Assert.That(bench.Machine.Pollution.RefillOf(bench.App.Index), Is.Zero);
    }

    [Test]
    public void Two_megabyte_pages_use_their_own_first_level_TLB()
    {
        var bench = new HardwareBench();
        var large = new Footprint("large", new FootprintPart(bench.Data(bench.Kernel, "large", 2, PageSize.Large), 2, Access.Read));
        var small = new Footprint("small", new FootprintPart(bench.Data(bench.App, "small", 640), 640, Access.Read));
        bench.Core.Run(bench.Kernel, large);
        bench.Core.Run(bench.App, small);
        var tlbs = bench.Core.Tlbs;
        Assert.That((tlbs.First(false, PageSize.Large).Accesses, tlbs.First(false, PageSize.Small).Accesses), Is.EqualTo((2L, 640L)));
        bench.Core.Run(bench.Kernel, large);
        Assert.That(tlbs.First(false, PageSize.Large).Hits, Is.EqualTo(2), "640 small pages did not push two large ones out");
    }

    [Test]
    public void Switching_the_EPT_view_keeps_the_translations_of_both_views()
    {
        var bench = new HardwareBench();
        var (client, server) = (bench.Data(bench.App, "client", 1), bench.Machine.AddRegion(new RegionSpec("server", bench.Server, 1)));
        bench.Space.Map(server, Views.Both, eptView: 1);
        bench.Core.Touch(bench.App, client, 0, 1, write: false);
        bench.Core.SwitchView(1);
        Assert.That(bench.Core.Check(client, Access.Read), Is.EqualTo(ProtectionRule.NotMapped));
        bench.Core.Touch(bench.Server, server, 0, 1, write: false);
        bench.Core.SwitchView(0);
        Assert.That(bench.Stalls(() => bench.Core.Touch(bench.App, client, 0, 1, write: false)), Is.Zero);
        bench.Core.SwitchView(1);
        Assert.That(bench.Stalls(() => bench.Core.Touch(bench.Server, server, 0, 1, write: false)), Is.Zero);
    }

    [Test]
    public void An_invalidated_region_walks_again_and_nothing_else_does()
    {
        var bench = new HardwareBench();
        var (moved, kept) = (bench.Data(bench.Server, "moved", 3), bench.Data(bench.Server, "kept", 3));
        var both = new Footprint("both", new FootprintPart(moved, 3, Access.Read), new FootprintPart(kept, 3, Access.Read));
        bench.Core.Run(bench.Server, both);
        bench.Core.Invalidate(moved, bench.Kernel);
        Assert.That(bench.Stalls(() => bench.Core.Run(bench.Server, both)), Is.EqualTo(3 * HardwareBench.PageWalk));
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.Server.Index, bench.Kernel.Index), Is.EqualTo(3 * HardwareBench.PageWalk));
    }

    [Test]
    public void A_line_in_the_shared_level_is_found_by_another_core()
    {
        var bench = new HardwareBench(cores: 2);
        var data = bench.Data(bench.App, "shared", 1);
        var other = bench.Machine.Cores[1];
        other.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
        bench.Core.Touch(bench.App, data, 5, 1, write: false);
        other.Touch(bench.App, data, 5, 1, write: false);
        Assert.That(other.Ledger[Cause.CacheRefill], Is.EqualTo((long)HardwareBench.Stall(HardwareBench.LlcLatency)));
        Assert.That(bench.Machine.Llc.Hits, Is.EqualTo(1));
    }

    [Test]
    public void A_line_that_another_core_wrote_comes_from_there_and_is_then_everybodys()
    {
        var (bench, other, data) = TwoCores();
        bench.Core.Touch(bench.App, data, 5, 1, write: true);
        Assert.That(Stalls(other, () => other.Touch(bench.App, data, 5, 1, write: false)), Is.EqualTo(Transfer));
        foreach (var core in bench.Machine.Cores)
            Assert.That(Stalls(core, () => core.Touch(bench.App, data, 5, 1, write: false)), Is.Zero, $"core {core.Index} reads its own copy");
    }

    [Test]
    public void A_write_takes_the_line_away_from_every_other_core()
    {
        var (bench, other, data) = TwoCores();
        bench.Core.Touch(bench.App, data, 5, 1, write: false);
        other.Touch(bench.Server, data, 5, 1, write: true);
        Assert.That(bench.Core.Caches.Data.Contains(data.PhysicalLine(0, 5), data.PhysicalLine(0, 5)), Is.False);
        bench.Machine.Pollution.Clear();
        Assert.That(Stalls(bench.Core, () => bench.Core.Touch(bench.App, data, 5, 1, write: true)), Is.EqualTo(Transfer));
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.App.Index, bench.Server.Index), Is.EqualTo(Transfer), "alone it would have kept it");
        Assert.That(Stalls(bench.Core, () => bench.Core.Touch(bench.App, data, 5, 1, write: true)), Is.Zero, "now it is its own");
        Assert.That(Stalls(other, () => other.Touch(bench.Server, data, 5, 1, write: false)), Is.EqualTo(Transfer));
    }

    [Test]
    public void An_owner_that_works_on_two_cores_refills_what_it_wrote_itself()
    {
        var (bench, other, data) = TwoCores();
        for (var turn = 0; turn < 3; turn++)
        {
            bench.Core.Touch(bench.App, data, 5, 1, write: true);
            other.Touch(bench.App, data, 5, 1, write: true);
        }
        Assert.That(bench.Machine.Cores.Sum(core => core.Ledger[Cause.CachePollution]), Is.Zero);
        Assert.That(other.Ledger[Cause.CacheRefill], Is.EqualTo((long)(3 * Transfer)));
    }

    const double Transfer = (HardwareBench.LineTransfer - HardwareBench.L1Latency) * (1 - HardwareBench.Overlap);

    static (HardwareBench Bench, Core Other, Region Data) TwoCores()
    {
        var bench = new HardwareBench(cores: 2);
        var other = bench.Machine.Cores[1];
        other.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
        return (bench, other, bench.Data(bench.App, "shared", 1));
    }

    // Of caches alone, so that the first touch of the page does not matter.
    static long Stalls(Core core, Action action)
    {
        long Now() => core.Ledger[Cause.CacheRefill] + core.Ledger[Cause.CachePollution];
        var before = Now();
        action();
        return Now() - before;
    }

    [Test]
    public void Refill_and_pollution_sum_to_the_misses_at_their_prices() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 5].Array[1, 60]).Sample((seed, steps) =>
        {
            var bench = Mixed(seed, steps);
            var (caches, stlb) = (bench.Core.Caches, bench.Core.Tlbs.Second(false, PageSize.Small)!);
            var (l2, llc) = (caches.Unified[0], caches.Unified[1]);
            Assert.That(bench.ByPrice("machine.stlb-hit"), Is.EqualTo(stlb.Hits * HardwareBench.StlbHit));
            Assert.That(bench.ByPrice("machine.page-walk"), Is.EqualTo(stlb.Misses * HardwareBench.PageWalk));
            Assert.That(bench.ByPrice("machine.l2"), Is.EqualTo(l2.Hits * HardwareBench.Stall(HardwareBench.L2Latency)));
            Assert.That(bench.ByPrice("machine.llc"), Is.EqualTo(llc.Hits * HardwareBench.Stall(HardwareBench.LlcLatency)));
            Assert.That(bench.ByPrice("machine.memory-latency"), Is.EqualTo(llc.Misses * HardwareBench.Stall(HardwareBench.MemoryLatency)));

            var pollution = bench.Machine.Pollution;
            var refill = bench.Machine.Owners.Sum(owner => pollution.RefillOf(owner.Index));
            var polluted = bench.Machine.Owners.Sum(owner => pollution.PollutionOf(owner.Index));
            Assert.That(refill + polluted, Is.EqualTo(bench.Charged()));
            Assert.That(bench.Core.Ledger.Total, Is.EqualTo(bench.Charged()).Within(1));
        }, iter: 40);

    // Two cores, three owners, walks through the caches, flushes and invalidations of every kind, rights that change, memory that is written from both sides.
    [Test]
    public void However_owners_cores_and_flushes_interleave_refill_and_pollution_sum_to_the_cost_of_the_misses() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Bool, Gen.Select(Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, 10]).Array[1, 60]).Sample((seed, pcid, steps) =>
        {
            var run = new Interleaving(seed, pcid);
            foreach (var (core, owner, action) in steps) run.Do(core, owner, action);

            var cores = run.Bench.Machine.Cores;
            var stlbs = cores.Select(core => core.Tlbs.Second(false, PageSize.Small)!).ToList();
            double Charged(string price) => cores.Sum(core => HardwareBench.Stalls(core, run.Bench.Machine, price));
            Assert.That(Charged("machine.stlb-hit"), Is.EqualTo(stlbs.Sum(stlb => stlb.Hits) * HardwareBench.StlbHit));
            Assert.That(Charged("machine.page-walk"), Is.EqualTo(stlbs.Sum(stlb => stlb.Misses) * HardwareBench.PageWalk));
            var references = cores.Sum(core => core.Caches.Data.Accesses) - run.DataTouches;
            Assert.That(Charged("machine.l1d"), Is.EqualTo(references * HardwareBench.L1Latency));
            Assert.That(references, Is.InRange(stlbs.Sum(stlb => stlb.Misses), 4 * stlbs.Sum(stlb => stlb.Misses)));

            var pollution = run.Bench.Machine.Pollution;
            var total = cores.Sum(core => HardwareBench.Stalls(core, run.Bench.Machine));
            Assert.That(run.Bench.Machine.Owners.Sum(owner => pollution.RefillOf(owner.Index) + pollution.PollutionOf(owner.Index)), Is.EqualTo(total).Within(1e-6));
            var polluted = cores.Sum(core => core.Ledger[Cause.TlbPollution] + core.Ledger[Cause.CachePollution]);
            Assert.That(run.Bench.Machine.Owners.Sum(owner => pollution.PollutionOf(owner.Index)), Is.EqualTo(polluted).Within(2));
        }, iter: 40);

    [Test]
    public void The_same_steps_on_the_same_seed_cost_the_same_to_the_last_cycle()
    {
        int[] steps = [0, 1, 2, 3, 4, 5, 0, 1, 3, 2, 1, 0, 3, 0];
        var (first, second) = (Mixed(7, steps), Mixed(7, steps));
        Assert.That(first.Charged(), Is.EqualTo(second.Charged()).And.Positive);
        Assert.That(Causes.All.Select(cause => first.Core.Ledger[cause]), Is.EqualTo(Causes.All.Select(cause => second.Core.Ledger[cause])));
    }

    [Test]
    public void A_warm_core_runs_without_allocating()
    {
        var bench = new HardwareBench();
        var (app, path) = (bench.Footprint(bench.App, "work", 64, 64), bench.Footprint(bench.Kernel, "path", 100, 60));
        var copy = bench.Data(bench.Server, "buffer", 4);
        var set = new WorkingSet("app", bench.Code(bench.App, "code", 60), bench.Data(bench.App, "heap", 300));
        Assert.That(Allocated.Least(() =>
        {
            for (var n = 0; n < 300; n++) RoundTrip(bench, app, path, copy, set);
        }), Is.Zero);
    }

    [Test]
    public void Twenty_eight_cores_with_38_MiB_of_shared_cache_and_their_ghosts_take_less_than_200_MB()
    {
        var profile = Shipped.Xeon;
        profile = profile with { Llc = profile.Llc with { Sets = 28 * 2048, Ways = 11 } };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var machine = new Machine(profile, cores: 28);
        var owners = Enumerable.Range(0, 4).Select(n => machine.AddOwner($"owner {n}", OwnerKind.Server)).ToArray();
        var space = machine.AddSpace("process", kpti: false);
        foreach (var owner in owners)
        {
            var region = machine.AddRegion(new RegionSpec(owner.Name, owner, Pages: 2048) { UserAccessible = true });
            space.Map(region);
            foreach (var core in machine.Cores)
            {
                core.WriteCr3(space, kernelView: false, flush: false, owner);
                core.Touch(owner, region, core.Index * 4096, 4096, write: false);
            }
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.InRange(10_000_000, 200_000_000));
    }

    static void RoundTrip(HardwareBench bench, Footprint app, Footprint path, Region buffer, WorkingSet set)
    {
        var core = bench.Core;
        core.Run(bench.App, app, refillInPrice: true);
        core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        core.WritePkru(Pkru.AllowAll);
        core.Run(bench.Kernel, path);
        core.Touch(bench.Server, buffer, 3, 200, write: true);
        core.SwitchView(0);
        core.Touch(bench.App, set, 20, 50);
    }

    // An app, a server and a kernel in turn, with copies, flushes and working sets that overflow the private levels.
    static HardwareBench Mixed(int seed, int[] steps)
    {
        var bench = new HardwareBench(seed: seed);
        var app = bench.Footprint(bench.App, "work", 200, 150, pages: 70);
        var path = bench.Footprint(bench.Kernel, "path", 420, 200, pages: 12, global: true);
        var buffer = bench.Data(bench.Server, "buffer", 8);
        var set = new WorkingSet("server", bench.Code(bench.Server, "code", 200), bench.Data(bench.Server, "heap", 3000));
        foreach (var step in steps)
        {
            switch (step)
            {
                case 0: bench.Core.Run(bench.App, app); break;
                case 1: bench.Core.Run(bench.Kernel, path); break;
                case 2: bench.Core.Touch(bench.Server, buffer, 10, 300, write: true); break;
                case 3: bench.Core.Touch(bench.Server, set, 300, 800); break;
                case 4: bench.Core.Touch(bench.App, buffer, 10, 300, write: false); break;
                default: bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel); break;
            }
        }
        return bench;
    }
}

/// <summary>A machine of two cores on which owners take turns, by numbers that a generator draws.</summary>
sealed class Interleaving
{
    readonly Owner[] owners;
    readonly Footprint[] footprints;
    readonly Region shared;
    readonly WorkingSet set;
    readonly AddressSpace other;
    readonly bool tags;

    public Interleaving(int seed, bool pcid)
    {
        Bench = new HardwareBench(cores: 2, seed, pcid, walker: true);
        owners = [Bench.App, Bench.Server, Bench.Kernel];
        footprints =
        [
            Bench.Footprint(Bench.App, "work", 200, 150, pages: 70),
            Bench.Footprint(Bench.Server, "service", 100, 50, pages: 5),
            Bench.Footprint(Bench.Kernel, "path", 420, 200, pages: 12, global: true),
        ];
        shared = Bench.Data(Bench.Server, "buffer", 8);
        set = new WorkingSet("heap", Bench.Code(Bench.Server, "code", 200), Bench.Data(Bench.Server, "data", 3000));
        other = Bench.Machine.AddSpace("other", kpti: false);
        foreach (var region in Bench.Machine.Regions.ToList()) other.Map(region);
        tags = pcid;
        foreach (var core in Bench.Machine.Cores) core.WriteCr3(Bench.Space, kernelView: false, flush: true, Bench.Kernel);
    }

    public HardwareBench Bench { get; }

    /// <summary>Lines of data that were touched, beside those that walks read.</summary>
    public long DataTouches { get; private set; }

    public void Do(int coreIndex, int ownerIndex, int action)
    {
        var (core, owner) = (Bench.Machine.Cores[coreIndex], owners[ownerIndex]);
        switch (action)
        {
            case 0 or 1:
                core.Run(owner, footprints[ownerIndex]);
                DataTouches += footprints[ownerIndex].Touches.ToArray().Where(touch => touch.Access != Access.Fetch).Sum(touch => touch.Pages.Sum(page => page.Lines));
                break;
            case 2 or 3:
                core.Touch(owner, shared, 10, 300, write: action == 2);
                DataTouches += 300;
                break;
            case 4:
                core.Touch(owner, set, 300, 800);
                DataTouches += 800;
                break;
            case 5: core.WriteCr3(other, kernelView: false, flush: true, owner); break;
            case 6: core.WriteCr3(Bench.Space, kernelView: false, flush: !tags, owner); break;
            case 7: core.Invalidate(shared, owner); break;
            case 8: core.InvalidateAll(globals: true, owner); break;
            case 9: Bench.Machine.Shootdown(core, Bench.Space, shared, owner); break;
            default: shared.Key ^= 1; break;
        }
    }
}
