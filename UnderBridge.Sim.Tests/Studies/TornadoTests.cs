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

    static TornadoResult Run(Scenario scenario, int jobs = 2) => new Study(Shipped.Catalogue).Run(scenario, jobs).Tornados[0];

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
}
