using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>A client, its server and the server behind it, on one core.</summary>
public class CallLoopTests
{
    static Observation Observe(string system, KptiVariant variant, CallLoop loop, params Setting[] settings)
    {
        var scenario = Shipped.Scenario("robustness") with { Systems = [new SystemUnderTest(system, system == "sel4" ? "" : "sel4", variant, system)], Workload = loop, Settings = settings, Figures = [] };
        return new ScenarioRunner(Shipped.Catalogue).Run(scenario, jobs: 1).Observations[0];
    }

    static double Reading(Observation observation, string metric) => observation.Readings.Single(reading => reading.Metric == metric).Value.Value;

    static readonly CallLoop brief = new() { WarmUp = 100, Requests = 100, ClientKib = 8, ServerKib = 8 };

    [Test]
    public void Each_inner_call_of_UnderBridge_costs_a_gate_and_its_work()
    {
        var (none, five) = (Observe("underbridge", KptiVariant.Default, brief), Observe("underbridge", KptiVariant.Default, brief with { InnerCalls = 5 }));
        var each = (five.Units.Average() - none.Units.Average()) / 5;
        // 109 of the gate, 1000 of work, and what more servers push out of the caches of the others.
        Assert.That(each, Is.InRange(1109, 1109 + 120));
        Assert.That(five.Ipcs, Is.EqualTo(6 * 100));
    }

    [Test]
    public void Pollution_by_pair_adds_up_to_all_of_it_and_to_what_the_ledger_booked()
    {
        var seen = Observe("sel4", KptiVariant.Kpti, brief with { ClientKib = 1024 });
        var pairs = Metrics.Parties.SelectMany(victim => Metrics.Parties.Select(culprit => Reading(seen, Metrics.PollutionOf(victim, culprit)))).Sum();
        Assert.That(pairs, Is.EqualTo(Reading(seen, Metrics.Pollution)).Within(1e-6));
        var booked = seen.ByCause[Observations.Cause.TlbPollution] + seen.ByCause[Observations.Cause.CachePollution];
        Assert.That(Reading(seen, Metrics.Pollution) * 100, Is.EqualTo(booked).Within(1));
    }

    [Test]
    public void Without_PCID_the_kernel_is_to_blame_for_most_of_what_client_and_server_lose()
    {
        var without = new Setting("kernel.pcid", "false", "");
        var (tagged, flushed) = (Observe("sel4", KptiVariant.NoKpti, brief), Observe("sel4", KptiVariant.NoKpti, brief, without));
        Assert.That(Reading(tagged, Metrics.PollutionOf("client", "ipc")), Is.LessThan(20));
        Assert.That(Reading(flushed, Metrics.PollutionOf("client", "ipc")), Is.GreaterThan(200));
        Assert.That(Reading(flushed, Metrics.IpcShare), Is.GreaterThan(Reading(tagged, Metrics.IpcShare) + 5));
    }

    [Test]
    public void VMFUNC_flushes_nothing_with_or_without_PCID()
    {
        var without = Observe("skybridge", KptiVariant.Default, brief, new Setting("kernel.pcid", "false", ""));
        Assert.That(without.Units, Is.EqualTo(Observe("skybridge", KptiVariant.Default, brief).Units));
    }

    [Test]
    public void A_request_has_the_range_of_its_prices()
    {
        var request = Observe("sel4", KptiVariant.Kpti, brief).Readings.Single(reading => reading.Metric == Metrics.Request);
        var price = Shipped.Xeon.Prices["cr3-write"];
        // The two writes that KPTI adds are not in what the residual was fitted to.
        Assert.That(request.Range!.Value.Low, Is.InRange(request.Value.Value - 2 * (price.Value - price.Low) - 40, request.Value.Value - 2 * (price.Value - price.Low)));
        Assert.That(request.Range!.Value.High, Is.InRange(request.Value.Value + 2 * (price.High - price.Value), request.Value.Value + 2 * (price.High - price.Value) + 60));
    }
}
