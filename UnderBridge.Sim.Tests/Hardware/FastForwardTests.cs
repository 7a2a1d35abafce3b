using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>A core that spares itself what it has done before must not be told from one that executes everything.</summary>
public class FastForwardTests
{
    [TestCase(Replacement.Lru, 1)]
    [TestCase(Replacement.Lru, 3)]
    [TestCase(Replacement.Fifo, 1)]
    [TestCase(Replacement.TreePlru, 1)]
    [TestCase(Replacement.TreePlru, 2)]
    public void Whatever_interleaves_counts_contents_ghosts_culprits_and_books_are_those_of_executing(Replacement replacement, int cores)
    {
        long spared = 0, steps = 0;
        for (var seed = 1; seed <= 12; seed++)
        {
            var twins = new Twins(seed, replacement, cores);
            for (var phase = 0; phase < 12; phase++) twins.Phase();
            twins.CompareAll();
            spared += twins.Spared;
            steps += twins.Steps;
        }
        Assert.That(spared, Is.InRange(steps / 16, steps * 3 / 4), $"of {steps} steps: too few, and nothing was put to the test");
    }

    [Test]
    public void A_cycle_is_spared_once_it_has_settled_and_been_compared()
    {
        var bench = new HardwareBench(pcid: false);
        var (app, path) = (bench.Footprint(bench.App, "work", 200, 150, pages: 20), bench.Footprint(bench.Kernel, "path", 400, 200, pages: 12));
        for (var lap = 0; lap < 100; lap++) Lap(bench, app, path);
        const int stepsALap = 4, lapsToKnow = 5;
        Assert.That(bench.Core.StepsSpared, Is.InRange((100 - lapsToKnow - 1) * stepsALap, (100 - lapsToKnow) * stepsALap));
    }

    [Test]
    public void What_looks_at_the_caches_sees_the_steps_that_were_spared_and_does_not_end_the_cycle()
    {
        var bench = new HardwareBench(pcid: false);
        var (app, path) = (bench.Footprint(bench.App, "work", 200, 150, pages: 20), bench.Footprint(bench.Kernel, "path", 400, 200, pages: 12));
        var caches = bench.Core.Caches;
        for (var lap = 0; lap < 50; lap++) Lap(bench, app, path);
        Assert.That((caches.Instructions.Accesses, caches.Data.Accesses), Is.EqualTo((50 * 600L, 50 * 350L)));
        bench.Core.Run(bench.App, app);
        Assert.That(caches.Instructions.Accesses, Is.EqualTo((50 * 600L) + 200));
        var before = bench.Core.StepsSpared;
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        Assert.That(bench.Core.StepsSpared, Is.EqualTo(before + 1));
    }

    [Test]
    public void A_footprint_that_a_change_of_rights_forbids_faults_though_it_was_spared_before()
    {
        var bench = new HardwareBench();
        var footprint = bench.Footprint(bench.App, "work");
        void Run() => bench.Core.Run(bench.App, footprint);
        for (var lap = 0; lap < 20; lap++) Run();
        Assert.That(bench.Core.StepsSpared, Is.Positive);

        bench.Core.WritePkru(Pkru.AllowOnly(3));
        Run();
        Assert.That(bench.Core.Faults, Has.Count.EqualTo(2), "a page of data each");
        bench.Core.WritePkru(Pkru.AllowAll);
        for (var lap = 0; lap < 20; lap++) Run();
        bench.Space.Unmap(footprint.Touches[0].Region);
        bench.Core.Invalidate(bench.Space, kernelView: false, bench.Kernel);
        for (var lap = 0; lap < 20; lap++) Run();
        Assert.That(bench.Core.Faults, Has.Count.EqualTo(2 + (20 * 2)), "a run that faults faults each time");
    }

