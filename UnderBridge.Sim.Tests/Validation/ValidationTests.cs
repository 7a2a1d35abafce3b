using System.Text.Json;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Tests.House;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Sim.Tests.Validation;

/// <summary>What the simulator may claim of its predictions, and that the claims are computed.</summary>
public class ValidationTests
{
    const double Tolerance = 1e-6;

    static readonly IReadOnlyList<RowSpec> specs = RowReader.Read(Shipped.Catalogue);
    static readonly Lazy<IReadOnlyList<ValidatedRow>> lazy = new(() =>
    [
        .. Validator.Run(Shipped.Catalogue, specs, [], Environment.ProcessorCount),
        .. AppGains.Of(Shipped.Catalogue, Shipped.Scenario("sqlite-ycsb-a"), ["skybridge", "underbridge"], [], Environment.ProcessorCount),
    ]);

    static IReadOnlyList<ValidatedRow> Rows => lazy.Value;

    static List<ValidatedRow> Of(RowStatus status) => [.. Rows.Where(row => row.Status == status)];

    static ValidatedRow Row(string id) => Rows.Single(row => row.Spec.Id == id);

    [Test]
    public void Thirty_rows_and_more_are_predicted() => Assert.That(Of(RowStatus.Predicted), Has.Count.AtLeast(30));

    [Test]
    public void At_most_one_published_row_in_five_is_a_known_gap() =>
        Assert.That(Of(RowStatus.KnownGap).Count * 5, Is.LessThanOrEqualTo(Rows.Count(row => row.Spec.Published is not null)));

    [Test]
    public void Fitted_rows_are_within_two_percent() =>
        Assert.That(Of(RowStatus.Fitted).Where(row => Math.Abs(row.Error!.Value) > 0.02).Select(row => row.Spec.Id), Is.Empty);

    [Test]
    public void Predicted_rows_miss_by_at_most_eight_percent_on_average_and_twenty_at_worst()
    {
        var errors = ErrorSummary.Of(Of(RowStatus.Predicted));
        Assert.That(errors.Mean, Is.InRange(0.001, 0.08));
        Assert.That(Math.Abs(errors.Worst!.Error!.Value), Is.LessThanOrEqualTo(0.2), errors.Worst.Spec.Id);
    }

    [Test]
    public void A_gap_that_has_closed_is_no_gap() =>
        Assert.That(Of(RowStatus.KnownGap).Where(row => Math.Abs(row.Error!.Value) <= 0.2).Select(row => row.Spec.Id), Is.Empty, "they miss by less than a fifth now: take their reasons out");

    [Test]
    public void A_reason_for_a_gap_stands_only_where_there_is_one() =>
        Assert.That(Rows.Where(row => row.Spec.KnownGap.Length > 0 && row.Status != RowStatus.KnownGap).Select(row => row.Spec.Id), Is.Empty);

    [Test]
    public void Every_row_has_an_id_of_its_own_and_says_in_it_whether_KPTI_is_on()
    {
        Assert.That(Rows.Select(row => row.Spec.Id), Is.Unique);
        foreach (var row in Rows.Where(row => row.Spec.Setup.FixesKpti))
            Assert.That(row.Spec.Id.Contains("/kpti/", StringComparison.Ordinal), Is.EqualTo(row.Spec.Setup.Kernel.Features.Kpti), row.Spec.Id);
    }

    [Test]
    public void Only_input_and_fitted_rows_name_numbers_that_rest_on_their_publication() =>
        Assert.That(Rows.Where(row => row.Parameters.Count > 0).Select(row => row.Status).Distinct(), Is.EquivalentTo(new[] { RowStatus.Input, RowStatus.Fitted }));

    [Test]
    public void Bounds_hold_the_simulation_and_those_of_predictions_are_wide()
    {
        foreach (var row in Rows) Assert.That(row.Simulated, Is.InRange(row.Low - Tolerance, row.High + Tolerance), row.Spec.Id);
        foreach (var row in Of(RowStatus.Prediction).Where(row => row.Spec.Id.Contains("/kpti/", StringComparison.Ordinal))) Assert.That(row.Low, Is.LessThan(row.High), row.Spec.Id);
    }

