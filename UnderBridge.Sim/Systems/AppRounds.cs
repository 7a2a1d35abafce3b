namespace UnderBridge.Sim.Systems;

/// <summary>
/// Apps that take turns on a core: each calls a server, which calls another, and the next app is on. Nobody works; what is left is the cost of crossing, and of
/// finding TLBs and caches as the others left them. What giving the core to the next app takes is left out.
/// </summary>
sealed class AppRounds
{
    readonly SimulatedSystem system;
    readonly List<Principal> apps;
    readonly IReadOnlyList<Server> servers;
    readonly List<long> calls = [];

    public AppRounds(SimulatedSystem system, ProgramSpec program, int apps, int servers)
    {
        this.system = system;
        this.servers = system.AddServers(workScale: 1,
            [.. Enumerable.Range(0, servers).Select(i => (program with { Name = FormattableString.Invariant($"server {i}") }, (IServerHandler)new Relay((i + 1) % servers, servers > 1)))]);
        this.apps = [.. Enumerable.Range(0, apps).Select(i => system.AddApp(program with { Name = FormattableString.Invariant($"app {i}") }))];
        foreach (var app in this.apps)
            foreach (var server in this.servers) system.Connect(app, server);
    }

    /// <summary>Cycles of each measured call, from an app to a server and back, with the call that the server makes.</summary>
    public IReadOnlyList<long> Calls => calls;

    /// <summary>What the core had booked when the warm-up ended; null before.</summary>
    public LedgerMark? Begin { get; private set; }

    /// <summary>Runs so many rounds of all apps before measuring starts, and so many measured.</summary>
    public void Run(int warmUp, int measured) => system.Run(system.Environment.Process(Rounds(warmUp * apps.Count, measured * apps.Count)));

    IEnumerable<Event> Rounds(int warmUp, int measured)
    {
        var dispatched = new Signal(system.Environment);
        system.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        for (var i = 0; i < warmUp + measured; i++)
        {
            if (i == warmUp) Begin = LedgerMark.Take(system);
            var app = apps[i % apps.Count];
            app.Registers.Load(system.Core, system.Kernel);
            var start = system.Processor.Elapsed;
            yield return app.Call(servers[i / apps.Count % servers.Count], new ServerRequest(Relay.First));
            app.Resume(system.Core);
            yield return system.Processor.Spend();
            if (i >= warmUp) calls.Add(system.Processor.Elapsed - start);
        }
        system.Processor.Release();
    }

    // Answers a server at once, and an app after asking another server.
    sealed class Relay(int next, bool relays) : IServerHandler
    {
        public const int First = 0;
        const int Second = 1;

        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => relays ? [next] : [];

        public void Plan(in ServerRequest request, ServerPlan plan)
        {
            if (relays && request.Operation == First) plan.Call(next, new ServerRequest(Second));
        }
    }
}
