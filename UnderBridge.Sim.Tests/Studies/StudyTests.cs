using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Studies;

public class StudyTests
{
    static readonly Catalogue catalogue = Catalogue.Load();

    [Test]
    public void Each_round_trip_has_the_standing_that_its_numbers_give_it()
    {
        var rows = Rows("ipc-roundtrip");
        Assert.That(rows.Select(row => $"{row.System} {row.Variant} {row.Status}".Replace("  ", " ")), Is.EqualTo(new[]
        {
            "monolithic input", "underbridge fitted", "skybridge fitted", "sel4 no-kpti fitted", "sel4 kpti predicted",
            "fiasco no-kpti fitted", "fiasco kpti assumed", "zircon fitted",
        }));
    }

    [TestCase("machine.wrpkru=128", "underbridge", 200)]
    [TestCase("machine.vmfunc=234", "skybridge", 200)]
    public void A_dearer_instruction_raises_the_one_design_that_uses_it_by_two_a_round_trip(string setting, string raised, double by)
    {
        var before = Rows("ipc-roundtrip");
        var after = Rows("ipc-roundtrip", setting);
        foreach (var (was, now) in before.Zip(after))
            Assert.That(now.Value - was.Value, Is.EqualTo(was.System == raised ? by : 0), $"{was.System} {was.Variant}");
    }

    [Test]
    public void A_changed_run_is_held_against_nothing()
    {
        foreach (var row in Rows("ipc-roundtrip", "machine.wrpkru=128"))
            Assert.That((row.Published, row.Status), Is.EqualTo(((double?)null, "")), row.System);
    }

    [Test]
    public void PCID_saves_Fiasco_with_KPTI_its_flushes_and_what_the_page_tables_cost_remains()
    {
        var row = Rows("ipc-roundtrip", "kernel.pcid=true").Single(row => row is { System: "fiasco", Variant: "kpti" });
        // 2777 of steps without KPTI, two CR3 writes of 186, and twice 30 for the tables.
        Assert.That(row.Value, Is.EqualTo(2793 + 2 * 186 + 2 * 30));
    }

    [Test]
    public void A_price_that_the_user_fixed_has_no_range()
    {
        var row = Rows("ipc-roundtrip", "machine.cr3-write=231").Single(row => row is { System: "sel4", Variant: "kpti" });
        Assert.That((row.Value, row.RangeLow, row.RangeHigh), Is.EqualTo((2002.0, (double?)2002.0, (double?)2002.0)));
    }

    [TestCase("workload.max-gap=2000")]
    [TestCase("workload.batches=5")]
    [TestCase("workload.work-scale=2")]
    [TestCase("workload.warm-up=20")]
    public void Each_key_of_a_replay_changes_its_results(string setting)
    {
        const string few = "workload.operations=60";
        Assert.That(Text(few, setting), Is.Not.EqualTo(Text(few)));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bytes() => Assert.That(
        ResultsCsv.Text(Rows("sqlite-ycsb-a", 2, "workload.operations=40")), Is.EqualTo(ResultsCsv.Text(Rows("sqlite-ycsb-a", 1, "workload.operations=40"))));

    [Test]
    public void A_warm_up_that_leaves_nothing_to_measure_is_refused()
    {
        var refusal = Assert.Throws<InputException>(() => Rows("sqlite-ycsb-a", "workload.warm-up=2000"))!;
        Assert.That(refusal.Message, Does.Contain("found a warm-up of 2000 operations, expected fewer than the 2000 operations of"));
    }

    [Test]
    public void One_operation_has_no_interval()
    {
        var row = Rows("sqlite-ycsb-a", "workload.operations=1").First(row => row.Metric == Metrics.Throughput);
        Assert.That((row.Low, row.High), Is.EqualTo(((double?)row.Value, (double?)row.Value)));
    }

    static string Text(params string[] settings) => ResultsCsv.Text(Rows("sqlite-ycsb-a", settings));

    static IReadOnlyList<ResultRow> Rows(string scenario, params string[] settings) => Rows(scenario, 2, settings);

    static IReadOnlyList<ResultRow> Rows(string scenario, int jobs, params string[] settings) => StudyRows.Of(
        new ScenarioRunner(catalogue).Run(ScenarioReader.Load(Path.Combine(House.Repository.Root, "scenarios", scenario + ".yaml"), catalogue, settings), jobs), catalogue);
}
