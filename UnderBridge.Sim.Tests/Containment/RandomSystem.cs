using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests.Containment;

/// <summary>A system of a random design on a random build of a random kernel, with random servers, shared memory, apps and capabilities, whose principals do deeds.</summary>
sealed class RandomSystem
{
    readonly Random random;
    readonly List<Doer> doers = [];
    readonly List<Principal> apps = [];

    RandomSystem(SystemSpec spec, Random random, int seed)
    {
        this.random = random;
        System = new SimulatedSystem(spec, seed);
        System.AddKernelMemory();
        var count = random.Next(1, 5);
        for (var i = 0; i < count; i++) doers.Add(new Doer(Regions(), [.. Enumerable.Range(0, count).Where(other => other != i && random.Next(2) == 0)]));
        System.AddServers(1, [.. doers.Select((doer, i) => (Bench.Echo with { Name = $"server {i}" }, (IServerHandler)doer))]);
        for (var i = random.Next(1, 4); i > 0; i--) apps.Add(System.AddApp(Bench.Echo with { Name = $"app {i}" }));
        foreach (var app in apps)
            foreach (var server in System.Servers) System.Connect(app, server);
        Cast = new Cast(System);
    }

    public SimulatedSystem System { get; }
    public Cast Cast { get; }

    /// <summary>A random system; the same for the same seed.</summary>
    public static RandomSystem Of(int seed)
    {
        var random = new Random(seed);
        var (designs, kernels) = (Shipped.Catalogue.Designs.Keys.ToList(), Shipped.Catalogue.Kernels.Keys.ToList());
        while (true)
        {
            var (design, kernel) = (designs[random.Next(designs.Count)], kernels[random.Next(kernels.Count)]);
            var features = Shipped.Catalogue.Kernels[kernel].Features with
            {
                Kpti = random.Next(2) == 0, Pcid = random.Next(2) == 0, GlobalPages = random.Next(2) == 0, Smep = random.Next(2) == 0, Smap = random.Next(2) == 0,
            };
            var spec = Bench.Spec(design, kernel, features);
            if (spec.Verify().Count == 0 && spec.ServerPath.Callee == spec.Design.Servers) return new RandomSystem(spec, random, seed);
        }
    }

    public override string ToString() =>
        $"{System.Spec.Design.Name} on {System.Spec.Kernel.Name}, {System.Spec.Kernel.Features}, {string.Join(", ", Cast.Untrusted)}";

    /// <summary>Does a deed in each app, and in each server while it serves a call of an app: with the core as the design's own paths leave it.</summary>
    public void Everywhere(Action<Actor> deed)
    {
        foreach (var app in apps)
        {
            for (var i = 0; i < doers.Count; i++)
            {
                var actor = Cast[System.Servers[i].Principal];
                doers[i].Deed = () => deed(actor);
            }
            try
            {
                System.Environment.Run(System.Environment.Process(Visit(app, deed)));
            }
            catch (UnrestoredException unrestored)
            {
                Assert.Fail($"{this}: {unrestored.Message}");
            }
        }
    }

    IEnumerable<Event> Visit(Principal app, Action<Actor> deed)
    {
        var dispatched = new Signal(System.Environment);
        System.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        app.Start(System.Core);
        deed(Cast[app]);
        foreach (var server in System.Servers)
        {
            yield return app.Call(server, default);
            app.Resume(System.Core);
        }
        yield return System.Processor.Spend();
        System.Processor.Release();
    }

    ServerRegion[] Regions() => [.. new[] { "one", "two", "three" }.Where(_ => random.Next(3) == 0).Select(name => new ServerRegion(name, 4096))];

    internal sealed class Doer(IReadOnlyList<ServerRegion> regions, IReadOnlyList<int> callees) : IServerHandler
    {
        public Action Deed { get; set; } = () => { };
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => regions;
        public IReadOnlyList<int> Callees => callees;

        public void Plan(in ServerRequest request, ServerPlan plan) => Deed();
    }
}

/// <summary>The protection of Intel's manual (SDM vol. 3, 4.6) written down a second time, over the list of what page tables map.</summary>
static class NaiveProtection
{
    public static bool Allows(IReadOnlySet<Mapping> mappings, Region region, in Standpoint at, Access access)
    {
        if (!mappings.Contains(new Mapping(region, at.Space, at.Space.Kpti && at.KernelView, at.EptView))) return false;
        var (rights, control, user) = (region.Rights, at.Control, at.Ring == Ring.User);
        if (user && !rights.UserAccessible) return false;
        if (access == Access.Fetch) return rights.Executable && (user || !rights.UserAccessible || !control.HasFlag(Control.Smep));
        if (!user && rights.UserAccessible && control.HasFlag(Control.Smap) && !at.Ac) return false;
        var binds = user || control.HasFlag(Control.Wp);
        var (access0, write0) = ((at.Pkru >> 2 * rights.Key & 1) != 0, (at.Pkru >> 2 * rights.Key & 2) != 0);
        var keys = control.HasFlag(rights.UserAccessible ? Control.Pke : Control.Pks);
        if (keys && access0) return false;
        return access == Access.Read || (rights.Writable || !binds) && !(keys && write0 && binds);
    }
}
