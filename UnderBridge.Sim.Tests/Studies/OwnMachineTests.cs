using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>A machine made in code enters studies as those of the catalogue do, and claims no evidence but what it took from them.</summary>
public class OwnMachineTests
{
    static readonly string[] systems = ["underbridge", "sel4 with kpti", "skybridge"];
    static readonly PingPong few = new() { WarmUp = 20, RoundTrips = 30 };
    static readonly HardwareProfile copy = Shipped.Xeon with { Name = "mine", Title = "Mine" };

    static HardwareProfile With(string key, Sourced<double> price) => copy with { Prices = new Dictionary<string, Sourced<double>>(copy.Prices) { [key] = price } };

    static StudyResult Run(HardwareProfile machine, string like = "xeon-gold-6138") =>
        Study.Compare(machine.Name, systems, few, new StudyOptions { Catalogue = Shipped.Catalogue.With(machine, like) });

    [Test]
    public void A_copy_takes_as_long_as_the_machine_that_it_is_like_and_is_held_against_no_publication()
    {
        var (mine, xeon) = (StudyRows.Of(Run(copy)), StudyRows.Of(Study.Compare(Shipped.Xeon.Name, systems, few)));
        Assert.That(mine.Select(row => (row.System, row.Value)), Is.EqualTo(xeon.Select(row => (row.System, row.Value))));
        Assert.That(xeon.Select(row => row.Published), Is.All.Not.Null);
        Assert.That(mine.Select(row => (row.Published, row.Status)), Is.All.EqualTo(((double?)null, "assumed")), "what was fitted to the Xeon is assumed here");
    }

    [Test]
    public void Like_no_other_it_takes_the_numbers_for_CPUs_that_nobody_measured() =>
        Assert.That(Run(copy, like: "").Observations[1].ByNumber.Where(share => share.Number.Name.Contains("logic", StringComparison.Ordinal)).Select(share => share.Number.Note), Has.None.StartsWith("as on"));

    [Test]
    public void A_number_is_its_users_own_unless_a_machine_of_the_catalogue_has_just_the_same()
    {
        var wrpkru = Shipped.Xeon.Price("wrpkru");
        var charged = Run(With("wrpkru", wrpkru with { Value = 68 })).Observations[0].ByNumber.Select(share => share.Number).ToDictionary(number => number.Name);
        Assert.That((charged["machine.wrpkru"].Number, charged["machine.wrpkru"].Grade, $"{charged["machine.wrpkru"].Source}"), Is.EqualTo((68, Grade.Assumed, "user, the machine 'mine' in code")));
        var said = Run(With("wrpkru", wrpkru.Override(68, "my bench"))).Observations[0].ByNumber.First(share => share.Number.Name == "machine.wrpkru").Number;
        Assert.That((said.Number, said.Grade, $"{said.Source}"), Is.EqualTo((68, Grade.Assumed, "user, my bench")));
        var same = Run(copy).Observations[0].ByNumber.First(share => share.Number.Name == "machine.wrpkru").Number;
        Assert.That(same, Is.EqualTo(wrpkru));
    }

    [Test]
    public void A_changed_geometry_is_its_users_own_too()
    {
        var smaller = Shipped.Catalogue.With(copy with { L2 = copy.L2 with { Sets = copy.L2.Sets / 2 } }).Machines["mine"];
        Assert.That((smaller.L2.Grade, smaller.L2.Source.Key, smaller.L2.Latency), Is.EqualTo((Grade.Assumed, "user", copy.L2.Latency)));
        Assert.That((smaller.L1D, smaller.Tlbs), Is.EqualTo((copy.L1D, copy.Tlbs)));
    }

    [Test]
    public void Its_numbers_are_part_of_the_catalogues_identity()
    {
        string Hash(double cycles, string like) => Shipped.Catalogue.With(With("wrpkru", Shipped.Xeon.Price("wrpkru").Override(cycles, "")), like).Hash;
        Assert.That(new[] { Shipped.Catalogue.Hash, Hash(68, ""), Hash(69, ""), Hash(68, "i7-6700") }, Is.Unique);
        var again = Hash(68, "");
        Assert.That(again, Is.EqualTo(Hash(68, "")));
    }

