using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests;

public class ContainmentWorkloadsTests
{
    static string Text(string workload, string more = "") => $$"""
        name: x
        title: A title
        question: Why?
        machine: xeon-gold-6138
        systems: [{system: sel4}]
        workload: {{workload}}
        {{more}}
        """;

    static (Scenario? Scenario, string Errors) Parse(string text, params string[] settings)
    {
        var errors = new ErrorList();
        var scenario = new ScenarioReader(Shipped.Catalogue, SettingParser.Parse(settings, errors), errors).Parse(text, "x.yaml");
        return (scenario, string.Join('\n', errors.Errors));
    }

    static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData("{kind: both-ends}", new BothEnds());
        yield return new TestCaseData("{kind: attacks}", new Attacks());
        yield return new TestCaseData("{kind: server-faults}", new ServerFaults());
        yield return new TestCaseData("{kind: both-ends, warm-up: 3, round-trips: 9}", new BothEnds { Loop = new PingPong { WarmUp = 3, RoundTrips = 9 } });
        yield return new TestCaseData("{kind: attacks, trials: 7}", new Attacks { Trials = 7 });
        yield return new TestCaseData("{kind: server-faults, load: 2.5, work: 100, trials: 3, before: 0.5, after: 8}", new ServerFaults { Load = 2.5, Work = 100, Trials = 3, Before = 0.5, After = 8 });
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_workload_of_containment_is_read_and_written_back_with_all_its_defaults(string yaml, Workload expected)
    {
        var (scenario, errors) = Parse(Text(yaml));
        Assert.That(errors, Is.Empty);
        Assert.That(scenario!.Workload, Is.EqualTo(expected));
        var (again, _) = Parse(ScenarioWriter.ToYaml(scenario));
        Assert.That(again!.Workload, Is.EqualTo(expected));
        Assert.That(ScenarioWriter.ToYaml(again), Is.EqualTo(ScenarioWriter.ToYaml(scenario)));
    }

    [TestCase("{kind: attacks}", "workload.trials=3", "trials: 3")]
    [TestCase("{kind: server-faults}", "workload.load=12.5", "load: 12.5")]
    [TestCase("{kind: both-ends}", "workload.round-trips=40", "round-trips: 40")]
    public void A_setting_changes_the_workload(string yaml, string setting, string written)
    {
        var (scenario, errors) = Parse(Text(yaml), setting);
        Assert.That(errors, Is.Empty);
        var resolved = ResolvedScenario.Of(scenario!, Shipped.Catalogue);
        Assert.That(ScenarioWriter.ToYaml(scenario! with { Workload = resolved.Workload, Settings = [] }), Does.Contain(written));
    }

    [TestCase("{kind: attacks, trials: 0}", "", "x.yaml:6:35: found '0' for 'trials', expected a whole number between 1 and 10000")]
    [TestCase("{kind: attacks, load: 1}", "", "x.yaml:6:27: found 'load' under 'workload', expected one of kind, trials")]
    [TestCase("{kind: server-faults, load: 0}", "", "found '0' for 'load', expected a number above 0")]
    [TestCase("{kind: attack}", "", "did you mean 'attacks'?")]
    [TestCase("{kind: attacks}", "figures: [{kind: pareto}]", "found a figure of kind 'pareto' of a workload of kind 'attacks', expected a workload of kind 'both-ends'")]
    [TestCase("{kind: ping-pong}", "figures: [{kind: attack-matrix}]", "expected a workload of kind 'attacks'")]
    public void What_is_wrong_with_it_is_told_with_its_place(string yaml, string more, string message) =>
        Assert.That(Parse(Text(yaml, more)).Errors, Does.Contain(message));

    [Test]
    public void A_Pareto_figure_holds_isolation_against_a_round_trip_or_what_it_says()
    {
        var (scenario, errors) = Parse(Text("{kind: both-ends}", "figures: [{kind: pareto}, {kind: pareto, name: b, metric: app-call}]"));
        Assert.That(errors, Is.Empty);
        Assert.That(scenario!.Figures.Select(figure => figure.Metric), Is.EqualTo(new[] { "round-trip", "app-call" }));
        Assert.That(Parse(ScenarioWriter.ToYaml(scenario)).Scenario!.Figures, Is.EqualTo(scenario.Figures));
        Assert.That(Parse(Text("{kind: both-ends}", "figures: [{kind: pareto, metric: isolation}]")).Errors, Does.Contain("found 'isolation' for 'metric', expected one of the metrics round-trip, app-call"));
    }
}
