using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Containment;

/// <summary>Five apps and servers and the kernel make 25 ordered pairs; each can be learned from, changed and stopped.</summary>
public class IsolationScoreTests
{
    static readonly ResolvedScenario scenario = ResolvedScenario.Of(Shipped.Scenario("both-ends"), Shipped.Catalogue);

    static IsolationScore Score(string system, KptiVariant variant = KptiVariant.Default, string machine = "xeon-gold-6138") =>
        IsolationScore.Of(Casting.Of(scenario with { Machine = Shipped.Catalogue.Machines[machine] }, new SystemUnderTest(system, "", variant, system), Shipped.Catalogue));

    static double Percent(int pairs) => 100 * pairs / 25.0;

    // Three servers in the kernel harm all five others in every way; the two apps harm nobody.
    [Test]
    public void In_a_monolith_only_the_apps_are_fenced_off() =>
        Assert.That(Score("monolithic").Value, Is.EqualTo(new Share(Percent(10), Percent(10), Percent(10))));

    [Test]
    public void Without_KPTI_the_apps_of_a_monolith_learn_what_is_in_the_kernel_and_its_servers() =>
        Assert.That(Score("monolithic", KptiVariant.NoKpti).Value, Is.EqualTo(new Share(Percent(2), Percent(10), Percent(10))));

    [TestCase("sel4")]
    [TestCase("fiasco")]
    [TestCase("zircon")]
    public void A_microkernel_with_KPTI_isolates_everybody_and_without_it_all_but_the_memory_of_the_kernel(string kernel)
    {
        Assert.That(Score(kernel, KptiVariant.Kpti).Value, Is.EqualTo(new Share(100, 100, 100)));
        Assert.That(Score(kernel, KptiVariant.NoKpti).Value, Is.EqualTo(new Share(Percent(20), 100, 100)));
    }

    // On this CPU keys do not keep a load from leaking; three servers in one page table with everybody.
    [Test]
    public void UnderBridge_changes_and_stops_nobody_but_its_servers_learn_past_keys_on_a_CPU_that_leaks()
    {
        var score = Score("underbridge");
        Assert.That((score.Value, score.WithoutLeaks), Is.EqualTo((new Share(Percent(10), 100, 100), new Share(100, 100, 100))));
        Assert.That(score.Needs, Is.EqualTo(Assumptions.NoUnguardedWrpkru | Assumptions.MonitorCorrect));
        Assert.That(score.Broken, Is.EqualTo(new Share(Percent(10), Percent(10), Percent(10))), "what is left is a monolith");
        Assert.That(Score("underbridge", machine: "i7-12700h").Value, Is.EqualTo(new Share(100, 100, 100)));
    }

    [Test]
    public void UnderBridge_without_KPTI_lies_open_to_every_app()
    {
        var score = Score("underbridge", KptiVariant.NoKpti);
        Assert.That(score.WithoutLeaks, Is.EqualTo(new Share(Percent(15), Percent(15), Percent(15))));
    }

    // One process: whoever faults ends it with all in it, but not the kernel.
    [Test]
    public void Domains_of_one_process_share_their_fate() =>
        Assert.That(Score("erim").WithoutLeaks, Is.EqualTo(new Share(100, 100, Percent(5))));

    [Test]
    public void Keys_of_supervisor_pages_keep_a_compartment_from_the_pages_of_apps_where_SMAP_stays_on()
    {
        var (pks, pku) = (Score("bulkhead"), Score("hardened"));
        Assert.That((pks.WithoutLeaks, pku.WithoutLeaks), Is.EqualTo((new Share(100, 100, 100), new Share(100, 100, 100))));
        Assert.That((pks.Value.Confidentiality, pku.Value.Confidentiality), Is.EqualTo((Percent(16), Percent(10))), "the three compartments learn of each other and the kernel; under PKU of apps too");
    }

    [Test]
    public void Breaking_an_assumption_or_a_CPU_never_isolates_better()
    {
        foreach (var system in new[] { "monolithic", "erim", "underbridge", "skybridge", "sel4" })
            foreach (var variant in new[] { KptiVariant.Kpti, KptiVariant.NoKpti })
            {
                var score = Score(system, variant);
                Assert.That(score.Broken.Mean, Is.LessThanOrEqualTo(score.Value.Mean), $"{system} {variant}");
                Assert.That(score.Value.Mean, Is.LessThanOrEqualTo(score.WithoutLeaks.Mean), $"{system} {variant}");
            }
    }

