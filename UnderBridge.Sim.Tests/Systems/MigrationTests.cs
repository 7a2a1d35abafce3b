using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Servers that move while they are called, on a core that interrupts take from whoever runs.</summary>
public class MigrationTests
{
    const int Clients = 3, Requests = 12;

    static readonly string[] kernels = ["sel4", "fiasco", "zircon"];

    /// <summary>A request as its server saw it: whose, the how-manieth of that client, and by which server it was passed on (-1: by the client).</summary>
    readonly record struct Served(int Client, int Number, int Via);

    /// <summary>A server that passes each request on to servers after it, as the request's seed says, and works a little between.</summary>
    sealed class Relay(int number, int servers) : IServerHandler
    {
        public List<Served> Log { get; } = [];
        public IReadOnlyList<string> PriceNames => ["work"];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => [.. Enumerable.Range(number + 1, servers - number - 1)];

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
        readonly List<(int Client, int Number)>[] arrived;
        readonly List<Served>[] expected;
        readonly Relay[] relays;
        readonly IReadOnlyList<Server> servers;
        readonly List<Process> clients = [];

        /// <summary>So many servers, beside others that hold so many memory domains and do nothing.</summary>
        public Scene(int seed, string design, int count, int holders)
        {
            random = new Random(seed);
            arrived = [.. Enumerable.Range(0, count).Select(_ => new List<(int, int)>())];
            expected = [.. Enumerable.Range(0, count).Select(_ => new List<Served>())];
            relays = [.. Enumerable.Range(0, count).Select(number => new Relay(number, count))];
            var kernel = kernels[seed % kernels.Length];
            var features = Shipped.Catalogue.Kernels[kernel].Features with { Kpti = random.Next(3) > 0, Pcid = random.Next(3) > 0 };
            System = new SimulatedSystem(Bench.Spec(design, kernel, features), seed);
            System.Environment.WatchForStalls();
            for (var holder = 0; holder < holders; holder++) System.AddServerCaller($"holder {holder}", Bench.Echo);
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
                var server = random.Next(servers.Count);
                var request = new ServerRequest(0, client, number, Offset: random.Next(1 << servers.Count));
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
            for (var callee = server + 1; callee < servers.Count; callee++)
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
                var migration = System.Migrate(servers[random.Next(servers.Count)], random.Next(2) == 0 ? Placement.UserProcess : Placement.KernelDomain);
                yield return migration.Process;
                Outcomes[migration.Outcome] = Outcomes.GetValueOrDefault(migration.Outcome) + 1;
                if (migration.Outcome == MigrationOutcome.Moved) Assert.That(migration.Server.Principal.Placement, Is.EqualTo(migration.To));
            }
        }

