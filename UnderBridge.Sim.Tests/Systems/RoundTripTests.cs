using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests;

/// <summary>The round trips of scenarios/ipc-roundtrip.yaml, to the cycle.</summary>
public class RoundTripTests
{
    static readonly IReadOnlyList<(string Bar, double Cycles)> AsShipped =
    [
        ("Monolithic", 24),
        ("ChCore (UnderBridge)", 109),
        ("SkyBridge", 437),
        ("seL4", 1450),
        ("seL4 w/ KPTI", 1822),
        ("Fiasco.OC", 3057),
        ("Fiasco.OC w/ KPTI", 4101),
        ("Zircon", 8151),
    ];

    static readonly Lazy<IReadOnlyList<Observation>> Shipped = new(() => Run());

    static IReadOnlyList<Observation> Run(params string[] settings) =>
        new ScenarioRunner(Tests.Shipped.Catalogue).Run(Tests.Shipped.Scenario("ipc-roundtrip", settings), jobs: 1).Observations;

    static IReadOnlyList<(string, double)> Bars(IReadOnlyList<Observation> observations) =>
        [.. observations.Select(observation => (observation.System.Label, (double)observation.Cycles / observation.Units.Count))];

    static double Of(IReadOnlyList<Observation> observations, string bar) => Bars(observations).Single(one => one.Item1 == bar).Item2;

    [Test]
    public void The_eight_round_trips_are_what_the_model_says_to_the_cycle() => Assert.That(Bars(Shipped.Value), Is.EqualTo(AsShipped));

    [Test]
    public void A_round_trip_is_as_long_as_the_one_before_it_but_for_the_rounding_of_its_legs()
    {
        foreach (var observation in Shipped.Value)
            Assert.That(observation.Units.Max() - observation.Units.Min(), Is.LessThanOrEqualTo(1), observation.System.Label);
    }

    // A gate's leg costs 54.5: the first is booked as 55, the second as 54.
    [Test]
    public void Half_cycles_are_carried_from_leg_to_leg() =>
        Assert.That(Shipped.Value.Single(one => one.System.System == "underbridge").Units, Is.All.EqualTo(109));

    [Test]
    public void The_causes_of_a_run_add_up_to_the_time_that_passed()
    {
        foreach (var observation in Shipped.Value)
        {
            Assert.That(observation.Cycles, Is.EqualTo(observation.Units.Sum()), observation.System.Label);
            Assert.That(observation.ByNumber.Sum(share => share.Cycles), Is.EqualTo((double)observation.Cycles).Within(1.001), observation.System.Label);
        }
    }

    // A leg without KPTI refills four user pages: the first walk reads all four levels, the next begins a new page table (PDE and PTE), the others
    // read their PTE. With KPTI kernel pages come to them, and tables of two halves.
    [TestCase("Monolithic", 0, 0)]
    [TestCase("ChCore (UnderBridge)", 0, 0)]
    [TestCase("SkyBridge", 0, 0)]
    [TestCase("seL4", 0, 0)]
    [TestCase("seL4 w/ KPTI", 0, 0)]
    [TestCase("Fiasco.OC", 2 * 4, 2 * (4 + 2 + 1 + 1))]
    [TestCase("Fiasco.OC w/ KPTI", 28, 44)]
    [TestCase("Zircon", 2 * 4, 2 * (4 + 2 + 1 + 1))]
    public void A_warm_round_trip_is_its_step_prices_and_the_walks_for_what_flushes_drop(string bar, int pages, int references)
    {
        var observation = Shipped.Value.Single(one => one.System.Label == bar);
        var program = StepProgram.Compile(observation.Spec.ServerPath, observation.Spec.Kernel.Features, observation.Spec.Machine, new Provenance(), footprints: null);
        var trips = observation.Units.Count;
        var refills = observation.ByCause[Cause.TlbRefill] + observation.ByCause[Cause.TlbPollution];
        Assert.That(refills, Is.EqualTo((pages * 25 + references * 4) * trips), "25 cycles a walk, and 4 a reference that hits the first level");
        Assert.That(observation.Stalls, Is.EqualTo(refills), "nothing leaves the caches of an idle machine");
        Assert.That(observation.Cycles - observation.Stalls, Is.EqualTo(program.RoundTripPrice * trips).Within(1));
    }

    // 3057 holds 264 of refill, because each of its CR3 writes flushes. With PCID none does: what KPTI leaves is two more CR3 writes and two
    // syncs of page tables.
    [Test]
    public void With_PCID_Fiasco_under_KPTI_loses_every_refill_and_pays_the_steps_of_KPTI_only()
    {
        var fiasco = Run("kernel.pcid=true").Single(one => one.System.Label == "Fiasco.OC w/ KPTI");
        Assert.That(fiasco.Stalls, Is.Zero);
        Assert.That((double)fiasco.Cycles / fiasco.Units.Count, Is.EqualTo(3057 - 264 + 2 * 186 + 2 * 30));
    }

    [TestCase("machine.wrpkru=128", "ChCore (UnderBridge)")]
    [TestCase("machine.vmfunc=234", "SkyBridge")]
    public void A_price_moves_the_design_that_pays_it_twice_and_no_other(string setting, string bar)
    {
        var expected = AsShipped.Select(one => one.Bar == bar ? (one.Bar, one.Cycles + 200) : one);
        Assert.That(Bars(Run(setting)), Is.EqualTo(expected));
    }

    [Test]
    public void A_dearer_CR3_write_moves_each_kernel_by_its_number_of_writes() =>
        Assert.That(Bars(Run("machine.cr3-write=286")).Zip(AsShipped, (now, before) => (before.Bar, now.Item2 - before.Cycles)), Is.EqualTo(new[]
        {
            ("Monolithic", 0.0), ("ChCore (UnderBridge)", 0), ("SkyBridge", 0), ("seL4", 200), ("seL4 w/ KPTI", 400), ("Fiasco.OC", 200), ("Fiasco.OC w/ KPTI", 400), ("Zircon", 200),
        }));

    [Test]
    public void Servers_of_UnderBridge_call_each_other_at_one_price_with_and_without_KPTI() =>
        Assert.That(Of(Run("kernel.kpti=false"), "ChCore (UnderBridge)"), Is.EqualTo(109));

    [Test]
    public void Where_the_memory_lies_does_not_matter_to_a_warm_loop()
    {
        foreach (var seed in new[] { 2, 3, 1234567 })
        {
            var scenario = Tests.Shipped.Scenario("ipc-roundtrip") with { Seed = seed };
            Assert.That(Bars(new ScenarioRunner(Tests.Shipped.Catalogue).Run(scenario, jobs: 1).Observations), Is.EqualTo(AsShipped), $"seed {seed}");
        }
    }
}
