using System.Text.RegularExpressions;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

public class CatalogueTests
{
    static readonly Catalogue Catalogue = Catalogue.Load();
    static readonly HardwareProfile Xeon = Catalogue.Machines["xeon-gold-6138"];

    static IEnumerable<ISourced> Numbers(HardwareProfile machine) =>
    [
        machine.TscGhz, .. machine.Prices.Values, .. new[] { machine.L1I, machine.L1D, machine.L2, machine.Llc }.Select(cache => cache.Latency),
        .. machine.Walker is { } walker ? new ISourced[] { walker.Pml4es, walker.Pdptes, walker.Pdes, walker.NestedTlb } : [],
        .. machine.BranchPredictor is { } predictor ? new ISourced[] { predictor.Sets, predictor.Ways } : [],
    ];

    [Test]
    public void Every_number_of_a_machine_has_a_source_and_the_weaker_ones_a_range()
    {
        foreach (var number in Catalogue.Machines.Values.SelectMany(Numbers))
        {
            Assert.That(Catalogue.Bibliography.Sources, Does.ContainKey(number.Source.Key), number.Name);
            Assert.That(number.Source.Place, Is.Not.Empty, number.Name);
            Assert.That(number.Name, Does.StartWith("machine."));
            Assert.That(number.Number, Is.InRange(number.LowNumber, number.HighNumber), number.Name);
            if (number.Grade > Grade.Published) Assert.That(number.LowNumber, Is.LessThan(number.HighNumber), number.Name);
        }
    }

    [Test]
    public void A_machine_has_every_price_under_its_stable_name() =>
        Assert.That(Xeon.Prices.Select(price => price.Value.Name), Is.EqualTo(HardwareReader.Prices.Keys.Select(key => $"machine.{key}")));

    [Test]
    public void The_machines_are_those_of_the_papers_and_those_people_have() => Assert.That(Catalogue.Machines.Keys, Is.EqualTo(new[]
    {
        "i7-12700h", "i7-4770", "i7-6700", "ryzen-5900x", "ryzen-7950x", "skylake-skybridge", "xeon-e5-2660-v3", "xeon-gold-6138", "xeon-silver-4114",
    }));

    // Client CPUs had no protection keys before Tiger Lake, and AMD has no VMFUNC.
    [TestCase("i7-6700", "wrpkru rdpkru")]
    [TestCase("i7-4770", "wrpkru rdpkru")]
    [TestCase("i7-12700h", "")]
    [TestCase("ryzen-5900x", "vmfunc")]
    [TestCase("ryzen-7950x", "vmfunc")]
    [TestCase("xeon-gold-6138", "")]
    public void A_machine_lacks_the_prices_of_the_instructions_it_lacks(string machine, string keys) =>
        Assert.That(string.Join(' ', HardwareReader.Prices.Keys.Except(Catalogue.Machines[machine].Prices.Keys).Except(pricesOfBranches)), Is.EqualTo(keys));

    // Of the branch predictors only the Xeon's is described.
    static readonly string[] pricesOfBranches = ["branch-mispredict", "ibpb"];

    [TestCase("i7-6700", Inclusion.Inclusive, 8192)]
    [TestCase("i7-4770", Inclusion.Inclusive, 8192)]
    [TestCase("i7-12700h", Inclusion.NonInclusive, 24 * 1024)]
    [TestCase("ryzen-5900x", Inclusion.Exclusive, 32 * 1024)]
    [TestCase("ryzen-7950x", Inclusion.Exclusive, 32 * 1024)]
    [TestCase("xeon-gold-6138", Inclusion.NonInclusive, 20 * 1408)]
    public void The_last_level_of_a_machine_has_its_size_and_its_relation_to_the_others(string machine, Inclusion inclusion, int kibibytes)
    {
        var llc = Catalogue.Machines[machine].Llc;
        Assert.That((llc.Inclusion, llc.Sets * llc.Ways * llc.BlockBytes / 1024), Is.EqualTo((inclusion, kibibytes)));
        Assert.That(new Machine(Catalogue.Machines[machine]).Llc.Inclusion, Is.EqualTo(inclusion));
    }

