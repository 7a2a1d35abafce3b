using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>Tornados against what the prices of paths say must come out.</summary>
public class TornadoTests
{
    static FigureRequest Ask(string metric, string system, string against = "", int samples = 0) =>
        new(FigureRequest.Tornado, "tornado", "tornado", against) { Metric = metric, System = system, Samples = samples };

    static Scenario Loop(params FigureRequest[] figures) => Shipped.Scenario("robustness") with { Figures = figures };

    static Scenario Trips(FigureRequest figure, KptiVariant variant = KptiVariant.Kpti) => Shipped.Scenario("ipc-roundtrip") with
    {
        Systems = [new SystemUnderTest(figure.System, "", variant, figure.System)], Figures = [figure],
    };

    static TornadoResult Run(Scenario scenario, int jobs = 2) => new ScenarioRunner(Shipped.Catalogue).Run(scenario, jobs).Tornados[0];

    // Of the four CR3 writes with KPTI, two are in the round trip without it that the residual was fitted to.
    [Test]
    public void A_price_moves_a_round_trip_only_as_often_as_the_run_it_was_fitted_beside_does_not_hold_it()
    {
        var tornado = Run(Trips(Ask(Metrics.RoundTrip, "sel4")));
        var price = Shipped.Xeon.Prices["cr3-write"];
        var bar = tornado.Bars.Single(bar => bar.Number.Name == "machine.cr3-write");
        Assert.That(tornado.Value, Is.EqualTo(1822));
        Assert.That(bar.AtLow, Is.EqualTo(1450 + 2 * price.Low).Within(1));
        Assert.That(bar.AtHigh, Is.EqualTo(1450 + 2 * price.High).Within(1));
    }

    // Of 64 lines a page.
    [TestCase("zircon-channel.schedule.code-pages=4", 300, 5)]
    [TestCase("zircon-channel.schedule.code-pages=6", 300, 6)]
    [TestCase("zircon-channel.schedule.code-lines=420", 420, 8)]
    [TestCase("zircon-channel.schedule.code-lines=420 zircon-channel.schedule.code-pages=4", 420, 7)]
    [TestCase("zircon-channel.schedule.code-lines=140 zircon-channel.schedule.code-pages=4", 140, 4)]
    public void A_footprint_has_no_fewer_pages_than_hold_its_lines(string moves, int lines, int pages)
    {
        var moved = Shipped.Catalogue.With(moves.Split(' ').Select(move => move.Split('=')).ToDictionary(move => move[0], move => double.Parse(move[1], System.Globalization.CultureInfo.InvariantCulture)));
        var footprint = moved.Paths["zircon-channel"].Footprints["schedule"];
        Assert.That((footprint.CodeLines.Value, footprint.CodePages.Value), Is.EqualTo((lines, pages)));
        Assert.That((footprint.DataLines, footprint.DataPages), Is.EqualTo((Shipped.Catalogue.Paths["zircon-channel"].Footprints["schedule"].DataLines, Shipped.Catalogue.Paths["zircon-channel"].Footprints["schedule"].DataPages)));
    }

    [Test]
    public void A_round_trip_that_was_fitted_stays_where_its_publication_put_it()
    {
        var tornado = Run(Trips(Ask(Metrics.RoundTrip, "sel4", samples: 5), KptiVariant.NoKpti));
        Assert.That(tornado.Bars, Is.Not.Empty);
        foreach (var bar in tornado.Bars) Assert.That((bar.AtLow, bar.AtHigh), Is.EqualTo((1450.0, 1450.0)).Within(1), bar.Number.Name);
        Assert.That((tornado.Together.Low, tornado.Together.High), Is.EqualTo((1450.0, 1450.0)).Within(1));
    }

