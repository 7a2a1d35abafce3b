using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>What is changed in code meets the checks of files, and claims no evidence that it does not have.</summary>
public class ChangedInCodeTests
{
    static readonly Scenario read = Shipped.Scenario("ipc-roundtrip");
    static readonly PingPong few = new() { WarmUp = 20, RoundTrips = 30 };
    static readonly string[] subjects = ["underbridge", "sel4 with kpti"];
    static readonly StudyOptions options = new() { Catalogue = Shipped.Catalogue };

    static IEnumerable<TestCaseData> Wrong()
    {
        yield return new TestCaseData(read with { Machine = "xeon-gold-6139" }, "'xeon-gold-6139'", "did you mean 'xeon-gold-6138'?");
        yield return new TestCaseData(read with { Systems = [] }, "no 'systems'", "expected");
        yield return new TestCaseData(read with { Systems = [new SystemUnderTest("underbrige", "", KptiVariant.Default, "X")] }, "'underbrige'", "did you mean 'underbridge'?");
        yield return new TestCaseData(read with { Settings = [new Setting("machine.wrpkr", "1", "code")] }, "'machine.wrpkr'", "did you mean 'machine.wrpkru'?");
        yield return new TestCaseData(read with { Workload = new PingPong { RoundTrips = -1 } }, "-1", "expected");
    }

    [TestCaseSource(nameof(Wrong))]
    public void A_scenario_that_no_file_may_describe_is_refused_before_it_runs(Scenario scenario, string found, string expected)
    {
        var refused = Assert.Throws<InputException>(() => Study.Run(scenario, options))!;
        Assert.That(refused.Message, Does.StartWith(scenario.Name + ": ").And.Contains(found).And.Contains(expected));
    }

    [Test]
    public void A_trace_that_is_not_there_is_refused_by_its_name()
    {
        var replay = Shipped.Scenario("sqlite-ycsb-a");
        var gone = replay with { Workload = (Replay)replay.Workload with { Trace = "none.gz" } };
        Assert.That(() => Study.Run(gone, options), Throws.TypeOf<InputException>().With.Message.Match("none.gz: found a file that can not be opened .*, expected a readable file"));
    }

