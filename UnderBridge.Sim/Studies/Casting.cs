using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Files;

namespace UnderBridge.Sim.Studies;

/// <summary>Builds the systems of a scenario with its servers and apps in them, to be audited and attacked rather than measured.</summary>
static class Casting
{
    const string Echo = "echo", App = "sqlite", FileServer = "file-system", Disk = "disk";

    /// <summary>An app that has nothing to do with the others, and might be anybody's.</summary>
    const string Stranger = "stranger";

    /// <summary>The servers and apps of the scenario's workload; where that names none, two apps and three servers of the catalogue, two of which share memory.</summary>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    public static Cast Of(ResolvedScenario scenario, SystemUnderTest system, Catalogue catalogue)
    {
        var simulated = new SimulatedSystem(SystemResolver.Resolve(scenario, system, catalogue), scenario.Scenario.Seed);
        simulated.AddKernelMemory();
        return scenario.Workload switch
        {
            PingPong => Loop(simulated, catalogue),
            Replay => Files(simulated, catalogue),
            _ => Files(simulated, catalogue, Echo),
        };
    }

    static Cast Loop(SimulatedSystem simulated, Catalogue catalogue)
    {
        var program = catalogue.Programs[Echo];
        var caller = simulated.AddServerCaller("caller", program);
        var callee = simulated.AddServers(workScale: 1, (program, new Unasked()))[0];
        simulated.Connect(caller, callee);
        simulated.Connect(simulated.AddApp(program with { Name = Stranger }), callee);
        return new Cast(simulated);
    }

    // The stranger may call the first server alone, and the last server nobody.
    static Cast Files(SimulatedSystem simulated, Catalogue catalogue, params IReadOnlyList<string> others)
    {
        var options = new Xv6Options();
        var servers = simulated.AddServers(workScale: 1,
        [
            (catalogue.Programs[FileServer], new Xv6FileSystem(options, new PathTable(), FileImage.Empty, diskServer: 1)),
            (catalogue.Programs[Disk], new RamDisk(options.BlockSize)),
            .. others.Select(name => (catalogue.Programs[name], (IServerHandler)new Unasked())),
        ]);
        foreach (var app in new[] { App, Stranger }) simulated.Connect(simulated.AddApp(catalogue.Programs[App] with { Name = app }), servers[0]);
        return new Cast(simulated);
    }

    sealed class Unasked : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => [];

        public void Plan(in ServerRequest request, ServerPlan plan) { }
    }
}
