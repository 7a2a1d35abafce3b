using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Apps that share one core: who runs when, and where every cycle goes.</summary>
public class ProcessorTests
{
    readonly List<string> said = [];
    Simulation environment = null!;
    Core core = null!;
    Processor processor = null!;

    [SetUp]
    public void Build()
    {
        environment = new Simulation();
        core = new Machine(Shipped.Xeon).Cores[0];
        processor = new Processor(environment, core);
        said.Clear();
    }

    IEnumerable<Event> App(string name, long arrival, long burst, long think, int bursts)
    {
        var dispatched = new Signal(environment);
        yield return environment.Hold(arrival);
        for (var i = 0; i < bursts; i++)
        {
            processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            var from = processor.Elapsed;
            core.Ledger.Charge(Cause.WorkApp, burst, number: 0);
            yield return processor.Spend();
            said.Add($"{name} {from}-{processor.Elapsed}");
            processor.Release();
            yield return environment.Hold(think);
        }
    }

    [Test]
    public void Two_apps_take_turns_in_the_order_in_which_they_became_ready()
    {
        environment.Process(App("A", arrival: 0, burst: 100, think: 30, bursts: 3));
        environment.Process(App("B", arrival: 10, burst: 50, think: 0, bursts: 3));
        environment.Run();
        // B is ready again at once, and waits behind A only while A is ready before it.
        Assert.That(said, Is.EqualTo(new[] { "A 0-100", "B 100-150", "A 150-250", "B 250-300", "A 300-400", "B 400-450" }));
    }

    [Test]
    public void The_time_in_which_nobody_is_ready_is_idle_and_the_ledger_holds_every_cycle()
    {
        environment.Process(App("A", arrival: 5, burst: 100, think: 1000, bursts: 2));
        environment.Process(App("B", arrival: 300, burst: 50, think: 0, bursts: 1));
        environment.Run();
        Assert.That(said, Is.EqualTo(new[] { "A 5-105", "B 300-350", "A 1105-1205" }));
        Assert.That((core.Ledger[Cause.WorkApp], core.Ledger[Cause.Idle], core.Ledger.Total), Is.EqualTo((250L, 5 + 195 + 755L, 1205L)));
    }

    [Test]
    public void Time_that_nobody_booked_is_found_out()
    {
        environment.Process(Cheat());
        Assert.That(() => environment.Run(), Throws.InvalidOperationException.With.Message.EqualTo("core 0: the ledger holds 10 cycles after 17"));

        IEnumerable<Event> Cheat()
        {
            var dispatched = new Signal(environment);
            processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            yield return environment.Hold(7);
            core.Ledger.Charge(Cause.WorkApp, 10, number: 0);
            yield return processor.Spend();
        }
    }

    [Test]
    public void Two_recorded_apps_run_on_one_core_and_their_calls_cost_what_they_cost_alone()
    {
        var system = new SimulatedSystem(Bench.Spec("underbridge"), seed: 1);
        var servers = system.AddServers(workScale: 1, (Bench.Echo, new Silence()));
        var calls = Enumerable.Repeat(new ReplayCall(Compute: 0, Server: 0, default, EndsOperation: true), 50).ToList();
        var apps = new[] { "A", "B" }.Select(name => new ReplayApp(system, Bench.Echo with { Name = name }, calls, servers, Bench.Echo.CodeKib, workScale: 1)).ToList();
        foreach (var app in apps) app.Run(_ => { });
        Assert.That(system.Core.Faults, Is.Empty);
        Assert.That(system.Core.Ledger.Total, Is.EqualTo(apps[1].OperationEnds[^1]));
        var alone = Bench.AppRoundTrip(Bench.Spec("underbridge")).Cycles;
        foreach (var app in apps) Assert.That(app.OperationEnds[^1] - app.OperationEnds[^2], Is.EqualTo(alone));
    }
}