    [Test]
    public void Sparing_allocates_nothing()
    {
        var bench = new HardwareBench(pcid: false, walker: true);
        var (app, path) = (bench.Footprint(bench.App, "work", 200, 150, pages: 20), bench.Footprint(bench.Kernel, "path", 400, 200, pages: 12));
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var lap = 0; lap < 50; lap++) Lap(bench, app, path);
            // And to find out anew that it may be done.
            bench.Core.Touch(bench.App, app.Touches[0].Region, 0, 1, write: false);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.That(bench.Core.StepsSpared, Is.GreaterThan(5 * 40 * 4));
        Assert.That(least, Is.Zero);
    }

    static void Lap(HardwareBench bench, Footprint app, Footprint path)
    {
        bench.Core.Run(bench.App, app);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        bench.Core.Run(bench.Kernel, path);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
    }

    /// <summary>Two machines of one seed on which the same happens: one spares, the other executes.</summary>
    sealed class Twins
    {
        readonly int seed;
        readonly Random random;
        readonly Twin sparing;
        readonly Twin executing;

        public Twins(int seed, Replacement replacement, int cores)
        {
            this.seed = seed;
            random = new Random(seed);
            var (shape, pcid, walker, ept) = (Shape(replacement), random.Next(2) == 0, random.Next(3) > 0, random.Next(3) == 0);
            Twin Make(bool fastForward) => new(new HardwareBench(cores, seed, pcid, walker, walker && ept ? PageSize.Large : null, shape, fastForward));
            (sparing, executing) = (Make(true), Make(false));
        }

        public long Steps { get; private set; }

        public long Spared => sparing.Cores.Sum(core => core.StepsSpared);

        /// <summary>A few cores each repeat a cycle of their own, with now and then something else between.</summary>
        public void Phase()
        {
            if (random.Next(2) == 0)
            {
                sparing.Repair();
                executing.Repair();
            }
            var cycles = sparing.Cores.Select(_ => Enumerable.Range(0, 1 + random.Next(6)).Select(_ => random.Next(Twin.Kinds)).ToArray()).ToArray();
            var (length, strays) = (random.Next(400), random.Next(3) == 0 ? 20 : 300);
            for (var n = 0; n < length; n++)
            {
                for (var core = 0; core < cycles.Length; core++) Both(core, cycles[core][n % cycles[core].Length]);
                if (random.Next(strays) == 0) Stray();
            }
            CompareBooks();
            if (random.Next(3) == 0) CompareAll();
        }

        void Both(int core, int kind)
        {
            Steps++;
            sparing.Step(core, kind);
            executing.Step(core, kind);
        }

        void Stray()
        {
            var (core, kind, place) = (random.Next(sparing.Cores.Count), random.Next(Twin.StrayKinds), random.Next(100));
            sparing.Stray(core, kind, place);
            executing.Stray(core, kind, place);
        }

        void CompareBooks()
        {
            for (var core = 0; core < sparing.Cores.Count; core++)
            {
                Assert.That(sparing.Books(core), Is.EqualTo(executing.Books(core)), $"seed {seed}, core {core}");
                Assert.That(sparing.Rights(core), Is.EqualTo(executing.Rights(core)), $"seed {seed}, core {core}");
                Assert.That(sparing.Cores[core].Faults.Select(Text), Is.EqualTo(executing.Cores[core].Faults.Select(Text)), $"seed {seed}, core {core}");
            }
            Assert.That(sparing.Pollution(), Is.EqualTo(executing.Pollution()), $"seed {seed}");
        }

        public void CompareAll()
        {
            CompareBooks();
            for (var core = 0; core < sparing.Cores.Count; core++)
            {
                var (one, other) = (sparing.Cores[core], executing.Cores[core]);
                one.CatchUp();
                foreach (var (first, second) in one.EveryCache().Zip(other.EveryCache()))
                {
                    Assert.That(first.Counts, Is.EqualTo(second.Counts), $"seed {seed}, core {core}, {first.Name}");
                    Assert.That(State(first).AsSpan().SequenceEqual(State(second)), Is.True, $"seed {seed}, core {core}, {first.Name}");
                }
                Assert.That(sparing.Culprits(core), Is.EqualTo(executing.Culprits(core)), $"seed {seed}, core {core}");
            }
        }

        static string Text(Fault fault) => $"{fault.Owner.Name} {fault.Region?.Name} {fault.Page} {fault.Access} {fault.Rule}";

        static byte[] State(Cache cache)
        {
            var state = new byte[cache.StateBytes];
            cache.CopyState(state);
            return state;
        }

        // Small enough that every level misses, and of each kind of inclusion.
        Func<HardwareProfile, HardwareProfile> Shape(Replacement replacement)
        {
            var inclusion = (Inclusion)random.Next(3);
            var (l1Ways, llcSets) = (1 << random.Next(1, 4), 1 << random.Next(6, 9));
            TlbLevel Tlb(TlbLevel tlb) => tlb with { Replacement = int.IsPow2(tlb.Ways) ? replacement : Replacement.Lru };
            return profile => profile with
            {
                L1I = profile.L1I with { Sets = 32, Ways = l1Ways, Replacement = replacement },
                L1D = profile.L1D with { Sets = 32, Ways = l1Ways, Replacement = replacement },
                L2 = profile.L2 with { Sets = 64, Ways = 8, Replacement = replacement },
                Llc = profile.Llc with { Sets = llcSets, Ways = 8, Replacement = replacement, Inclusion = inclusion },
                Tlbs = [.. profile.Tlbs.Select(Tlb)],
            };
        }
    }

    sealed class Twin
    {
        public const int Kinds = 17, StrayKinds = 22;

        readonly HardwareBench bench;
        readonly Owner[] owners;
        readonly Footprint[] footprints;
        readonly Region shared;
        readonly WorkingSet set;
        readonly Region alias;
        readonly AddressSpace other;

        public Twin(HardwareBench bench)
        {
            this.bench = bench;
            owners = [bench.App, bench.Server, bench.Kernel];
            footprints =
            [
                bench.Footprint(bench.App, "work", 60, 50, pages: 20, branches: 40), bench.Footprint(bench.Server, "service", 40, 20, pages: 5),
                bench.Footprint(bench.Kernel, "path", 120, 60, pages: 12, global: true, branches: 150), bench.Footprint(bench.Kernel, "large", 300, 300, pages: 40),
            ];
            shared = bench.Data(bench.Server, "buffer", 8);
            alias = bench.Machine.AddAlias(shared, new RegionSpec("alias", bench.Server, 8) { Writable = true, KernelHalf = true });
            var supervisor = bench.Machine.AddRegion(new RegionSpec("supervisor", bench.Kernel, 6) { Writable = true, Executable = true, Key = 2 });
            foreach (var region in (Region[])[alias, supervisor]) bench.Space.Map(region);
            footprints = [.. footprints, new("aliased", new FootprintPart(alias, 60, Access.Write)), new("supervisor", supervisor, 30, supervisor, 40, Access.Write)];
            set = new WorkingSet("heap", bench.Code(bench.Server, "code", 20), bench.Data(bench.Server, "data", 60));
            other = bench.Machine.AddSpace("other", kpti: true);
            foreach (var region in bench.Machine.Regions)
            {
                other.Map(region);
                if (!region.Global) bench.Space.Map(region, eptView: 1);
            }
            foreach (var core in Cores) core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        }

        public IReadOnlyList<Core> Cores => bench.Machine.Cores;

        public void Step(int index, int kind)
        {
            var core = Cores[index];
            switch (kind)
            {
                case < 4: core.Run(owners[Math.Min(kind, 2)], footprints[kind]); break;
                case 4: core.Run(bench.App, footprints[1], refillInPrice: true); break;
                case 5: core.WriteCr3(other, kernelView: true, flush: true, bench.Kernel); break;
                case 6: core.WriteCr3(bench.Space, kernelView: false, flush: (core.Control & Control.Pcide) == 0, bench.Server); break;
                case 7: core.WritePkru(core.PkruValue ^ Pkru.WithReadOnly(0, 3)); break;
                case 8: core.InvalidateAll(globals: true, bench.App); break;
                case 9: core.FlushBranchPredictor(bench.Kernel); break;
                case 10: core.Run(bench.Server, footprints[0]); break;
                case 11: core.SwitchView(1 - core.EptView); break;
                case 12: In(Ring.User, core, () => core.Run(bench.App, footprints[0])); break;
                case 13: In(Ring.Root, core, () => core.Run(bench.Kernel, footprints[5])); break;
                case 14: core.StandInFor(core.Space == bench.Space ? other : bench.Space, kernelView: core.Space == bench.Space); break;
                case 15: Interrupt(core); break;
                default: core.Run(bench.Server, footprints[4]); break;
            }
        }

        static void In(Ring ring, Core core, Action deed)
        {
            var before = core.Ring;
            core.Ring = ring;
            deed();
            core.Ring = before;
        }

        void Interrupt(Core core)
        {
            var before = Registers.Of(core);
            core.SwitchView(0);
            core.WriteCr3(other, kernelView: true, flush: true, bench.Kernel);
            core.Run(bench.Kernel, footprints[2]);
            before.Load(core, bench.Kernel);
        }

        /// <summary>Maps everything again, writable and executable, so that not every lap faults from then on.</summary>
        public void Repair()
        {
            foreach (var region in bench.Machine.Regions)
            {
                bench.Space.Map(region);
                (region.Writable, region.Executable) = (true, true);
            }
            foreach (var core in Cores)
            {
                core.SwitchView(0);
                core.WriteControl(core.Control & ~(Control.Smap | Control.Smep | Control.Pks), bench.Kernel);
                core.WritePkru(Pkru.AllowAll);
                core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
            }
        }

        public void Stray(int index, int kind, int place)
        {
            var core = Cores[index];
            switch (kind)
            {
                case 0: core.Touch(bench.Server, shared, place, 30, write: true); break;
                case 1: core.Touch(bench.App, shared, place, 30, write: false); break;
                case 2: core.Touch(bench.Server, set, place, 2 * place); break;
                case 3: core.Invalidate(footprints[place % 4].Touches[0].Region, bench.Kernel); break;
                case 4: bench.Machine.Shootdown(core, bench.Space, footprints[place % 4].Touches[0].Region, bench.Kernel); break;
                case 5: footprints[place % 4].Touches[^1].Region.Key = place % 8 == 0 ? 3 : 0; break;
                case 6: core.Invalidate(bench.Space, kernelView: false, bench.Server); break;
                case 7: core.Touch(bench.Kernel, footprints[place % 4].Touches[^1].Region, 0, 40, write: true); break;
                case 8: _ = core.Caches.Data.Accesses + bench.Machine.Llc.Misses; break;
                case 9: core.WriteControl(core.Control ^ Control.Smap, bench.Kernel); break;
                case 10: Remap(footprints[place % 6].Touches[0].Region); break;
                case 11: Flip(footprints[place % 6].Touches[^1].Region); break;
                case 12: Move(core, place); break;
                case 13: Observe(core); break;
                case 14: _ = Checks(core).Count(); break;
                case 15: bench.Machine.Pollution.Clear(); break;
                case 16: core.WriteAc(!core.Ac, bench.Kernel); break;
                case 17: Change(footprints[place % 6].Touches[place % 2].Region, place); break;
                case 18: In(Ring.User, core, () => core.WriteCr3(other, kernelView: false, flush: true, bench.App)); break;
                case 19: bench.Machine.Shootdown(core, other, footprints[place % 4].Touches[0].Region, bench.App); break;
                case 20: core.Invalidate(footprints[place % 4].Touches[^1].Region, other, kernelView: place % 8 < 4, bench.App); break;
                default: core.WriteControl(core.Control ^ (place % 2 == 0 ? Control.Smep : Control.Pks), bench.Kernel); break;
            }
        }

        void Flip(Region region)
        {
            if (bench.Space.Maps(region, kernelView: false)) bench.Space.Unmap(region);
            else bench.Space.Map(region);
        }

        // As a server moves into the kernel and back, with or without the flush that this takes.
        void Move(Core core, int place)
        {
            var (from, to) = bench.Space.Maps(alias, kernelView: false) ? (alias, shared) : (shared, alias);
            bench.Space.Unmap(from);
            to.Key = place % 3;
            bench.Space.Map(to);
            if (place % 2 == 0) core.InvalidateAll(globals: place % 4 == 0, bench.Kernel);
        }

        void Observe(Core core)
        {
            var observer = bench.Machine.NewObserver();
            observer.WriteControl(core.Control, bench.Kernel);
            observer.WriteCr3(core.Space!, core.KernelView, flush: true, bench.Kernel);
            _ = Checks(observer).Count();
        }

        static void Change(Region region, int place)
        {
            if (place % 3 == 0) region.Writable = !region.Writable;
            else if (place % 3 == 1) region.Executable = !region.Executable;
            else region.UserAccessible = !region.UserAccessible;
        }

        /// <summary>What a core may do, and how many translations it holds with rights out of date.</summary>
        public IEnumerable<int> Rights(int core) => Checks(Cores[core]).Append(Cores[core].Stale.Count);

        IEnumerable<int> Checks(Core core) => bench.Machine.Regions.SelectMany(region =>
            ((Access[])[Access.Fetch, Access.Read, Access.Write]).Select(access => (int)core.Check(region, access, region.Pages - 1)));

        void Remap(Region region)
        {
            bench.Space.Unmap(region);
            bench.Space.Map(region);
        }

        public IEnumerable<double> Books(int core) =>
            Causes.All.SelectMany(cause => Enumerable.Range(0, bench.Machine.Provenance.Count).Select(number => Cores[core].Ledger.ByNumber(number, cause)).Append(Cores[core].Ledger[cause]));

        public IEnumerable<double> Pollution() => owners.SelectMany(victim =>
            owners.Select(culprit => bench.Machine.Pollution.PollutionBy(victim.Index, culprit.Index)).Append(bench.Machine.Pollution.RefillOf(victim.Index)));

        /// <summary>Whom each owner would blame for each line and translation it might have lost.</summary>
        public IEnumerable<int> Culprits(int core)
        {
            var (caches, tlbs) = (Cores[core].Caches, Cores[core].Tlbs);
            foreach (var region in bench.Machine.Regions)
            {
                for (var line = 0; line < region.Lines; line += 7)
                {
                    var physical = region.PhysicalLine(line / region.LinesPerPage, line % region.LinesPerPage);
                    foreach (var cache in caches.All.ToArray()) yield return cache.Culprit(physical, physical, victim: 1);
                }
                foreach (var translation in region.Translations)
                    foreach (var tlb in tlbs.All) yield return tlb.Culprit(region.FirstPage, translation, victim: 1);
            }
        }
    }
}
