using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

public class DeadlockTests
{
    sealed class Forwards(int to) : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => [to];

        public void Plan(in ServerRequest request, ServerPlan plan) => plan.Call(to, request);
    }

    [TestCase("underbridge", "chcore")]
    [TestCase("user-space", "sel4")]
    public void Servers_that_call_each_other_in_a_ring_are_reported_with_who_waits_for_whom(string design, string kernel)
    {
        var system = new SimulatedSystem(Bench.Spec(design, kernel, Shipped.Catalogue.Kernels[kernel].Features), seed: 1);
        var servers = system.AddServers(1, [.. new[] { "files", "net", "disk" }.Select((name, i) => (Bench.Echo with { Name = name }, (IServerHandler)new Forwards((i + 1) % 3)))]);
        var app = system.AddApp(Bench.Echo with { Name = "app" });
        system.Connect(app, servers[0]);
        var deadlock = Assert.Throws<DeadlockException>(() => system.Run(system.Environment.Process(Calls())));
        Assert.That(deadlock!.Message, Is.EqualTo("deadlock: disk waits for files, which has not taken its call; app waits for files; files waits for net; net waits for disk"));

        IEnumerable<Event> Calls()
        {
            var dispatched = new Signal(system.Environment);
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            app.Start(system.Core);
            yield return app.Call(servers[0], default);
        }
    }

    [Test]
    public void A_recorded_app_reports_servers_that_call_each_other_as_any_process_does()
    {
        var system = new SimulatedSystem(Bench.Spec("underbridge"), seed: 1);
        var servers = system.AddServers(1, [.. new[] { "files", "net" }.Select((name, i) => (Bench.Echo with { Name = name }, (IServerHandler)new Forwards(1 - i)))]);
        var app = new ReplayApp(system, Bench.Echo with { Name = "app" }, [new ReplayCall(0, Server: 0, default, EndsOperation: true)], servers, Bench.Echo.CodeKib, workScale: 1);
        var deadlock = Assert.Throws<DeadlockException>(() => app.Run(_ => { }));
        Assert.That(deadlock!.Message, Is.EqualTo("deadlock: net waits for files, which has not taken its call; app waits for files; files waits for net"));
    }

    [Test]
    public void A_move_that_waits_for_a_server_that_never_answers_says_so_in_the_engines_report()
    {
        var system = new SimulatedSystem(Bench.Spec("migration", "sel4", Shipped.Catalogue.Kernels["sel4"].Features with { Kpti = true }), seed: 1);
        system.Environment.WatchForStalls();
        var servers = system.AddServers(1, [.. new[] { "files", "net" }.Select((name, i) => (Bench.Echo with { Name = name }, (IServerHandler)new Forwards(1 - i)))]);
        var app = system.AddApp(Bench.Echo with { Name = "app" });
        system.Connect(app, servers[0]);
        system.Environment.Process(Calls());
        Migration? migration = null;
        var deadlock = Assert.Throws<DeadlockException>(() => system.Run(system.Environment.Process(Moves())));
        Assert.That(deadlock!.Waits.Select(wait => (wait.Caller.Name, wait.Server.Name)), Is.EqualTo(new[] { ("net", "files"), ("app", "files"), ("files", "net") }));
        Assert.That(migration!.Outcome, Is.EqualTo(MigrationOutcome.Pending));
        Assert.That(system.Environment.Waiting().ToString(), Does.Contain("waits for files to finish a call"));

        IEnumerable<Event> Calls()
        {
            var dispatched = new Signal(system.Environment);
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            app.Start(system.Core);
            yield return app.Call(servers[0], default);
        }

        IEnumerable<Event> Moves()
        {
            yield return system.Environment.Hold(10);
            migration = system.Migrate(servers[0], UnderBridge.Sim.Paths.Placement.UserProcess);
            yield return migration.Process;
        }
    }
}
