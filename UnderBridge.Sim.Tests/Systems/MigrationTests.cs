using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Servers that move while they are called, on a core that interrupts take from whoever runs.</summary>
public class MigrationTests
{
    const int Clients = 3, Requests = 12, Servers = 5;

    static readonly string[] kernels = ["sel4", "fiasco", "zircon"];

    /// <summary>A request as its server saw it: whose, the how-manieth of that client, and by which server it was passed on (-1: by the client).</summary>
    readonly record struct Served(int Client, int Number, int Via);

    /// <summary>A server that passes each request on to servers after it, as the request's seed says, and works a little between.</summary>
    sealed class Relay(int number) : IServerHandler
    {
        public List<Served> Log { get; } = [];
        public IReadOnlyList<string> PriceNames => ["work"];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => [.. Enumerable.Range(number + 1, Servers - number - 1)];

        public void Plan(in ServerRequest request, ServerPlan plan)
        {
            Log.Add(new Served(request.Subject, request.Other, request.Operation - 1));
            foreach (var callee in Callees.Where(PassesOn(request)))
            {
                plan.Work(0, 1);
                plan.Call(callee, request with { Operation = number + 1 });
            }
        }

        // A request goes on from the client's server only, so that its number of calls stays small.
        static Func<int, bool> PassesOn(ServerRequest request) => callee => request.Operation == 0 && (request.Offset >> callee & 1) != 0;
    }

    sealed class Scene
    {
        readonly Random random;
        readonly List<(int Client, int Number)>[] arrived = [.. Enumerable.Range(0, Servers).Select(_ => new List<(int, int)>())];
        readonly List<Served>[] expected = [.. Enumerable.Range(0, Servers).Select(_ => new List<Served>())];
        readonly Relay[] relays = [.. Enumerable.Range(0, Servers).Select(number => new Relay(number))];
        readonly IReadOnlyList<Server> servers;
        readonly List<Process> clients = [];

        public Scene(int seed, string design)
        {
            random = new Random(seed);
            var kernel = kernels[seed % kernels.Length];
            var features = Shipped.Catalogue.Kernels[kernel].Features with { Kpti = random.Next(3) > 0, Pcid = random.Next(3) > 0 };
            System = new SimulatedSystem(Bench.Spec(design, kernel, features), seed);
            System.Environment.WatchForStalls();
            servers = System.AddServers(1, [.. relays.Select((relay, i) => (Bench.Echo with { Name = $"server {i}", Prices = Work }, (IServerHandler)relay))]);
            for (var client = 0; client < Clients; client++) clients.Add(System.Environment.Process(Client(client)));
            System.Environment.Process(Timer());
            System.Environment.Process(Mover());
        }

        public SimulatedSystem System { get; }
        public Dictionary<MigrationOutcome, int> Outcomes { get; } = [];
        public int Waited { get; private set; }

        public void Run() => System.Run(System.Environment.Process(All()));

        IEnumerable<Event> All()
        {
            foreach (var client in clients) yield return client;
        }

        IEnumerable<Event> Client(int client)
        {
            var app = System.AddApp(Bench.Echo with { Name = $"client {client}" });
            foreach (var server in servers) System.Connect(app, server);
            var dispatched = new Signal(System.Environment);
            Registers? saved = null;
            for (var number = 0; number < Requests; number++)
            {
                yield return System.Environment.Hold(random.Next(4000));
                if (saved is { } registers) System.Processor.Enqueue(dispatched, registers);
                else System.Processor.Enqueue(dispatched);
                yield return dispatched.Wait();
                if (saved is null) app.Start(System.Core);
                var server = random.Next(Servers);
                var request = new ServerRequest(0, client, number, Offset: random.Next(1 << Servers));
                Expect(server, request);
                if (servers[server].Current is not null || servers[server].Waiting > 0) Waited++;
                yield return app.Call(servers[server], request);
                app.Resume(System.Core);
                yield return System.Processor.Spend(dispatched);
                saved = Registers.Of(System.Core);
                Assert.That(saved.Value with { Stack = app.Registers.Stack }, Is.EqualTo(app.Registers), "the app's state was put back");
                System.Processor.Release();
            }
        }

        void Expect(int server, ServerRequest request)
        {
            arrived[server].Add((request.Subject, request.Other));
            expected[server].Add(new Served(request.Subject, request.Other, -1));
            for (var callee = server + 1; callee < Servers; callee++)
                if ((request.Offset >> callee & 1) != 0) expected[callee].Add(new Served(request.Subject, request.Other, server));
        }

        IEnumerable<Event> Timer()
        {
            while (true)
            {
                yield return System.Environment.Hold(1 + random.Next(3000));
                System.Processor.Interrupt();
            }
        }

        IEnumerable<Event> Mover()
        {
            while (true)
            {
                yield return System.Environment.Hold(random.Next(12_000));
                var migration = System.Migrate(servers[random.Next(Servers)], random.Next(2) == 0 ? Placement.UserProcess : Placement.KernelDomain);
                yield return migration.Process;
                Outcomes[migration.Outcome] = Outcomes.GetValueOrDefault(migration.Outcome) + 1;
                if (migration.Outcome == MigrationOutcome.Moved) Assert.That(migration.Server.Principal.Placement, Is.EqualTo(migration.To));
            }
        }

        public void Check()
        {
            Assert.That(System.Core.Faults, Is.Empty);
            for (var server = 0; server < Servers; server++)
            {
                Assert.That(relays[server].Log, Is.EquivalentTo(expected[server]), "each request is served once");
                Assert.That(relays[server].Log.Where(one => one.Via < 0).Select(one => (one.Client, one.Number)), Is.EqualTo(arrived[server]), "in the order in which they came");
                Assert.That((servers[server].Waiting, servers[server].Current), Is.EqualTo((0, (Server.Call?)null)));
            }
            Assert.That(Enum.GetValues<Cause>().Sum(cause => System.Core.Ledger[cause]), Is.EqualTo(System.Core.Ledger.Total));
        }
    }

    static Dictionary<string, Evidence.Sourced<double>> Work => new() { ["work"] = Bench.Echo.CodeKib with { Value = 300 } };

    static Scene RunScene(int seed, string design)
    {
        try
        {
            var scene = new Scene(seed, design);
            scene.Run();
            scene.Check();
            return scene;
        }
        catch (Exception failure)
        {
            throw new AssertionException($"seed {seed}: {failure.Message}", failure);
        }
    }

    [Test]
    public void No_interleaving_of_calls_moves_and_interrupts_loses_repeats_or_reorders_a_request_or_leaves_a_register_of_another()
    {
        var outcomes = new Dictionary<MigrationOutcome, int>();
        var waited = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var scene = RunScene(seed, "migration");
            foreach (var (outcome, count) in scene.Outcomes) outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + count;
            waited += scene.Waited;
        }
        Assert.That(outcomes[MigrationOutcome.Moved], Is.GreaterThan(500), "or nothing was tried");
        Assert.That(waited, Is.GreaterThan(200), "calls met a server that was busy or moving");
    }

    [Test]
    public void Where_servers_stay_an_order_to_move_is_refused_and_interrupts_change_nothing()
    {
        for (var seed = 0; seed < 30; seed++)
            Assert.That(RunScene(seed, seed % 2 == 0 ? "user-space" : "multiplexing").Outcomes.Keys, Is.SubsetOf(new[] { MigrationOutcome.Fixed }));
    }
}
