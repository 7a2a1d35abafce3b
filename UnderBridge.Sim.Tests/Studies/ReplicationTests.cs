using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems.Multicore;

namespace UnderBridge.Sim.Tests;

public class ReplicationTests
{
    static readonly ClosedLoop loop = new() { Load = new ClosedLoopSpec { Cores = 2, Think = 1000, Service = 500, WarmUp = 20, Requests = 60 } };

    static IReadOnlyList<ResultRow> Rows(ClosedLoop workload, params string[] systems) =>
        StudyRows.Of(Study.Compare("xeon-gold-6138", systems, workload, new StudyOptions { Catalogue = Shipped.Catalogue }));

    static ResultRow Row(IEnumerable<ResultRow> rows, string metric, string system = "underbridge") => rows.Single(row => row.Metric == metric && row.System == system);

    [Test]
    public void Seeds_of_replications_begin_with_the_scenarios_own_and_differ()
    {
        Assert.That(Replication.Seed(5, 0), Is.EqualTo(5));
        Assert.That(Enumerable.Range(0, 1000).SelectMany(replication => new[] { Replication.Seed(1, replication), Replication.Seed(2, replication) }).Distinct().Count(), Is.EqualTo(2000));
    }

    [Test]
    public void One_replication_is_the_run_that_was_always_made()
    {
        var rows = Rows(loop, "underbridge on sel4");
        Assert.That(Rows(loop with { Replications = 1 }, "underbridge on sel4"), Is.EqualTo(rows));
        Assert.That(rows.Select(row => row.Metric), Is.EqualTo(new[] { Metrics.Throughput, Metrics.Response, Metrics.LockWait, Metrics.Ipi, Metrics.Idle }));
    }

    [Test]
    public void Without_a_precision_every_replication_is_run_and_nothing_is_too_short()
    {
        var rows = Rows(loop with { Replications = 4 }, "underbridge on sel4");
        Assert.That(Row(rows, Metrics.Replications).Value, Is.EqualTo(4));
        Assert.That(rows.Select(row => row.Status), Has.None.EqualTo("too-short"));
        Assert.That(Row(rows, Metrics.Throughput).Low!.Value, Is.LessThan(Row(rows, Metrics.Throughput).Value));
    }

    [Test]
    public void A_precision_that_is_met_ends_the_replications_and_one_that_is_not_is_said()
    {
        var met = Rows(loop with { Replications = 100, Precision = 0.25 }, "underbridge on sel4");
        Assert.That(Row(met, Metrics.Replications).Value, Is.EqualTo(10));
        Assert.That(Row(met, Metrics.Throughput).Status, Is.Not.EqualTo("too-short"));
        var missed = Rows(loop with { Replications = 12, Precision = 0.0001 }, "underbridge on sel4");
        Assert.That(Row(missed, Metrics.Replications).Value, Is.EqualTo(12));
        Assert.That((Row(missed, Metrics.Throughput).Status, Row(missed, Metrics.Response).Status), Is.EqualTo(("too-short", "too-short")));
        Assert.That(Row(Rows(loop with { Precision = 0.0001 }, "underbridge on sel4"), Metrics.Throughput).Status, Is.EqualTo("too-short"), "one run");
    }

    [Test]
    public void A_ratio_of_systems_on_the_same_streams_is_narrower_than_either()
    {
        var rows = Rows(loop with { Replications = 10 }, "sel4 with kpti", "underbridge on sel4");
        var (ratio, own) = (Row(rows, Metrics.Normalised), Row(rows, Metrics.Throughput));
        Assert.That(ratio.Value, Is.EqualTo(own.Value / Row(rows, Metrics.Throughput, "sel4").Value).Within(1e-9));
        Assert.That((ratio.High - ratio.Low)!.Value / ratio.Value, Is.LessThan(0.5 * (own.High - own.Low)!.Value / own.Value));
        Assert.That(ratio.Low, Is.GreaterThan(1));
        Assert.That(ratio.Status, Is.Not.EqualTo("too-short"));
    }

    [Test]
    public void A_system_beside_one_that_is_as_fast_is_too_short_to_tell()
    {
        // On one core nobody waits for a lock, so that its grain does not matter.
        var alone = loop with { Replications = 3, Load = loop.Load with { Cores = 1 } };
        var ratio = Row(Rows(alone, "fine-lock on sel4", "big-lock on sel4"), Metrics.Normalised, "big-lock");
        Assert.That((ratio.Value, ratio.Status), Is.EqualTo((1, "too-short")));
    }
}
