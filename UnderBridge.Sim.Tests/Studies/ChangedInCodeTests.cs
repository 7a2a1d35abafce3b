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
        var refused = Assert.Throws<InputException>(() => new Study(Shipped.Catalogue).Run(scenario, jobs: 1))!;
        Assert.That(refused.Message, Does.StartWith(scenario.Name + ": ").And.Contains(found).And.Contains(expected));
    }

    [Test]
    public void A_trace_that_is_not_there_is_refused_by_its_name()
    {
        var replay = Shipped.Scenario("sqlite-ycsb-a");
        var gone = replay with { Workload = (Replay)replay.Workload with { Trace = "none.gz" } };
        Assert.That(() => new Study(Shipped.Catalogue).Run(gone, jobs: 1), Throws.TypeOf<InputException>().With.Message.Match("none.gz: found a file that can not be opened .*, expected a readable file"));
    }

    [Test]
    public void A_study_needs_a_job() => Assert.That(() => new Study(Shipped.Catalogue).Run(read, jobs: 0), Throws.TypeOf<ArgumentOutOfRangeException>());

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
        var study = new Study(Shipped.Catalogue).Run(read with { Workload = few }, jobs: 2);
        Assert.That(StudyFiles.Write(study, folder.Path), Is.EqualTo(read.Figures.Select(figure => figure.Name)));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(StudyFiles.Names.Concat(read.Figures.SelectMany(figure => new[] { $"{figure.Name}.png", $"{figure.Name}.svg" }))));
        var again = ScenarioReader.Load(folder[StudyFiles.Resolved], Shipped.Catalogue);
        Assert.That(ResultsCsv.Text(StudyRows.Of(new Study(Shipped.Catalogue).Run(again, jobs: 2))), Is.EqualTo(File.ReadAllText(folder[StudyFiles.Csv])));
    }

    sealed record DearerPkru(double Cycles) : PkruCost
    {
        public override StepPrice? Of(Step step, HardwareProfile machine) => base.Of(step, machine) is { } price
            ? price with { Number = price.Number.Override(price.Number.Value + Cycles, "a test") } : null;
    }
}
