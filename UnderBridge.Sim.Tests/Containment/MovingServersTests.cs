using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests.Containment;

/// <summary>Servers that strike at memory while they are called, moved and have their keys taken away.</summary>
public class MovingServersTests
{
    sealed class Scene
    {
        readonly Random random;
        readonly List<RandomSystem.Doer> doers = [];

        public Scene(int seed, string design)
        {
            random = new Random(seed);
            var features = Shipped.Catalogue.Kernels["sel4"].Features with { Kpti = random.Next(2) == 0, Pcid = random.Next(4) > 0 };
            System = new SimulatedSystem(Bench.Spec(design, "sel4", features), seed);
            System.AddKernelMemory();
            // More than there are keys, where keys are what moves.
            var count = design == "multiplexing" ? 18 : 4;
            for (var i = 0; i < count; i++) doers.Add(new RandomSystem.Doer([], []));
            System.AddServers(1, [.. doers.Select((doer, i) => (Bench.Echo with { Name = $"server {i}" }, (IServerHandler)doer))]);
            for (var i = 0; i < 2; i++) System.Environment.Process(Client(System.AddApp(Bench.Echo with { Name = $"app {i}" })));
            Cast = new Cast(System);
            for (var i = 0; i < doers.Count; i++)
            {
                var server = System.Servers[i];
                doers[i].Deed = () => Strike(server);
            }
        }

        public SimulatedSystem System { get; }
        public Cast Cast { get; }
        int Servers => System.Servers.Count;

        public int Succeeded { get; private set; }
        public int Faulted { get; private set; }
        public string Breach { get; private set; } = "";

        public void Run()
        {
            System.Environment.Process(Mover());
            System.Environment.Run(TimeSpan.FromTicks(Servers > 15 ? 1_000_000 : 400_000));
        }

        // What an access may do is asked at the very moment at which it is tried.
        void Strike(Server server)
        {
            var actor = Cast[server.Principal];
            var audit = Audit.Of(Cast);
            for (var i = 0; i < 6; i++)
            {
                var own = Cast.PrivateOf(actor).ToList();
                var region = random.Next(3) == 0 ? own[random.Next(own.Count)] : System.Machine.Regions[random.Next(System.Machine.Regions.Count)];
                var write = random.Next(2) == 0;
                var before = System.Core.Faults.Count;
                System.Core.Touch(actor.Owner, region, 0, 1, write);
                var verdict = write ? audit[actor, region].Write : audit[actor, region].Read;
                if (System.Core.Faults.Count > before) Faulted++;
                else
                {
                    Succeeded++;
                    if (!verdict.Allowed) Breach = $"{actor} {(write ? "wrote" : "read")} {region}, which the audit forbids by {verdict.Rule}";
                }
            }
        }

        IEnumerable<Event> Client(Principal app)
        {
            foreach (var server in System.Servers) System.Connect(app, server);
            var dispatched = new Signal(System.Environment);
            while (true)
            {
                yield return System.Environment.Hold(random.Next(3000));
                System.Processor.Enqueue(dispatched);
                yield return dispatched.Wait();
                app.Start(System.Core);
                yield return app.Call(System.Servers[random.Next(System.Servers.Count)], default);
                app.Resume(System.Core);
                yield return System.Processor.Spend();
                System.Processor.Release();
            }
        }

        IEnumerable<Event> Mover()
        {
            while (true)
            {
                yield return System.Environment.Hold(random.Next(6000));
                yield return System.Migrate(System.Servers[random.Next(System.Servers.Count)], random.Next(2) == 0 ? Placement.UserProcess : Placement.KernelDomain).Process;
            }
        }
    }

    [TestCase("migration", 15)]
    [TestCase("multiplexing", 5)]
    [TestCase("underbridge", 5)]
    public void No_order_of_calls_moves_and_faults_lets_through_what_the_audit_forbids_at_that_moment(string design, int seeds)
    {
        var (moved, succeeded, faulted) = (0L, 0, 0);
        for (var seed = 0; seed < seeds; seed++)
        {
            var scene = new Scene(seed, design);
            scene.Run();
            Assert.That(scene.Breach, Is.Empty, $"seed {seed}");
            (moved, succeeded, faulted) = (moved + scene.System.Migrations + scene.System.KeyExchanges, succeeded + scene.Succeeded, faulted + scene.Faulted);
        }
        Assert.That(Math.Min(succeeded, faulted), Is.GreaterThan(100), "both were seen");
        Assert.That(moved, design == "underbridge" ? Is.Zero : Is.GreaterThan(100));
    }
}