    [TestCase("underbridge", "SMEP and SMAP off, so the kernel's own bugs may run and touch user-accessible pages")]
    [TestCase("underbridge", "KPTI on")]
    [TestCase("underbridge", "servers in supervisor mode execute no privileged instruction: the monitor, or what stands in for it, is correct")]
    [TestCase("underbridge", "no WRPKRU or XRSTOR within reach of apps and servers but those that gates guard")]
    [TestCase("erim", "no WRPKRU or XRSTOR within reach of apps and servers but those that gates guard")]
    [TestCase("skybridge", "no VMFUNC within reach of apps and servers but those of trampolines")]
    public void An_audit_tells_what_a_design_takes_for_granted(string system, string need) => Assert.That(Needs(system), Does.Contain(need));

    [Test]
    public void A_microkernel_takes_nothing_but_the_kernel_for_granted_and_KPTI_where_loads_leak()
    {
        Assert.That(Needs("sel4", KptiVariant.NoKpti), Is.EqualTo(new[] { "the kernel is correct" }));
        Assert.That(Needs("sel4", KptiVariant.Kpti), Is.EqualTo(new[] { "the kernel is correct", "KPTI on" }));
    }

    static IReadOnlyList<string> Needs(string system, KptiVariant variant = KptiVariant.Default) =>
        new AuditStudy(Shipped.Catalogue).Of(scenario, new SystemUnderTest(system, "", variant, system)).Needs;

    [Test]
    public void Harm_spreads_through_whom_an_actor_can_change()
    {
        var cast = Casting.Of(scenario, new SystemUnderTest("underbridge", "", KptiVariant.Default, ""), Shipped.Catalogue);
        Actor Named(string name) => cast.All.Single(actor => actor.Name == name);
        Assert.That(IsolationScore.HarmsOf(cast)[Named("disk"), Named("echo")], Is.EqualTo(Harm.Leak));
        // The disk may write the file system's memory, and the file system the echo server's.
        foreach (var (by, to) in new[] { ("disk", "file-system"), ("file-system", "echo") })
            Named(by).Place!.Rights = Pkru.With(Named(by).Place!.Rights, Named(to).Place!.Key);
        var harms = IsolationScore.HarmsOf(cast);
        Assert.That(harms[Named("disk"), Named("echo")], Is.EqualTo(Harm.Leak | Harm.Read | Harm.Write | Harm.Stop));
        Assert.That(harms[Named("disk"), Named("kernel")], Is.EqualTo(Harm.Leak));
    }

    // Nothing is flushed where there is PCID, so one call is the sum of its two.
    [TestCase("underbridge", "", KptiVariant.Default)]
    [TestCase("monolithic", "", KptiVariant.Kpti)]
    [TestCase("skybridge", "", KptiVariant.Default)]
    public void An_app_s_call_that_takes_one_between_servers_costs_both(string name, string @base, KptiVariant variant)
    {
        var system = new SystemUnderTest(name, @base, variant, name);
        var both = new Scenario
        {
            Name = "x", Title = "x", Question = "x", Machine = "xeon-gold-6138", Systems = [system], Workload = new BothEnds { Loop = new PingPong { WarmUp = 50, RoundTrips = 50 } },
        };
        var observed = new ScenarioRunner(Shipped.Catalogue).Run(both, jobs: 1).Observations.Single();
        double Mean(string metric) => observed.Readings.Single(reading => reading.Metric == metric).Value.Value;
        var spec = Bench.Spec(name, @base, variant);
        Assert.That(Mean(Metrics.AppCall), Is.EqualTo(Bench.AppRoundTrip(spec).Cycles + Bench.ServerRoundTrip(spec).Cycles).Within(0.1));
        Assert.That(Mean(Metrics.RoundTrip), Is.EqualTo(Bench.ServerRoundTrip(spec).Cycles).Within(0.1));
    }
}