    [Test]
    public void A_study_needs_a_job() => Assert.That(() => Study.Run(read, options with { Jobs = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_cost_model_of_ones_own_moves_the_numbers_and_takes_their_evidence()
    {
        ResultRow Of(StudyOptions how) => StudyRows.Of(Study.Compare("xeon-gold-6138", subjects, few, how)).First(row => row.System == "underbridge");
        var (shipped, own) = (Of(options), Of(options with { Costs = StepCosts.OfMachine with { Pkru = new DearerPkru(40) } }));
        Assert.That((shipped.Published, shipped.Status), Is.EqualTo((109, "fitted")));
        Assert.That((own.Value, own.Published, own.Status), Is.EqualTo((109 + 2 * 40, (double?)null, "")), "two WRPKRU a round trip");
    }

    [TestCase(FigureRequest.HeatMap, "no 'against'")]
    [TestCase(FigureRequest.Lines, "metric")]
    [TestCase(FigureRequest.AttackMatrix, "a workload of kind 'attacks'")]
    [TestCase(FigureRequest.Tornado, "before it is run")]
    [TestCase("pie", "'pie'")]
    public void A_figure_that_a_study_has_nothing_for_is_refused(string kind, string said)
    {
        var study = Study.Compare("xeon-gold-6138", subjects, few, options);
        Assert.That(() => StudyFigures.Of(study, kind, "A figure"), Throws.TypeOf<InputException>().With.Message.Contains(said));
    }

    [Test]
    public void A_figure_may_be_asked_for_when_the_study_has_run()
    {
        var study = Study.Sweep("xeon-gold-6138", subjects, [new ListAxis("machine.wrpkru", ["11", "128"]), new ListAxis("machine.cr3-write", ["100", "231"])], few, options);
        var map = (HeatMap)StudyFigures.Of(study, new FigureRequest(FigureRequest.HeatMap, "map", "A map", Against: "sel4"));
        Assert.That(map.Title, Is.EqualTo("A map"));
        Assert.That(map.Caption, Is.EqualTo("Round trips a second of UnderBridge over those of seL4 w/ KPTI: each cell a point of the sweep, 4 in all. UnderBridge is nowhere slower."),
            "nobody works, and nothing is random");
    }

    [Test]
    public void A_figure_asked_for_says_what_is_set()
    {
        var study = Study.Compare("xeon-gold-6138", subjects, few, options with { Settings = ["machine.wrpkru=128"] });
        Assert.That(StudyFigures.Of(study, FigureRequest.RoundTrip, "Mine").Caption, Does.EndWith(" Set over the catalogue: machine.wrpkru=128."));
    }

    [TestCase(2.0, 0.5, "UnderBridge is nowhere slower.")]
    [TestCase(0.5, 0.25, "UnderBridge is slower everywhere.")]
    [TestCase(1.25, 0.5, "UnderBridge is nowhere slower as far as the runs can tell. At 4 points, 95 % intervals leave open which is faster.")]
    [TestCase(0.9375, 0.25, "UnderBridge is slower everywhere as far as the runs can tell. At 4 points, 95 % intervals leave open which is faster.")]
    public void A_heat_map_claims_what_intervals_bear_out(double ratio, double halfWidth, string said)
    {
        var replay = Shipped.Scenario("sqlite-ycsb-a");
        var swept = replay with
        {
            Systems = [.. replay.Systems.Where(system => system.Base == "sel4" && system.System is "underbridge" or "native")],
            Sweep = new Sweep([new ListAxis("machine.wrpkru", ["11", "128"]), new ListAxis("machine.vmfunc", ["134", "500"])]),
            Figures = [new FigureRequest(FigureRequest.HeatMap, "map", "A map", Against: "native")],
        };
        var rows = swept.Points.SelectMany(point => swept.Systems.SelectMany(system =>
        {
            var value = system.System == "underbridge" ? ratio : 1;
            var around = system.System == "underbridge" ? halfWidth : 0;
            var row = new ResultRow(system.System, system.Base, StudyRows.VariantName(system.Variant), $"{point}", Metrics.Throughput, "op/s", 1000 * value, 100 * value, 9000 * value);
            return new[] { row, row with { Metric = Metrics.Normalised, Value = value, Low = value - around, High = value + around } };
        })).ToList();
        var caption = SweepFigures.Of(swept, rows).Single().Figure.Caption;
        Assert.That(caption, Does.EndWith($", with the same work for both. {said} Work prices are assumed, set once and not fitted."));
    }

    [TestCase(1.0, 10.0, true, 1)]
    [TestCase(0.0, 10.0, true, 3)]
    public void A_range_that_can_not_be_cut_is_refused(double from, double to, bool logarithmic, int steps) =>
        Assert.That(() => new RangeAxis("machine.wrpkru", from, to, logarithmic, Whole: false).Cut(steps), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_study_of_a_system_alone_holds_it_against_nothing()
    {
        var study = Study.Compare("xeon-gold-6138", ["underbridge"], new ServiceMix { WarmUp = 10, Operations = 40 }, options);
        Assert.That(Answer.Of(study, StudyRows.Of(study)), Does.Not.Contain("times that of"));
    }

    [Test]
    public void A_study_in_code_can_leave_the_files_that_a_run_leaves()
    {
        using var folder = new TemporaryFolder();
        var study = Study.Run(read with { Workload = few }, options);
        Assert.That(StudyFiles.Write(study, folder.Path), Is.EqualTo(read.Figures.Select(figure => figure.Name)));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(StudyFiles.Names.Concat(read.Figures.SelectMany(figure => new[] { $"{figure.Name}.png", $"{figure.Name}.svg" }))));
        var again = ScenarioReader.Load(folder[StudyFiles.Resolved], Shipped.Catalogue);
        Assert.That(ResultsCsv.Text(StudyRows.Of(Study.Run(again, options))), Is.EqualTo(File.ReadAllText(folder[StudyFiles.Csv])));
    }

    sealed record DearerPkru(double Cycles) : PkruCost
    {
        public override StepPrice? Of(Step step, HardwareProfile machine) => base.Of(step, machine) is { } price
            ? price with { Number = price.Number.Override(price.Number.Value + Cycles, "a test") } : null;
    }
}