        public void Check()
        {
            Assert.That(System.Core.Faults, Is.Empty);
            for (var server = 0; server < servers.Count; server++)
            {
                Assert.That(relays[server].Log, Is.EquivalentTo(expected[server]), "each request is served once");
                Assert.That(relays[server].Log.Where(one => one.Via < 0).Select(one => (one.Client, one.Number)), Is.EqualTo(arrived[server]), "in the order in which they came");
                Assert.That((servers[server].Waiting, servers[server].Current), Is.EqualTo((0, (Server.Call?)null)));
            }
            Assert.That(Enum.GetValues<Cause>().Sum(cause => System.Core.Ledger[cause]), Is.EqualTo(System.Core.Ledger.Total));
        }
    }

    static Dictionary<string, Evidence.Sourced<double>> Work => new() { ["work"] = Bench.Echo.CodeKib with { Value = 300 } };

    static Scene RunScene(int seed, string design, int count = 5, int holders = 0)
    {
        try
        {
            var scene = new Scene(seed, design, count, holders);
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
        for (var seed = 0; seed < 100; seed++)
        {
            var scene = RunScene(seed, "migration");
            foreach (var (outcome, count) in scene.Outcomes) outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + count;
            waited += scene.Waited;
        }
        Assert.That(outcomes[MigrationOutcome.Moved], Is.GreaterThan(300), "or nothing was tried");
        Assert.That(waited, Is.GreaterThan(100), "calls met a server that was busy or moving");
    }

    [Test]
    public void Where_few_domains_are_left_moves_are_refused_for_want_of_a_key_and_nothing_else_changes()
    {
        var refused = 0;
        for (var seed = 0; seed < 20; seed++) refused += RunScene(seed, "migration", holders: 13).Outcomes.GetValueOrDefault(MigrationOutcome.NoFreeKey);
        Assert.That(refused, Is.GreaterThan(20));
    }

    [Test]
    public void Where_servers_stay_an_order_to_move_is_refused_and_interrupts_change_nothing()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.That(RunScene(seed, "user-space").Outcomes.Keys, Is.SubsetOf(new[] { MigrationOutcome.Fixed }));
    }

    // Each of three clients can hold two servers at most, so six domains are enough for nine that take turns.
    [Test]
    public void Keys_that_go_from_server_to_server_between_calls_and_interrupts_leave_nothing_within_reach_of_another()
    {
        long exchanges = 0;
        for (var seed = 0; seed < 30; seed++)
        {
            var system = RunScene(seed, "multiplexing", count: 9, holders: 9).System;
            exchanges += system.KeyExchanges;
            foreach (var server in system.Servers)
            {
                server.Principal.Registers.Load(system.Core, system.Kernel);
                var reached = system.Machine.Regions.Where(region => region.KernelHalf && system.Core.Check(region, Access.Read) == ProtectionRule.Allowed).Select(region => region.Owner).Distinct();
                Assert.That(reached, Is.SubsetOf(new[] { server.Principal.Owner }), $"seed {seed}");
            }
            Assert.That(system.Servers.Count(server => server.Principal.Domain!.Key is not null), Is.EqualTo(6), "no key is lost");
        }
        Assert.That(exchanges, Is.GreaterThan(300));
    }

    [Test]
    public void A_channel_stays_with_its_two_servers_wherever_they_are_and_out_of_reach_of_a_third()
    {
        var system = new SimulatedSystem(Bench.Spec("migration", "sel4", Shipped.Catalogue.Kernels["sel4"].Features with { Kpti = true }), seed: 1);
        var channel = new ServerRegion("channel", 4096);
        var servers = system.AddServers(1, [.. Enumerable.Range(0, 3).Select(i => (Bench.Echo with { Name = $"server {i}" }, (IServerHandler)(i < 2 ? new Silence(channel) : new Silence())))]);
        var app = system.AddApp(Bench.Echo with { Name = "app" });
        foreach (var server in servers) system.Connect(app, server);
        system.Run(system.Environment.Process(Calls()));
        Assert.That(system.Core.Faults, Is.Empty);
        Assert.That(system.Keys.Holders.Count(holder => holder == "channel"), Is.EqualTo(1), "it keeps its key");

        IEnumerable<Event> Calls()
        {
            var dispatched = new Signal(system.Environment);
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            app.Start(system.Core);
            for (var where = 0; where < 8; where++)
            {
                for (var i = 0; i < 3; i++)
                {
                    var migration = system.Migrate(servers[i], (where >> i & 1) == 0 ? Placement.KernelDomain : Placement.UserProcess);
                    var saved = Registers.Of(system.Core);
                    system.Processor.Release();
                    yield return migration.Process;
                    system.Processor.Enqueue(dispatched, saved);
                    yield return dispatched.Wait();
                }
                foreach (var server in servers)
                {
                    yield return app.Call(server, default);
                    app.Resume(system.Core);
                    yield return system.Processor.Spend();
                }
                CheckReach();
            }
            system.Processor.Release();
        }

        void CheckReach()
        {
            var saved = Registers.Of(system.Core);
            foreach (var server in servers)
            {
                server.Principal.Registers.Load(system.Core, system.Kernel);
                var half = server.Principal.Placement == Placement.KernelDomain ? "channel" : "channel in its process";
                var rule = system.Core.Check(system.Machine.Regions.Single(region => region.Name == half), Access.Write);
                Assert.That(rule == ProtectionRule.Allowed, Is.EqualTo(server != servers[2]), $"{server.Principal.Owner.Name} in {server.Principal.Placement}");
            }
            saved.Load(system.Core, system.Kernel);
        }
    }

    [Test]
    public void A_server_that_all_domains_are_too_few_for_is_refused_with_who_holds_them()
    {
        var system = new SimulatedSystem(Bench.Spec("multiplexing", "sel4", Shipped.Catalogue.Kernels["sel4"].Features with { Kpti = true }), seed: 1);
        for (var holder = 0; holder < 14; holder++) system.AddServerCaller($"holder {holder}", Bench.Echo);
        var relays = new[] { new Relay(0, 2), new Relay(1, 2) };
        var servers = system.AddServers(1, [.. relays.Select((relay, i) => (Bench.Echo with { Name = $"server {i}", Prices = Work }, (IServerHandler)relay))]);
        var app = system.AddApp(Bench.Echo with { Name = "app" });
        system.Connect(app, servers[0]);
        var full = Assert.Throws<KeysExhaustedException>(() => system.Run(system.Environment.Process(Calls())));
        Assert.That((full!.Asked, full.Holders), Is.EqualTo(("server 1", (IReadOnlyList<string>)["kernel", .. Enumerable.Range(0, 14).Select(i => $"holder {i}"), "server 0"])));

        IEnumerable<Event> Calls()
        {
            var dispatched = new Signal(system.Environment);
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            app.Start(system.Core);
            yield return app.Call(servers[0], new ServerRequest(0, Offset: 2));
        }
    }
}