    [Test]
    public void A_TLB_that_leaves_a_page_size_out_or_serves_it_twice_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "Hardware"));
            var shipped = File.ReadAllText(Path.Combine(Shipped.Root, "UnderBridge.Sim", "Catalog", "Hardware", "i7-6700.yaml"));
            var file = Path.Combine(folder, "Hardware", "i7-6700.yaml");
            File.WriteAllText(file, shipped.Replace("dtlb-1g: {pages: [1G]", "dtlb-1g: {pages: [2M]").Replace("stlb-1g:", "l2tlb:").Replace("  itlb-4k: {pages: [4K]", "  itlb-4k: {pages: [4k]"));
            var refused = Assert.Throws<InputException>(() => Catalogue.Load(folder))!.Message;
            Assert.That(refused, Does.Contain("found '4k' for 'pages', expected one of the page sizes 4K, 2M, 1G; did you mean '4K'?"));
            Assert.That(refused, Does.Contain("found 'l2tlb' under 'tlbs', expected a name that begins with itlb, dtlb or stlb"));
            Assert.That(refused, Does.Contain("found other than one TLB of level 1 for data in pages of 2M"));
            Assert.That(refused, Does.Contain("found other than one TLB of level 1 for data in pages of 1G"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("wrpkru", 28)]
    [TestCase("vmfunc", 134)]
    [TestCase("cr3-write", 186)]
    [TestCase("syscall-pair", 134)]
    [TestCase("ipi", 1913)]
    [TestCase("indirect-call", 12)]
    [TestCase("indirect-return", 12)]
    public void The_xeon_has_the_prices_that_the_publications_give(string key, double cycles) =>
        Assert.That(Xeon.Prices[key].Value, Is.EqualTo(cycles));

    [Test]
    public void The_caches_of_the_xeon_have_their_published_sizes()
    {
        static int Kibibytes(CacheLevel cache) => cache.Sets * cache.Ways * cache.BlockBytes / 1024;
        Assert.That(new[] { Xeon.L1I, Xeon.L1D, Xeon.L2, Xeon.Llc }.Select(Kibibytes), Is.EqualTo(new[] { 32, 32, 1024, 20 * 1408 }));
        Assert.That(Xeon.Llc.Latency.Name, Is.EqualTo("machine.llc-latency"));
    }

    [Test]
    public void The_TLBs_of_the_xeon_have_their_published_sizes()
    {
        Assert.That(Xeon.Tlbs.Select(tlb => $"{tlb.Name} {tlb.Entries}"), Is.EqualTo(new[]
        {
            "itlb-4k 128", "itlb-2m 8", "dtlb-4k 64", "dtlb-2m 32", "dtlb-1g 4", "stlb 1536", "stlb-1g 16",
        }));
    }

    [TestCase("rt-monolithic", 24)]
    [TestCase("rt-underbridge", 109)]
    [TestCase("rt-skybridge", 437)]
    [TestCase("rt-sel4", 1450)]
    [TestCase("rt-sel4-kpti", 2035)]
    [TestCase("rt-fiasco", 3057)]
    [TestCase("rt-fiasco-kpti", 4145)]
    [TestCase("rt-zircon", 8151)]
    public void The_round_trips_of_the_figure_are_published(string id, double cycles)
    {
        var number = Catalogue.Bibliography.Published[id];
        Assert.That((number.Value, number.Unit, number.Source), Is.EqualTo((cycles, "cycles", new Citation("underbridge-slides", "slide 21"))));
    }

    [TestCase("pwrite64", "file-system")]
    [TestCase("fcntl", "app")]
    [TestCase("read", "app")]
    public void A_call_table_says_who_answers(string call, string server) =>
        Assert.That(Catalogue.CallTables["posix-files"].Rows[call], Is.EqualTo(server));

    [Test]
    public void Every_assumption_is_explained_where_it_says()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "UnderBridge.sln"))) root = root.Parent!;
        var explained = File.ReadLines(Path.Combine(root.FullName, "docs", "assumptions.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..].ToLowerInvariant()).ToList();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root.FullName, "UnderBridge.Sim", "Catalog"), "*.yaml", SearchOption.AllDirectories))
        {
            foreach (Match place in Regex.Matches(File.ReadAllText(file), @"source: assumptions[,\s]+at: ([^,}\n]+)"))
                Assert.That(explained, Does.Contain(place.Groups[1].Value), file);
        }
    }

    [TestCase("Hardwear/mine.yaml", "found 'Hardwear/', which the catalogue has no place for", "did you mean 'Hardware/'?")]
    [TestCase("Source.yaml", "found 'Source.yaml', which the catalogue has no place for", "did you mean 'Sources.yaml'?")]
    public void A_file_that_the_catalogue_has_no_place_for_is_refused(string path, string found, string suggestion)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllText(folder[path], "a: 1\n");
        Assert.That(() => Catalogue.Load(folder.Path), Throws.TypeOf<InputException>().With.Message.Contains(found).And.Message.Contains(suggestion));
    }

    [TestCase("block: 64", "block: 48", "found 48 bytes, expected a power of two")]
    [TestCase("block: 64", "block: 128", "found lines of different sizes, expected one 'block' for all levels")]
    public void The_lines_of_a_CPU_have_one_size_a_power_of_two(string line, string other, string message) =>
        Assert.That(() => WithFirst(line, other), Throws.TypeOf<InputException>().With.Message.Contains(message));

    [Test]
    public void The_levels_of_a_machine_replace_by_the_policy_it_says_also_where_a_trace_is_played_through_them()
    {
        var machine = WithFirst("ways: 8, block: 64", "ways: 8, policy: tree-plru, block: 64");
        Assert.That((machine.L1I.Replacement, machine.L1D.Replacement), Is.EqualTo((Replacement.TreePlru, Replacement.Lru)));
        Assert.That(MemoryGeometry.Of(machine).Caches.Select(level => level.Replacement), Is.EqualTo(new[] { Replacement.TreePlru, Replacement.Lru, Replacement.Lru, Replacement.Lru }));
        machine = WithFirst("stlb: {", "stlb: {policy: FIFO, ");
        Assert.That(MemoryGeometry.Of(machine).Tlbs.Select(level => level.Replacement), Is.EqualTo(new[] { Replacement.Lru, Replacement.Lru, Replacement.Fifo }));
        Assert.That(() => WithFirst("stlb: {pages: [4K, 2M], sets: 128, ways: 12", "stlb: {policy: tree-plru, pages: [4K, 2M], sets: 128, ways: 12"),
            Throws.TypeOf<InputException>().With.Message.Contains("found tree-plru with 12 ways, expected a power of two"));
    }

    // The i7-6700 with a change to the first place of its file that reads so.
    static HardwareProfile WithFirst(string line, string other)
    {
        using var folder = new TemporaryFolder();
        using var shipped = new StreamReader(typeof(Catalogue).Assembly.GetManifestResourceStream("Catalog/Hardware/i7-6700.yaml")!);
        var text = shipped.ReadToEnd();
        Directory.CreateDirectory(folder["Hardware"]);
        var at = text.IndexOf(line, StringComparison.Ordinal);
        File.WriteAllText(folder["Hardware/i7-6700.yaml"], text[..at] + other + text[(at + line.Length)..]);
        return Catalogue.Load(folder.Path).Machines["i7-6700"];
    }

    [Test]
    public void A_citation_leads_to_its_source() =>
        Assert.That(Shipped.Catalogue.Sources[Shipped.Xeon.Price("wrpkru").Source.Key].Title, Is.Not.Empty);

    [Test]
    public void A_folder_of_the_user_lies_over_the_catalogue()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "Calls"));
            File.WriteAllText(Path.Combine(folder, "Sources.yaml"), "mine: {title: A study, venue: Here}\n");
            File.WriteAllText(Path.Combine(folder, "Calls", "posix-files.yaml"), "calls: {read: net}\n");
            var catalogue = Catalogue.Load(folder);
            Assert.That(catalogue.Bibliography.Sources.Keys, Does.Contain("mine").And.Contain("underbridge-slides"));
            Assert.That(catalogue.CallTables["posix-files"].Rows, Is.EqualTo(new Dictionary<string, string> { ["read"] = "net" }));

            var file = Path.Combine(folder, "Calls", "other.yaml");
            File.WriteAllText(file, "call: {}\n");
            var refused = Assert.Throws<InputException>(() => Catalogue.Load(folder));
            Assert.That(refused!.Message, Is.EqualTo(string.Join('\n',
                $"{file}:1:1: found no 'calls', expected a map",
                $"{file}:1:1: found 'call', expected 'calls'; did you mean 'calls'?")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
