using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// Machines on which the same happens: on one references go together; on another one by one; on a third also one by one, and ghosts keep every set by themselves. Nothing may tell
/// them apart.
/// </summary>
public class ReferenceBatchTests
{
    static readonly Catalogue Catalogue = Catalogue.Load();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void On_any_machine_references_that_go_together_cost_leave_and_blame_what_they_do_one_by_one(int cores)
    {
        var seen = new Seen();
        for (var seed = 1; seed <= 30; seed++) new Triplets(seed, cores, shape: null).Play(rounds: 8, seen);
        seen.Check();
    }

    [TestCase("i7-12700h")]
    [TestCase("i7-4770")]
    [TestCase("ryzen-7950x")]
    [TestCase("xeon-gold-6138")]
    public void On_machines_of_the_catalogue_too(string machine)
    {
        var seen = new Seen();
        for (var cores = 1; cores <= 2; cores++) new Triplets(seed: cores, cores, _ => Catalogue.Machines[machine]).Play(rounds: 6, seen);
        seen.Check();
    }

    /// <summary>That what was compared is what could have differed.</summary>
    sealed class Seen
    {
        double refill, pollution;
        int faults;

        public void Add(Player player)
        {
            refill += player.Books.Sum();
            pollution += player.Pollution.Sum();
            faults += player.Faults.Count();
        }

        public void Check() => Assert.Multiple(() =>
        {
            Assert.That(refill, Is.Positive);
            Assert.That(pollution, Is.Positive);
            Assert.That(faults, Is.Positive);
        });
    }

    sealed class Triplets(int seed, int cores, Func<HardwareProfile, HardwareProfile>? shape)
    {
        readonly Player together = new(seed, cores, shape, seed % 3 == 0 ? 2 + (seed % 29) : ReferenceBatch.Room);
        readonly Player oneByOne = new(seed, cores, shape, together: 1);
        readonly Player apart = new(seed, cores, shape, together: 1, apart: true);

        public void Play(int rounds, Seen seen)
        {
            for (var round = 0; round < rounds; round++)
            {
                for (var step = 0; step < 12; step++)
                {
                    foreach (var player in (Player[])[together, oneByOne, apart]) player.Step();
                }
                foreach (var other in (Player[])[oneByOne, apart]) Compare(other, $"seed {seed}, {cores} cores, round {round}, ghosts {(other == apart ? "apart" : "as they are")}");
            }
            Assert.That(together.States.Zip(oneByOne.States).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), Is.True, $"seed {seed}, {cores} cores: state");
            Assert.That(together.Culprits.SequenceEqual(oneByOne.Culprits), Is.True, $"seed {seed}, {cores} cores: culprits");
            Assert.That(together.Contents.SequenceEqual(apart.Contents), Is.True, $"seed {seed}, {cores} cores: contents");
            seen.Add(together);
        }

