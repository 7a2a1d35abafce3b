using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Containment;

/// <summary>The programs that play in attacks and faults, from the catalogue: that of two apps, and those of three servers.</summary>
sealed record Programs(ProgramSpec App, ProgramSpec Victim, ProgramSpec Partner, ProgramSpec Other);

/// <summary>
/// A system with two apps and three servers, two of which share memory, and one of which nobody may call but the apps. Deeds are done on its core when a call has
/// brought control to whoever does them, so with the privilege, page table, view and rights that the design's own path left there.
/// </summary>
sealed class AttackStage
{
    public const string SharedBuffer = "shared-buffer";

    readonly Host[] hosts = [new([new ServerRegion(SharedBuffer, PageSizes.FrameBytes)], [1]), new([new ServerRegion(SharedBuffer, PageSizes.FrameBytes)], []), new([], [])];
    readonly Principal app;

    public AttackStage(SystemSpec spec, Programs programs, int seed)
    {
        System = new SimulatedSystem(spec, seed);
        System.AddKernelMemory();
        Servers = System.AddServers(workScale: 1, (programs.Victim, hosts[0]), (programs.Partner, hosts[1]), (programs.Other, hosts[2]));
        app = System.AddApp(programs.App with { Name = "app" });
        foreach (var server in Servers) System.Connect(app, server);
        System.AddApp(programs.App with { Name = "stranger" });
        Cast = new Cast(System);
    }

    public SimulatedSystem System { get; }
    public Cast Cast { get; }
    public Core Core => System.Core;

    /// <summary>The server that attacks, the one that it shares memory with, and one that it has nothing to do with.</summary>
    public IReadOnlyList<Server> Servers { get; }

    public Actor Attacker => Cast[Servers[0].Principal];
    public Actor Partner => Cast[Servers[1].Principal];
    public Actor App => Cast[app];

    /// <summary>Does a deed while a server serves a call of the app.</summary>
    public void As(Server server, Action deed)
    {
        hosts[server.Number].Deed = () => Undone(deed);
        System.Run(System.Environment.Process(Act(server, deed: null)));
        hosts[server.Number].Deed = null;
    }

    /// <summary>Does a deed in the app.</summary>
    public void AsApp(Action deed) => System.Run(System.Environment.Process(Act(server: null, () => Undone(deed))));

    IEnumerable<Event> Act(Server? server, Action? deed)
    {
        var dispatched = new Signal(System.Environment);
        System.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        app.Start(Core);
        deed?.Invoke();
        if (server is not null)
        {
            yield return app.Call(server, default);
            app.Resume(Core);
        }
        yield return System.Processor.Spend();
        System.Processor.Release();
    }

    // The kernel ends an attacker; the simulation goes on as though it had done nothing.
    void Undone(Action deed)
    {
        var before = Standpoint.Of(Core);
        deed();
        before.Take(Core, System.Kernel);
    }

    sealed class Host(IReadOnlyList<ServerRegion> regions, IReadOnlyList<int> callees) : IServerHandler
    {
        public Action? Deed { get; set; }
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => regions;
        public IReadOnlyList<int> Callees => callees;

        public void Plan(in ServerRequest request, ServerPlan plan) => Deed?.Invoke();
    }
}
