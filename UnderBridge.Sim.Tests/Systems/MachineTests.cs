using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Systems of the catalogue on each of its machines.</summary>
public class MachineTests
{
    static IEnumerable<string> Machines => Shipped.Catalogue.Machines.Keys;

    static SystemSpec Spec(string machine, string system, KptiVariant variant = KptiVariant.Default, params Setting[] settings)
    {
        var scenario = Shipped.Scenario("ipc-roundtrip") with { Machine = machine, Settings = settings };
        return SystemResolver.Resolve(ResolvedScenario.Of(scenario, Shipped.Catalogue), new SystemUnderTest(system, "", variant, system), Shipped.Catalogue);
    }

    [TestCaseSource(nameof(Machines))]
    public void Every_system_runs_on_a_machine_or_takes_a_step_that_its_CPU_lacks(string machine)
    {
        foreach (var system in new[] { "monolithic", "underbridge", "skybridge", "sel4", "fiasco", "zircon" })
        {
            var spec = Spec(machine, system);
            var faults = spec.Verify();
            if (faults.Count == 0) Assert.That(Bench.ServerRoundTrip(spec).Cycles, Is.InRange(20, 20_000), system);
            else Assert.That(faults.Select(fault => fault.Reason).Distinct(), Is.EqualTo(new[] { $"{machine} has no price '{(system == "skybridge" ? "vmfunc" : "wrpkru")}'" }));
        }
    }

    [TestCase("i7-6700", "underbridge", false)]
    [TestCase("i7-12700h", "underbridge", true)]
    [TestCase("ryzen-7950x", "underbridge", true)]
    [TestCase("ryzen-7950x", "skybridge", false)]
    [TestCase("i7-4770", "skybridge", true)]
    public void Keys_and_views_run_where_the_CPU_has_them(string machine, string system, bool runs) =>
        Assert.That(Spec(machine, system).Verify().Count == 0, Is.EqualTo(runs));

    [Test]
    public void A_price_that_the_CPU_lacks_can_be_set_to_ask_what_if_it_had_the_instruction()
    {
        var spec = Spec("i7-6700", "underbridge", settings: new Setting("machine.wrpkru", "30", ""));
        Assert.That(Bench.ServerRoundTrip(spec).Cycles, Is.EqualTo(2 * (30 + 26.5)));
        Assert.That(spec.Machine.Prices["wrpkru"].Source.Key, Is.EqualTo("user"));
    }

    // seL4's own benchmark of 2026 publishes both; the price of a CR3 write comes from its null system call, the logic from the numbers without KPTI.
    [Test]
    public void SeL4_with_KPTI_on_its_own_machine_is_predicted_within_three_percent()
    {
        var (published, cycles) = (Shipped.Catalogue.Bibliography.Published["sel4bench-round-trip-kpti"].Value, Bench.ServerRoundTrip(Spec("i7-6700", "sel4-2026", KptiVariant.Kpti)).Cycles);
        Assert.That(cycles, Is.EqualTo(505 + 356 + 4 * 231));
        Assert.That(cycles / published, Is.InRange(1.02, 1.03));
    }
}