    // With PCID nothing is refilled, so KPTI is its CR3 writes: one more a leg where the space changes, which the exit's write then carries, two where it does not.
    [TestCase("sel4-2026/i7-6700", "call-same", 2)]
    [TestCase("sel4-2026/i7-6700", "call-cross", 1)]
    [TestCase("sel4-2026/i7-4770", "reply-cross", 1)]
    [TestCase("sel4-2026/i7-4770", "round-trip-cross", 2)]
    [TestCase("sel4-2026/i7-6700", "null-syscall", 2)]
    [TestCase("sel4-2026/i7-6700", "call-len10", 1)]
    [TestCase("sel4-2026/i7-6700", "irq-same", 2)]
    [TestCase("sel4-2026/i7-6700", "irq-cross", 1)]
    [TestCase("sel4-2026/i7-6700", "fault", 4)]
    [TestCase("sel4-2026/i7-6700", "notify-same", 4)]
    [TestCase("sel4-2026/i7-6700", "notify-cross", 3)]
    [TestCase("zircon/xeon-gold-6138", "round-trip", 6, false)]
    public void KPTI_costs_the_CR3_writes_that_it_adds(string group, string quantity, int writes, bool pcid = true)
    {
        var (off, on) = (Row($"{group}/no-kpti/{quantity}"), Row($"{group}/kpti/{quantity}"));
        var price = Shipped.Catalogue.Machines[off.Spec.Setup.Machine].Prices["cr3-write"].Value;
        if (pcid) Assert.That(on.Simulated - off.Simulated, Is.EqualTo(writes * price).Within(Tolerance));
        else Assert.That(on.Simulated - off.Simulated, Is.GreaterThan(writes * price + 100), "and the refills after their flushes");
    }

    [TestCase("sel4-2026/i7-6700/kpti")]
    [TestCase("sel4-2026-mcs/i7-4770/no-kpti")]
    [TestCase("sel4-2023/xeon-gold-6138/kpti")]
    public void Call_and_reply_make_up_the_round_trip(string group)
    {
        foreach (var space in new[] { "same", "cross" })
            Assert.That(Row($"{group}/call-{space}").Simulated + Row($"{group}/reply-{space}").Simulated, Is.EqualTo(Row($"{group}/round-trip-{space}").Simulated).Within(Tolerance));
    }

    [Test]
    public void Under_KPTI_a_call_of_seL4_costs_the_same_in_one_space_and_between_two()
    {
        foreach (var cross in Rows.Where(row => row.Spec.Id.StartsWith("sel4-20", StringComparison.Ordinal) && row.Spec.Id.EndsWith("/kpti/call-cross", StringComparison.Ordinal)))
            Assert.That(Row(cross.Spec.Id.Replace("-cross", "-same")).Simulated, Is.EqualTo(cross.Simulated).Within(Tolerance), cross.Spec.Id);
    }

    // Two IPIs, and two legs that take the slow path under the lock; the other core has its own space loaded, so KPTI adds two writes a leg and the way over none.
    [Test]
    public void Between_cores_a_call_pays_two_IPIs_and_no_switch_of_spaces()
    {
        var (off, on) = (Row("sel4-2026-smp/i7-6700/no-kpti/cross-core"), Row("sel4-2026-smp/i7-6700/kpti/cross-core"));
        var prices = Shipped.Catalogue.Machines["i7-6700"].Prices;
        Assert.That(off.Simulated, Is.EqualTo(2 * (prices["ipi"].Value + prices["syscall-pair"].Value + 2 * prices["swapgs"].Value + 2 * prices["lock-transfer"].Value + prices["wake"].Value) + 897 + 829).Within(Tolerance));
        Assert.That(on.Simulated - off.Simulated, Is.EqualTo(4 * prices["cr3-write"].Value).Within(Tolerance));
    }

    // UnderBridge saves what SkyBridge saves and more, and dear IPC leaves more to save.
    [Test]
    public void An_app_gains_most_where_the_kernels_own_IPC_is_dearest()
    {
        double Gain(string kernel, string design) => Row($"sqlite-ycsb-a/{kernel}/kpti/{design}-over-native").Simulated;
        foreach (var design in new[] { "skybridge", "underbridge" })
            Assert.That(new[] { Gain("sel4", design), Gain("fiasco", design), Gain("zircon", design) }, Is.Ordered.And.All.InRange(1.5, 15.0), design);
        foreach (var kernel in new[] { "sel4", "fiasco", "zircon" }) Assert.That(Gain(kernel, "underbridge"), Is.GreaterThan(Gain(kernel, "skybridge")), kernel);
    }

    [Test]
    public void A_version_of_a_kernel_does_what_its_features_say_on_every_CPU()
    {
        var fpu = Shipped.Catalogue.Machines["xeon-gold-6138"].Prices;
        var (of2026, of2023) = (Row("sel4-2026/xeon-gold-6138/no-kpti/call-cross"), Row("sel4-2023/xeon-gold-6138/no-kpti/call-cross"));
        var logic = (Residual("sel4-2026"), Residual("sel4-2023"));
        Assert.That(of2026.Simulated - of2023.Simulated, Is.EqualTo(fpu["fpu-disable"].Value + logic.Item1 - logic.Item2).Within(Tolerance));

        static double Residual(string kernel) => Shipped.Catalogue.Kernels[kernel].Residuals
            .Single(residual => residual is { Path: "sel4-fastpath", Leg: Sim.Paths.PathLeg.Call }).ByMachine["any"].Value;
    }