        void Compare(Player other, string where)
        {
            Assert.That(together.Faults, Is.EqualTo(other.Faults), $"{where}: faults");
            Assert.That(together.Counts, Is.EqualTo(other.Counts), $"{where}: accesses and misses");
            Assert.That(together.Books, Is.EqualTo(other.Books), $"{where}: ledgers");
            Assert.That(together.Pollution, Is.EqualTo(other.Pollution), $"{where}: pollution");
        }
    }

    /// <summary>A machine, and steps that follow from a seed alone.</summary>
    sealed class Player
    {
        readonly Random random;
        readonly HardwareBench bench;
        readonly AddressSpace other;
        readonly List<Owner> owners;
        readonly List<Region> regions = [];
        readonly Footprint[] footprints;
        readonly WorkingSet[] sets;
        readonly Cache[] caches;
        readonly int before;

        public Player(int seed, int cores, Func<HardwareProfile, HardwareProfile>? shape, int together, bool apart = false)
        {
            random = new Random(seed);
            PageSize? eptPages = OneIn(3) ? PageSize.Large : null;
            bench = new HardwareBench(cores, seed, pcid: OneIn(2), walker: !OneIn(3), eptPages, shape ?? Shape, fastForward: false);
            owners = [bench.App, bench.Server];
            caches = [.. Cores.SelectMany(core => core.EveryCache()).Distinct()];
            foreach (var core in Cores) core.GoTogether(together);
            if (apart)
            {
                // A cache that has been used before it has a ghost keeps no set for both.
                before = 1;
                foreach (var cache in caches) cache.Count(accesses: before, misses: 0);
            }
            AddRegions();
            other = bench.Machine.AddSpace("other", kpti: true);
            foreach (var region in regions)
            {
                other.Map(region);
                bench.Space.Map(region);
                if (!region.Global) bench.Space.Map(region, eptView: 1);
            }
            footprints = [.. Enumerable.Range(0, 12).Select(n => new Footprint($"footprint {n % 8}", [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Part())]))];
            sets = [.. Enumerable.Range(0, 3).Select(n => new WorkingSet($"set {n}", regions[2 * n], regions[(2 * n) + 1]))];
            foreach (var core in Cores) core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        }

        IReadOnlyList<Core> Cores => bench.Machine.Cores;

        // Small enough that every level misses: of one or two vectors, of more ways, of sets in any number, of every policy and inclusion.
        HardwareProfile Shape(HardwareProfile profile)
        {
            var usual = !OneIn(4);
            Replacement Policy(int ways) => usual || OneIn(2) ? Replacement.Lru : int.IsPow2(ways) ? Replacement.TreePlru : Replacement.Fifo;
            int Sets(int most) => OneIn(3) ? random.Next(1, most + 1) : 1 << random.Next(int.Log2(most) + 1);
            int Ways() => random.Next(1, OneIn(4) ? 21 : OneIn(3) ? 17 : 9);
            CacheLevel Level(CacheLevel level, int most)
            {
                var ways = Ways();
                return level with { Sets = Sets(most), Ways = ways, Replacement = Policy(ways), Latency = level.Latency with { Value = 1.1 * level.Latency.Value } };
            }

            TlbLevel Tlb(TlbLevel tlb)
            {
                var ways = Ways();
                return tlb with { Sets = Sets(tlb.Level == 1 ? 16 : 64), Ways = ways, Replacement = Policy(ways) };
            }

            return profile with
            {
                L1I = Level(profile.L1I, 32),
                L1D = Level(profile.L1D, 32),
                L2 = Level(profile.L2, 64),
                Llc = Level(profile.Llc, 128) with { Inclusion = usual ? Inclusion.NonInclusive : (Inclusion)random.Next(3) },
                Tlbs = [.. profile.Tlbs.Where(tlb => tlb.Level == 1 || !OneIn(4)).Select(Tlb)],
                // No sum of these is exact, so the order of its terms shows.
                Prices = profile.Prices.ToDictionary(price => price.Key, price => price.Value with { Value = 1.1 * price.Value.Value }),
            };
        }

        void AddRegions()
        {
            foreach (var (pages, size) in ((int, PageSize)[])[(1 + random.Next(40), PageSize.Small), (300, PageSize.Small), (2, PageSize.Large)])
            {
                regions.Add(bench.Code(owners[0], $"code {size} {regions.Count}", pages, size, global: OneIn(3)));
                regions.Add(bench.Data(owners[1], $"data {size} {regions.Count}", pages, size, global: OneIn(3)));
            }
            var supervisor = bench.Machine.AddRegion(new RegionSpec("supervisor", bench.Kernel, 6) { Writable = true, Executable = true, Key = 2 });
            var alias = bench.Machine.AddAlias(regions[1], new RegionSpec("alias", owners[1], regions[1].Pages) { Writable = true, KernelHalf = true });
            regions.AddRange([supervisor, alias]);
            // Who wrote a line of a gigabyte would take a table of as many.
            if (Cores.Count == 1 && OneIn(3)) regions.Add(bench.Data(owners[0], "data of 1 GB", 2, PageSize.Huge));
        }

        FootprintPart Part()
        {
            var region = Any(regions);
            var access = OneIn(20) ? (Access)random.Next(3) : OneIn(3) && region.Writable ? Access.Write : region.Executable ? Access.Fetch : Access.Read;
            var lines = Math.Min(region.Lines, 1 + random.Next(OneIn(4) ? 1200 : 60));
            return new FootprintPart(region, lines, access) { Branches = OneIn(4) ? random.Next(2 * lines) : 0 };
        }

        public void Step()
        {
            var core = Any(Cores);
            var kind = random.Next(30);
            if (kind < 12) Run(core);
            else if (kind < 16) Copy(core);
            else if (kind < 19) core.Touch(Any(owners), Any(sets), random.Next(400), random.Next(400), refillInPrice: OneIn(4));
            else if (kind < 24) Drop(core, kind);
            else Change(core, kind);
        }

        void Run(Core core)
        {
            var ring = core.Ring;
            if (OneIn(6)) core.Ring = Ring.User;
            core.Run(Any(owners), Any(footprints), refillInPrice: OneIn(4));
            core.Ring = ring;
        }

        void Copy(Core core)
        {
            var region = Any(regions);
            var first = random.Next(region.Lines);
            core.Touch(Any(owners), region, first, Math.Min(region.Lines - first, random.Next(OneIn(3) ? 3000 : 100)), write: OneIn(2), refillInPrice: OneIn(4));
        }

        void Drop(Core core, int kind)
        {
            switch (kind)
            {
                case 19: core.WriteCr3(OneIn(2) ? other : bench.Space, kernelView: OneIn(2), flush: OneIn(2) || (core.Control & Control.Pcide) == 0, Any(owners)); break;
                case 20: core.Invalidate(Any(regions), Any(owners)); break;
                case 21: core.InvalidateAll(globals: OneIn(2), Any(owners)); break;
                case 22: core.FlushBranchPredictor(Any(owners)); break;
                default: bench.Machine.Shootdown(core, bench.Space, Any(regions), Any(owners)); break;
            }
        }

        void Change(Core core, int kind)
        {
            var region = Any(regions);
            switch (kind)
            {
                // Rights out of date, which end page by page.
                case 24: region.Writable = !region.Writable; break;
                case 25: region.Key = region.Key == 0 ? random.Next(4) : 0; break;
                case 26: core.WritePkru(OneIn(3) ? Pkru.WithReadOnly(0, 3) : Pkru.AllowAll); break;
                case 27: core.SwitchView(OneIn(4) ? 1 : 0); break;
                case 28 when bench.Space.Maps(region, kernelView: false): bench.Space.Unmap(region); break;
                case 28: bench.Space.Map(region); break;
                case 29 when owners.Count < 5: owners.Add(bench.Machine.AddOwner($"late {owners.Count}", OwnerKind.App)); break;
            }
            foreach (var one in regions.Where(_ => OneIn(10))) bench.Space.Map(one);
        }

        bool OneIn(int times) => random.Next(times) == 0;

        T Any<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];

        public IEnumerable<string> Faults => Cores.SelectMany(core => core.Faults).Select(fault => $"{fault.Owner.Name} {fault.Region?.Name} {fault.Page} {fault.Access} {fault.Rule}");

        public IEnumerable<(long Accesses, long Misses)> Counts => caches.Select(cache => (cache.Accesses - before, cache.Misses));

        public IEnumerable<double> Books => Cores.SelectMany(core => Causes.All.SelectMany(cause =>
            Enumerable.Range(0, bench.Machine.Provenance.Count).Select(number => core.Ledger.ByNumber(number, cause)).Append(core.Ledger[cause])));

        public IEnumerable<double> Pollution => bench.Machine.Owners.SelectMany(victim =>
            bench.Machine.Owners.Select(culprit => bench.Machine.Pollution.PollutionBy(victim.Index, culprit.Index)).Append(bench.Machine.Pollution.RefillOf(victim.Index)));

        IEnumerable<Cache> All => Cores.SelectMany(core => core.EveryCache()).Distinct();

        /// <summary>What caches, TLBs and ghosts hold, of entries spread over all regions.</summary>
        public IEnumerable<bool> Contents => Entries.SelectMany(entry => All.Select(cache => cache.Contains(entry.Number, entry.Tag)));

        public IEnumerable<int> Culprits => Entries.SelectMany(entry => caches.Select(cache => cache.Culprit(entry.Number, entry.Tag, victim: 1)));

        public IEnumerable<byte[]> States => All.Select(cache =>
        {
            var state = new byte[cache.StateBytes];
            cache.CopyState(state);
            return state;
        });

        IEnumerable<(int Number, int Tag)> Entries => regions.SelectMany(region => Lines(region).Concat(Pages(region)));

        static IEnumerable<(int Number, int Tag)> Lines(Region region)
        {
            const int some = 100;
            return Enumerable.Range(0, some).Select(n => (int)((long)n * region.Lines / some)).Select(line => region.PhysicalLine(line / region.LinesPerPage, line % region.LinesPerPage))
                .Select(line => (line, line));
        }

        static IEnumerable<(int Number, int Tag)> Pages(Region region) =>
            region.Translations.SelectMany(first => Enumerable.Range(0, Math.Min(region.Pages, 40)).Select(page => (region.FirstPage + page, first + page)));
    }
}
