using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests;

/// <summary>Servers beyond the memory domains, and policies under a load that shifts.</summary>
public class ServicesTests
{
    static IReadOnlyList<Observation> Run(string scenario, int[] servers, params string[] settings)
    {
        var asked = Shipped.Scenario(scenario, settings);
        asked = asked with { Workload = (Services)asked.Workload with { Servers = servers } };
        return new ScenarioRunner(Shipped.Catalogue).Run(asked, jobs: 1).Observations;
    }

    static double Value(IReadOnlyList<Observation> observations, string system, string metric, string point) =>
        observations.Single(one => one.System.System == system).Readings.Single(reading => (reading.Metric, reading.Point) == (metric, point)).Value.Value;

    [Test]
    public void Up_to_fifteen_servers_all_are_in_the_kernel_whatever_happens_beyond_and_nothing_moves()
    {
        var seen = Run("domain-budget", [6, 15], "workload.warm-up=50", "workload.requests=200");
        foreach (var point in new[] { "6", "15" })
        {
            Assert.That(Value(seen, "migration", Metrics.Throughput, point), Is.EqualTo(Value(seen, "multiplexing", Metrics.Throughput, point)), "to the cycle");
            Assert.That(Value(seen, "user-space", Metrics.Throughput, point) / Value(seen, "migration", Metrics.Throughput, point), Is.InRange(0.4, 0.7));
            Assert.That(Value(seen, "migration", Metrics.Migrations, point) + Value(seen, "multiplexing", Metrics.KeyExchanges, point), Is.Zero);
        }
    }

    [Test]
    public void With_a_sixteenth_server_keys_change_hands_and_all_systems_still_do_the_same_work()
    {
        var seen = Run("domain-budget", [16], "workload.warm-up=100", "workload.requests=300");
        Assert.That(Value(seen, "multiplexing", Metrics.KeyExchanges, "16"), Is.InRange(5, 300));
        var work = seen.Select(one => (one.ByCause[Cause.WorkApp], one.ByCause[Cause.WorkServer])).Distinct().ToList();
        Assert.That(work, Is.EqualTo(new[] { (300 * 750L, 300 * 4 * 750L) }), "the same stream for all");
    }

    [Test]
    public void Beyond_the_budget_migration_is_ahead_and_dear_page_tables_bring_multiplexing_below_user_space()
    {
        string[] small = ["workload.warm-up=400", "workload.requests=400"];
        var seen = Run("domain-budget", [40], [.. small, "machine.pte-write=60"]);
        var (migration, multiplexing, user) = (Value(seen, "migration", Metrics.Throughput, "40"), Value(seen, "multiplexing", Metrics.Throughput, "40"), Value(seen, "user-space", Metrics.Throughput, "40"));
        Assert.That((migration / user, multiplexing / user), Is.EqualTo((1.3, 0.8)).Using<(double, double), (double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.1 && Math.Abs(a.Item2 - b.Item2) < 0.15));
        var cheap = Run("domain-budget", [40], [.. small, "machine.pte-write=5", "machine.tlb-flush=746"]);
        Assert.That(Value(cheap, "multiplexing", Metrics.Throughput, "40"), Is.GreaterThan(user));
    }

    [Test]
    public void A_flush_that_another_core_must_hear_of_costs_an_IPI_more()
    {
        string[] small = ["workload.warm-up=50", "workload.requests=200"];
        var (alone, told) = (Run("domain-budget", [20], small), Run("domain-budget", [20], [.. small, "workload.other-cores=3"]));
        Observation Multiplexing(IReadOnlyList<Observation> seen) => seen.Single(one => one.System.System == "multiplexing");
        var exchanges = Value(alone, "multiplexing", Metrics.KeyExchanges, "20");
        Assert.That(exchanges, Is.GreaterThan(10));
        Assert.That(Value(told, "multiplexing", Metrics.KeyExchanges, "20"), Is.EqualTo(exchanges));
        Assert.That(Multiplexing(told).ByCause[Cause.Ipi] - Multiplexing(alone).ByCause[Cause.Ipi], Is.EqualTo(exchanges * (1913 + 960 + 109)).Within(1));
    }

    [Test]
    public void Under_a_load_that_shifts_policies_beat_none_and_foresight_beats_them_by_little()
    {
        var seen = Run("migration-policies", [48], "workload.warm-up=800", "workload.requests=2400", "workload.shift-every=800", "workload.windows=6");
        double Of(string system) => Value(seen, system, Metrics.Throughput, "48");
        Assert.That(Of("migration") / Of("migration-static"), Is.InRange(1.03, 1.5));
        Assert.That(Of("migration-oracle") / Of("migration"), Is.InRange(0.995, 1.1));
        Assert.That(Of("migration-oracle") / Of("migration-cost-aware"), Is.InRange(0.995, 1.1));
        Assert.That(Value(seen, "migration-static", Metrics.Migrations, "48"), Is.Zero);
        var windows = seen[1].Readings.Where(reading => reading.Metric == Metrics.WindowMigrations).Select(reading => reading.Value.Value).ToList();
        Assert.That(windows.Sum(), Is.EqualTo(Value(seen, "migration", Metrics.Migrations, "48")), "the windows cover the run");
        Assert.That(windows, Has.Count.EqualTo(6));
    }

    [Test]
    public void The_points_of_the_results_are_the_numbers_of_servers_alone()
    {
        var asked = Shipped.Scenario("domain-budget", "workload.warm-up=10", "workload.requests=40");
        var study = new ScenarioRunner(Shipped.Catalogue).Run(asked with { Workload = (Services)asked.Workload with { Servers = [1, 2, 17] } }, jobs: 2);
        var rows = StudyRows.Of(study, Shipped.Catalogue).Where(row => row.Metric == Metrics.Throughput);
        Assert.That(rows.Select(row => (row.System, row.Point)), Is.EqualTo(
            from system in new[] { "migration", "multiplexing", "user-space" } from point in new[] { "1", "2", "17" } select (system, point)));
        Assert.That(rows.All(row => row is { Low: > 0, RangeLow: > 0 } && row.RangeHigh > row.Value), Is.True);
    }

    [Test]
    public void A_run_without_warm_up_is_measured_from_its_first_request()
    {
        var seen = Run("migration-policies", [16], "workload.warm-up=0", "workload.requests=100", "workload.windows=5");
        Assert.That(seen.Select(one => one.Units.Count).Distinct(), Is.EqualTo(new[] { 100 }));
        Assert.That(seen[0].Readings.Count(reading => reading.Metric == Metrics.WindowThroughput), Is.EqualTo(5));
    }

    [Test]
    public void SkyBridge_has_an_EPT_view_for_each_of_many_servers()
    {
        var seen = Study.Compare("xeon-gold-6138", ["skybridge on sel4", "sel4"], new Services { Servers = [8, 40], WarmUp = 50, Requests = 200 }, new() { Catalogue = Shipped.Catalogue }).Observations;
        foreach (var point in new[] { "8", "40" })
            Assert.That(Value(seen, "skybridge", Metrics.Throughput, point) / Value(seen, "sel4", Metrics.Throughput, point), Is.InRange(1.1, 3), point);
    }
}