    [Test]
    public void A_number_that_was_read_from_the_publication_makes_the_row_an_input()
    {
        const string id = "lvds/xeon-e5-2660-v3/vmfunc-call";
        Assert.That(Row(id).Status, Is.EqualTo(RowStatus.Predicted));
        Assert.That(StatusWith("lvds-call", "at: \"section 3.1, picking", "rests-on: lvds-call, at: \"section 3.1, picking", id), Is.EqualTo(RowStatus.Input));
        Assert.That(StatusWith("lvds-call", "grade: quoted, source: plos21", "rests-on: lvds-call, grade: fitted, source: plos21", id), Is.EqualTo(RowStatus.Fitted));
    }

    static RowStatus StatusWith(string path, string before, string after, string id)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Paths"]);
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "UnderBridge.Sim", "Catalog", "Paths", path + ".yaml"));
        Assert.That(shipped, Does.Contain(before));
        File.WriteAllText(Path.Combine(folder["Paths"], path + ".yaml"), shipped.Replace(before, after));
        var catalogue = Catalogue.Load(folder.Path);
        return Validator.Run(catalogue, [RowReader.Read(catalogue).Single(row => row.Id == id)], [], jobs: 1)[0].Status;
    }

    // A price of its steps, nothing in its place, a latency that page walks wait for, another machine's price, and a feature.
    [TestCase("underbridge/xeon-gold-6138/round-trip", nameof(RowStatus.Fitted), "machine.wrpkru=128")]
    [TestCase("underbridge/xeon-gold-6138/round-trip", nameof(RowStatus.Fitted), "machine.wrpkru=0")]
    [TestCase("fiasco/xeon-gold-6138/no-kpti/round-trip", nameof(RowStatus.Fitted), "machine.l1d-latency=1")]
    [TestCase("sel4-2026/i7-6700/kpti/call-cross", nameof(RowStatus.Predicted), "machine.cr3-write=100")]
    [TestCase("sel4-2026/i7-6700/kpti/call-cross", nameof(RowStatus.Predicted), "kernel.pcid=false")]
    public void What_the_user_set_and_moves_a_row_is_named_and_leaves_it_no_evidence(string id, string before, string setting)
    {
        var (plain, set) = (Row(id), With(id, setting, "machine.vmfunc=500"));
        Assert.That((plain.Status.ToString(), set.Status), Is.EqualTo((before, RowStatus.Changed)));
        Assert.That(set.Parameters, Is.EqualTo(new[] { setting[..setting.IndexOf('=')] }));
        Assert.That(set.Simulated, Is.Not.EqualTo(plain.Simulated).Within(Tolerance).And.InRange(set.Low, set.High));
    }

    [TestCase("underbridge/xeon-gold-6138/round-trip", "machine.vmfunc=500")]
    [TestCase("underbridge/xeon-gold-6138/round-trip", "machine.wrpkru=28")]
    [TestCase("lvds/xeon-e5-2660-v3/write-cr3", "machine.cr3-write=130")]
    [TestCase("sel4-2026/i7-6700/kpti/call-cross", "kernel.pcid=true")]
    public void What_the_user_set_and_moves_nothing_changes_no_row(string id, string setting) => Assert.That(
        With(id, setting) with { Spec = Row(id).Spec, Parameters = [], Low = 0, High = 0 }, Is.EqualTo(Row(id) with { Parameters = [], Low = 0, High = 0 }));

    [Test]
    public void A_number_that_was_read_back_is_no_prediction_when_the_user_sets_another()
    {
        var inputs = Of(RowStatus.Input).Where(row => row.Spec.Over is null).ToList();
        var moved = 0;
        foreach (var row in inputs)
            foreach (var name in row.Parameters.Where(name => name.StartsWith("machine.", StringComparison.Ordinal)))
            {
                Assert.That(With(row.Spec.Id, $"{name}=12345"), Has.Property("Status").EqualTo(RowStatus.Changed).And.Property("Parameters").EqualTo(new[] { name }), row.Spec.Id);
                moved++;
            }
        Assert.That(moved, Is.InRange(3, inputs.Count * 3));
    }

    [Test]
    public void A_ratio_is_changed_by_what_moves_either_side_and_changed_rows_have_a_mean_of_their_own()
    {
        var ratio = specs.First(row => row.Over is not null && row.Published is not null);
        IReadOnlyList<RowSpec> both = [ratio, specs.Single(row => row.Id == ratio.Over)];
        var rows = Validator.Run(Shipped.Catalogue, both, [new("machine.memory-latency", "900", ""), new("machine.syscall-pair", "900", "")], jobs: 1);
        Assert.That(rows[0].Status, Is.EqualTo(RowStatus.Changed));
        Assert.That(ValidationTables.Summary(rows).Rows.Select(row => (row[0], row[1])), Is.SupersetOf(new[] { ("fitted", "0"), ("predicted", "0"), ("changed", $"{rows.Count(row => row.Status == RowStatus.Changed)}") }));
        Assert.That(ValidationPage.Text(rows), Does.Contain("- **changed**"));
        Assert.That(ValidationTables.Changes(rows, [new("machine.syscall-pair", "900", ""), new("machine.vmfunc", "5", "")]).Rows, Is.EqualTo(new[] { new[] { "machine.syscall-pair=900", $"{rows.Count(row => row.Status == RowStatus.Changed)}" }, ["machine.vmfunc=5", "0"] }));
        Assert.That(ValidationTables.Summary(Rows).Rows.Select(row => row[0]), Has.None.EqualTo("changed"));
    }

    static ValidatedRow With(string id, params string[] settings)
    {
        var parsed = settings.Select(setting => setting.Split('=')).Select(setting => new Sim.Scenarios.Setting(setting[0], setting[1], "test")).ToList();
        return Validator.Run(Shipped.Catalogue, [.. specs.Where(row => row.Id == id)], parsed, jobs: 1)[0];
    }

    [Test]
    public void A_wrong_file_of_rows_is_refused_with_everything_that_is_wrong()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Validation"]);
        File.WriteAllText(Path.Combine(folder["Validation"], "mine.yaml"), """
            id: mine
            title: Mine
            machine: i7-6701
            kernel: sel4-2027
            variants: [kpti, no-ktpi]
            rows:
              call: {quantity: Call, path: sel4-fastpth, leg: cal, space: some, published: rt-sel4, causes: [kpt]}
              reply: {quantity: Reply, path: sel4-fastpath, published: {kpti: rt-sel5, pti: rt-sel4}, featurs: {}}
            """);
        var refused = Assert.Throws<InputException>(() => RowReader.Read(Catalogue.Load(folder.Path)))!.Message;
        foreach (var expected in new[] { "mine.yaml:3:10: found 'i7-6701'", "'i7-6700'", "'sel4-2023'", "'no-kpti'", "'sel4-fastpath'", "'call'", "found 'some'", "'kpti'", "'rt-sel4'", "'features'", "pti' under 'published', expected one of kpti" })
            Assert.That(refused, Does.Contain(expected));
    }

    [Test]
    public void Any_number_of_jobs_gives_the_same()
    {
        IReadOnlyList<RowSpec> few = [.. specs.Where(row => row.Id.StartsWith("flatmk", StringComparison.Ordinal) || row.Id.StartsWith("lxds", StringComparison.Ordinal))];
        string Result(int jobs) => ValidationJson.Text(Validator.Run(Shipped.Catalogue, few, [], jobs));
        Assert.That(Result(4), Is.EqualTo(Result(1)));
        using (new CommaCulture()) Assert.That(Result(2), Is.EqualTo(Result(1)));
    }

    [Test]
    public void JSON_has_numbers_for_numbers_and_null_where_nothing_was_published()
    {
        var rows = JsonDocument.Parse(ValidationJson.Text(Rows)).RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.That(rows, Has.Count.EqualTo(Rows.Count));
        foreach (var row in rows)
        {
            Assert.That(row.EnumerateObject().Select(field => field.Name), Is.EqualTo(new[] { "id", "quantity", "published", "simulated", "low", "high", "status", "parameter", "source" }));
            foreach (var number in new[] { "simulated", "low", "high" }) Assert.That(row.GetProperty(number).ValueKind, Is.EqualTo(JsonValueKind.Number));
            var status = row.GetProperty("status").GetString();
            Assert.That(status, Is.AnyOf("input", "fitted", "predicted", "known-gap", "prediction"));
            Assert.That(row.GetProperty("published").ValueKind, Is.EqualTo(status == "prediction" ? JsonValueKind.Null : JsonValueKind.Number));
        }
    }

    /// <summary><c>underbridge validate</c> writes it anew; a change of the model shows here as a difference.</summary>
    [Test]
    public void The_committed_page_is_what_validate_writes() =>
        Assert.That(ValidationPage.Text(Rows), Is.EqualTo(File.ReadAllText(Path.Combine(Repository.Root, "docs", "validation.md"))));

    [Test]
    public void The_committed_figures_are_what_validate_draws()
    {
        foreach (var (name, figure) in ValidationFigures.Of(Rows))
            Assert.That(Charts.ChartWriter.Svg(figure), Is.EqualTo(File.ReadAllBytes(Path.Combine(Repository.Root, "plots", "validation", name + ".svg"))), name);
    }
}
