using System.Text.RegularExpressions;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

public class CatalogueTests
{
    static readonly Catalogue Catalogue = Catalogue.Load();
    static readonly HardwareProfile Xeon = Catalogue.Machines["xeon-gold-6138"];

    static IEnumerable<Sourced<double>> Numbers(HardwareProfile machine) =>
        [machine.TscGhz, .. machine.Prices.Values, .. new[] { machine.L1I, machine.L1D, machine.L2, machine.Llc }.Select(cache => cache.Latency)];

    [Test]
    public void Every_number_of_a_machine_has_a_source_and_the_weaker_ones_a_range()
    {
        foreach (var number in Catalogue.Machines.Values.SelectMany(Numbers))
        {
            Assert.That(Catalogue.Bibliography.Sources, Does.ContainKey(number.Source.Key), number.Name);
            Assert.That(number.Source.Place, Is.Not.Empty, number.Name);
            Assert.That(number.Name, Does.StartWith("machine."));
            Assert.That(number.Value, Is.InRange(number.Low, number.High), number.Name);
            if (number.Grade > Grade.Published) Assert.That(number.Low, Is.LessThan(number.High), number.Name);
        }
    }

    [Test]
    public void A_machine_has_every_price_under_its_stable_name() =>
        Assert.That(Xeon.Prices.Select(price => price.Value.Name), Is.EqualTo(HardwareReader.Prices.Keys.Select(key => $"machine.{key}")));

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