    [Test]
    public void Bars_come_widest_first_each_of_a_number_with_a_range_that_was_not_fitted_and_all_together_reach_at_least_as_far()
    {
        var tornado = Run(Loop(Ask(Metrics.Request, "underbridge", "skybridge", samples: 3)));
        Assert.That(tornado.Bars.Select(bar => -bar.Width), Is.Ordered);
        Assert.That(tornado.Bars.Select(bar => bar.Number.Name), Is.Unique);
        foreach (var bar in tornado.Bars)
        {
            Assert.That(bar.Number.LowNumber, Is.LessThan(bar.Number.HighNumber), bar.Number.Name);
            Assert.That(bar.Number.Grade, Is.Not.EqualTo(Grade.Fitted), bar.Number.Name);
        }
        Assert.That(tornado.Together.Low, Is.LessThanOrEqualTo(tornado.Bars.Min(bar => Math.Min(bar.AtLow, bar.AtHigh))));
        Assert.That(tornado.Together.High, Is.GreaterThanOrEqualTo(tornado.Bars.Max(bar => Math.Max(bar.AtLow, bar.AtHigh))));
    }

    /// <summary>By the committed results, which are held to what the scenario gives.</summary>
    [Test]
    public void No_range_changes_who_is_faster_where_servers_call_servers()
    {
        var highest = File.ReadLines(Path.Combine(Shipped.Root, "plots", "robustness", "results.csv")).Select(line => line.Split(','))
            .Where(fields => fields[3] == TornadoResult.AllTogether).Select(fields => double.Parse(fields[10], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.That(highest, Has.Count.EqualTo(2));
        Assert.That(highest, Is.All.InRange(0.3, 0.9));
    }

    // 540 against 437 cycles: an app's call to UnderBridge enters the kernel with KPTI before the gate.
    [Test]
    public void An_app_that_calls_one_server_only_is_served_sooner_by_SkyBridge_over_every_range()
    {
        var alone = Loop(Ask(Metrics.Request, "underbridge", "skybridge"));
        var tornado = Run(alone with { Workload = (CallLoop)alone.Workload with { InnerCalls = 0 } });
        Assert.That(tornado.Together.Low, Is.GreaterThan(1));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_tornado()
    {
        var scenario = Loop(Ask(Metrics.Request, "skybridge", samples: 4));
        var (one, two) = (Run(scenario, jobs: 1), Run(scenario, jobs: 2));
        Assert.That(two.Bars, Is.EqualTo(one.Bars));
        Assert.That(two.Together, Is.EqualTo(one.Together));
    }

    [Test]
    public void The_catalogue_that_was_asked_stays_as_it_was()
    {
        var moved = Shipped.Catalogue.With(new Dictionary<string, double> { ["machine.cr3-write"] = 200, ["sel4-fastpath.kernel.code-lines"] = 30.4 });
        Assert.That(moved.Machines["xeon-gold-6138"].Prices["cr3-write"].Value, Is.EqualTo(200));
        Assert.That(moved.Paths["sel4-fastpath"].Footprints["kernel"].CodeLines.Value, Is.EqualTo(30));
        Assert.That((Shipped.Xeon.Prices["cr3-write"].Value, Shipped.Catalogue.Paths["sel4-fastpath"].Footprints["kernel"].CodeLines.Value), Is.EqualTo((186.0, 26)));
    }

    static Scenario At(string name, FigureRequest figure, params string[] settings) => Shipped.Scenario(name, settings) with { Figures = [figure] };

    static double Alone(Scenario scenario, FigureRequest figure) =>
        Run(scenario with { Figures = [figure with { Samples = 0 }] }).Value;

    static TornadoBar BarOf(TornadoResult tornado, string number) => tornado.Bars.Single(bar => bar.Number.Name == number);

    [TestCase("domain-budget", Metrics.Throughput, "multiplexing", "user-space", "24", "machine.pte-write")]
    [TestCase("deprivation", Metrics.AddedCost, "deprived-exit", "deprived-checks", "30", "machine.vm-exit")]
    [TestCase("designs", Metrics.UpdateByApps, "servers-in-apps", "underbridge", "16", "machine.pte-write")]
    public void At_a_point_a_bar_ends_where_the_scenario_comes_with_the_number_set_by_hand(string name, string metric, string system, string against, string at, string number)
    {
        var figure = Ask(metric, system, against) with { At = at, Units = name == "designs" ? 0 : 40 };
        var bar = BarOf(Run(At(name, figure)), number);
        Assert.That(bar.Width, Is.GreaterThan(0));
        Assert.That(bar.AtLow, Is.EqualTo(ByHand(name, figure, number, bar.Number.LowNumber)).Within(1e-9));
        Assert.That(bar.AtHigh, Is.EqualTo(ByHand(name, figure, number, bar.Number.HighNumber)).Within(1e-9));
    }

    // By the rows of an ordinary study of the point, without any tornado.
    static double ByHand(string name, FigureRequest figure, string number, double value)
    {
        var scenario = Shipped.Scenario(name, FormattableString.Invariant($"{number}={value}"));
        var point = TornadoPoint.Named(scenario, figure)!;
        var rows = UnderBridge.Sim.Reports.StudyRows.Of(new ScenarioRunner(Shipped.Catalogue).Run(point.Alone(scenario, figure) with { Figures = [] }, jobs: 2));
        double Of(string system) => rows.Single(row => row.System == system && row.Metric == figure.Metric).Value;
        return Of(figure.System) / Of(figure.Against);
    }

    [Test]
    public void A_tornado_of_a_point_starts_from_the_value_that_the_committed_results_have_there()
    {
        var figure = Ask(Metrics.UpdateByApps, "servers-in-apps") with { At = "16" };
        var row = File.ReadLines(Path.Combine(Shipped.Root, "plots", "designs", "results.csv")).Select(line => line.Split(','))
            .Single(fields => fields[0] == figure.System && fields[3] == figure.At && fields[4] == figure.Metric);
        Assert.That(Alone(Shipped.Scenario("designs"), figure), Is.EqualTo(double.Parse(row[6], System.Globalization.CultureInfo.InvariantCulture)).Within(1e-6));
    }

    [TestCase("domain-budget", "multiplexing.remapping")]
    [TestCase("domain-budget", "service.call")]
    [TestCase("domain-budget", "machine.pte-write")]
    [TestCase("deprivation", "memory-manager.privileged.rare")]
    [TestCase("deprivation", "file-server.work")]
    [TestCase("deprivation", "deprived-checks.checks")]
    [TestCase("designs", "machine.pte-write")]
    [TestCase("hardened-monolith", "machine.wrpkru")]
    public void Numbers_that_a_scenario_rests_on_are_in_its_committed_tornado(string scenario, string number)
    {
        var rows = File.ReadLines(Path.Combine(Shipped.Root, "plots", scenario, "results.csv")).Select(line => line.Split(',')).Where(fields => fields[4].StartsWith("tornado.", StringComparison.Ordinal));
        Assert.That(rows.Count(fields => fields[3] == number), Is.EqualTo(1));
    }

    [Test]
    public void Numbers_of_designs_kernels_and_services_move_too()
    {
        string[] names = ["migration.remapping", "deprived-rewrite.patch", "deprived-checks.checks", "network.work", "network.calls.driver", "network.privileged.frequent"];
        var moved = Shipped.Catalogue.With(names.ToDictionary(name => name, _ => 7.0));
        var network = moved.Programs["network"].Service!;
        double?[] values =
        [
            moved.Designs["migration"].Remapping?.Value, moved.Designs["deprived-rewrite"].Deprivation!.Patch?.Value, moved.Designs["deprived-checks"].Deprivation!.Checks?.Value,
            network.Work.Value, network.Calls.Single().Value.Value, network.Privileged[UnderBridge.Sim.Systems.PrivilegedClass.Frequent].Value,
        ];
        Assert.That(values, Is.All.EqualTo(7.0));
        var residual = Shipped.Catalogue.Kernels["sel4-2018"].Residuals[0].ByMachine.Values.First();
        Assert.That(Shipped.Catalogue.With(new Dictionary<string, double> { [residual.Name] = 7 }).Kernels["sel4-2018"].Residuals[0].ByMachine.Values.First().Value, Is.EqualTo(7.0));
    }
}
