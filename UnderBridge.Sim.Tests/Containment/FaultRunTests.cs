using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests.Containment;

/// <summary>A server that crashes or hangs while it and another are loaded.</summary>
public class FaultRunTests
{
    static readonly FaultLoad load = new(Rate: 50_000, Work: 4000, Before: 1, After: 2, Bins: 30);

    static readonly RecoveryPrices prices = Shipped.Catalogue.Recovery;

    static FaultTrial Run(string system, ServerFault kind = ServerFault.Crash, int seed = 1, Assumptions broken = Assumptions.None) =>
        new FaultRun(Bench.Spec(system, variant: system is "underbridge" or "erim" or "servers-in-apps" ? KptiVariant.Default : KptiVariant.Kpti), AuditTests.Programs, prices, load, kind, seed, broken).Run();

    static double Milliseconds(double cycles) => 1000 * cycles / Shipped.Xeon.Tsc.Hertz;

    [TestCase("underbridge")]
    [TestCase("sel4")]
    [TestCase("zircon")]
    public void Where_a_server_is_fenced_off_it_dies_alone_and_the_other_goes_on(string system)
    {
        var trial = Run(system);
        Assert.That(trial.Survivors, Is.EqualTo(1));
        Assert.That(Outage(trial.Answered), Is.Zero, "nobody is answered while it is loaded anew");
        Assert.That(Outage(trial.AnsweredElsewhere), Is.GreaterThan(0.5));
        Assert.That(trial.Answered.Skip(20).Average(), Is.GreaterThan(0.7), "it answers again");
    }

    // The second bin after the fault, from 0.1 to 0.2 ms.
    static double Outage(IReadOnlyList<double> bins) => bins[11];

    [Test]
    public void In_design_1_the_servers_fall_together_and_in_design_2_the_app_that_called_too()
    {
        var one = new FaultRun(Bench.Spec("server-process", "sel4", KptiVariant.Kpti), AuditTests.Programs, prices, load, ServerFault.Crash, seed: 1).Run();
        Assert.That((one.Survivors, Run("servers-in-apps").Survivors), Is.EqualTo((2 / 3.0, 1 / 3.0)));
        Assert.That(one.AnsweredElsewhere[11], Is.Zero, "the other server is loaded anew too");
    }

    [Test]
    public void A_monolith_dies_as_a_whole_and_reboots()
    {
        var trial = Run("monolithic");
        Assert.That((trial.Survivors, trial.Recovery), Is.EqualTo((0, 1000 * prices.Reboot.Value)));
        Assert.That(trial.Answered.Skip(11).Concat(trial.AnsweredElsewhere.Skip(11)), Is.All.Zero);
        Assert.That(trial.Lost, Is.EqualTo(2 * load.Rate * prices.Reboot.Value).Within(0.1).Percent);
    }

    [Test]
    public void The_domains_of_one_process_die_together_and_take_longer_to_load()
    {
        var (shared, own) = (Run("erim"), Run("underbridge"));
        Assert.That(shared.Survivors, Is.Zero);
        Assert.That(shared.AnsweredElsewhere[11], Is.Zero);
        Assert.That(shared.Recovery, Is.GreaterThan(2 * own.Recovery).And.LessThan(10 * own.Recovery));
        Assert.That(shared.Lost, Is.GreaterThan(own.Lost));
    }

    // Two programs' pages are in the catalogue: 3 + 1 of code, 3 + 8 of data; one connection comes to it.
    [Test]
    public void Recovery_takes_what_its_parts_cost_and_the_turns_of_others()
    {
        var pages = AuditTests.Programs.Victim is var program ? program.StubCodePages.Value + program.StubDataPages.Value + (int)Math.Ceiling(program.CodeKib.Value / 4) + (int)Math.Ceiling(program.DataKib.Value / 4) : 0;
        var parts = prices.Domain.Value + pages * prices.Page.Value + prices.Connection.Value + prices.Init.Value;
        var recovery = Run("underbridge").Recovery;
        Assert.That(recovery, Is.GreaterThan(Milliseconds(parts)).And.LessThan(1.5 * Milliseconds(parts)));
    }

    [Test]
    public void A_hang_is_noticed_by_the_watchdog_and_others_get_their_turns_meanwhile()
    {
        foreach (var system in new[] { "underbridge", "sel4" })
        {
            var trial = Run(system, ServerFault.Hang);
            Assert.That(Milliseconds(trial.Detected!.Value), Is.EqualTo(prices.Watchdog.Value).Within(1e-6), system);
            Assert.That(trial.Recovery, Is.GreaterThan(prices.Watchdog.Value).And.LessThan(prices.Watchdog.Value + 2), system);
            Assert.That(trial.AnsweredElsewhere.Skip(12).Sum(), Is.GreaterThan(0), system);
        }
    }

    [Test]
    public void A_hang_in_a_monolith_or_without_the_monitor_stops_everybody()
    {
        foreach (var trial in new[] { Run("monolithic", ServerFault.Hang), Run("underbridge", ServerFault.Hang, broken: Assumptions.MonitorCorrect) })
        {
            Assert.That((trial.Survivors, trial.Detected), Is.EqualTo((0, (double?)null)));
            Assert.That(trial.AnsweredElsewhere.Skip(11), Is.All.Zero);
            Assert.That(trial.Recovery, Is.EqualTo(1000 * (prices.KernelWatchdog.Value + prices.Reboot.Value)));
        }
    }

    [Test]
    public void Nobody_is_answered_twice_and_nobody_is_forgotten()
    {
        for (var seed = 1; seed <= 5; seed++)
            foreach (var system in new[] { "underbridge", "erim", "sel4" })
            {
                var trial = Run(system, seed: seed);
                var width = 3e-3 / load.Bins;
                var answered = (trial.Answered.Sum() + trial.AnsweredElsewhere.Sum()) * load.Rate * width;
                // 300 requests arrive on average in the three milliseconds of the window; their number scatters by 17.
                Assert.That(answered + trial.Lost, Is.EqualTo(300).Within(90), $"{system}, seed {seed}");
            }
    }

    [Test]
    public void A_fault_repeats_to_the_cycle_and_differs_by_seed()
    {
        static string Told(FaultTrial trial) => $"{trial.Recovery} {trial.Lost} {string.Join(' ', trial.Answered)}";
        var (once, again, other) = (Told(Run("sel4")), Told(Run("sel4")), Told(Run("sel4", seed: 2)));
        Assert.That(again, Is.EqualTo(once));
        Assert.That(other, Is.Not.EqualTo(once));
    }
}