    static IEnumerable<TestCaseData> Wrong()
    {
        var wrpkru = Shipped.Xeon.Price("wrpkru");
        TestCaseData Case(HardwareProfile machine, string said, string like = "") => new TestCaseData(machine, like, said).SetArgDisplayNames(said);

        yield return Case(Shipped.Xeon, "found the name 'xeon-gold-6138' of a machine of the catalogue");
        yield return Case(copy with { Name = "My Xeon" }, "found the name 'My Xeon'");
        yield return Case(copy with { Name = "any" }, "found the name 'any'");
        yield return Case(copy, "found 'xeon-gold-6139' as the machine that it is like, expected a machine of the catalogue; did you mean 'xeon-gold-6138'?", "xeon-gold-6139");
        yield return Case(With("wrpkru", wrpkru with { Value = double.NaN }), "found machine.wrpkru at NaN cycles, expected a number between 0 and 1000000000");
        yield return Case(With("wrpkru", wrpkru with { Value = -1 }), "found machine.wrpkru at -1 cycles");
        yield return Case(With("overlap", Shipped.Xeon.Price("overlap") with { Value = 1.5 }), "found machine.overlap at 1.5 ratio, expected a number between 0 and 1");
        yield return Case(With("wrpkur", wrpkru with { Name = "machine.wrpkur" }), "found the price 'wrpkur', expected the key of a price; did you mean 'wrpkru'?");
        yield return Case(With("wrpkru", wrpkru with { Name = "wrpkru" }), "found the price 'wrpkru' by the name 'wrpkru', expected 'machine.wrpkru'");
        yield return Case(copy with { Prices = copy.Prices.Where(price => price.Key != "page-walk").ToDictionary() }, "found no price 'page-walk'");
        yield return Case(copy with { TscGhz = copy.TscGhz with { Value = 0 } }, "found machine.tsc-ghz at 0 GHz, expected a number above 0");
        yield return Case(copy with { L2 = copy.L2 with { Latency = copy.L2.Latency with { Value = double.PositiveInfinity } } }, "found machine.l2-latency at Infinity cycles");
        yield return Case(copy with { L2 = copy.L2 with { Ways = 0 } }, "found l2 of 1024 sets and 0 ways");
        yield return Case(copy with { L2 = copy.L2 with { BlockBytes = 128 } }, "found lines of different sizes");
        yield return Case(copy with { Walker = copy.Walker! with { Pdes = copy.Walker.Pdes with { Value = -1 } } }, "at -1 entries, expected at least 1");
        yield return Case(copy with { Tlbs = [] }, "found other than one TLB of level 1 for data in pages of 4K");
    }

    [TestCaseSource(nameof(Wrong))]
    public void What_no_file_may_describe_is_refused_by_name(HardwareProfile machine, string like, string said) =>
        Assert.That(() => Shipped.Catalogue.With(machine, like), Throws.TypeOf<InputException>().With.Message.Contains(said));

    [Test]
    public void A_machine_made_again_takes_the_place_of_the_earlier_one_with_all_that_was_known_of_it()
    {
        var again = Shipped.Catalogue.With(With("wrpkru", Shipped.Xeon.Price("wrpkru").Override(99, "")), like: "xeon-gold-6138").With(copy);
        Assert.That(again.Hash, Is.EqualTo(Shipped.Catalogue.With(copy).Hash));
        var (first, second) = (Study.Compare("mine", systems, few, new StudyOptions { Catalogue = again }), Run(copy, like: ""));
        Assert.That(ResultsCsv.Text(StudyRows.Of(first)), Is.EqualTo(ResultsCsv.Text(StudyRows.Of(second))));
    }

    [Test]
    public void A_scenario_takes_it_by_name()
    {
        var catalogue = Shipped.Catalogue.With(copy, like: "xeon-gold-6138");
        var scenario = ScenarioReader.Load(Path.Combine(House.Repository.Root, "scenarios", "ipc-roundtrip.yaml"), catalogue, "machine=mine");
        Assert.That(Study.Run(scenario).Observations.Select(seen => seen.Spec.Machine.Title), Is.All.EqualTo("Mine"));
    }
}
