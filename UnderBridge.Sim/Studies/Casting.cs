using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Files;

namespace UnderBridge.Sim.Studies;

/// <summary>Builds the systems of a scenario with its servers and apps in them, to be audited and attacked rather than measured.</summary>
public static class Casting
{
    const string Echo = "echo", App = "sqlite", FileServer = "file-system", Disk = "disk";

    /// <summary>An app that has nothing to do with the others, and might be anybody's.</summary>
    const string Stranger = "stranger";

    /// <summary>The servers and apps of the scenario's workload; where that names none, two apps and three servers of the catalogue, two of which share memory.</summary>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    public static Cast Of(ResolvedScenario scenario, SystemUnderTest system, Catalogue catalogue)
    {
        var simulated = new SimulatedSystem(SystemResolver.Resolve(scenario, system, catalogue), scenario.Scenario.Seed);
        return scenario.Workload switch
        {
            PingPong => Loop(simulated, catalogue),
            Replay => Files(simulated, catalogue, [App, Stranger]),
            _ => Files(simulated, catalogue, [App, Stranger], Echo),
        };
    }

    static Cast Loop(SimulatedSystem simulated, Catalogue catalogue)
    {
        var program = catalogue.Programs[Echo];
        var caller = simulated.AddServerCaller("caller", program);
        var callee = simulated.AddServers(workScale: 1, (program, new Unasked()))[0];
        return new Cast(simulated, [simulated.AddApp(program with { Name = Stranger })], [caller, callee.Principal]);
    }

    static Cast Files(SimulatedSystem simulated, Catalogue catalogue, IReadOnlyList<string> apps, params IReadOnlyList<string> others)
    {
        var options = new Xv6Options();
        var servers = simulated.AddServers(workScale: 1,
        [
            (catalogue.Programs[FileServer], new Xv6FileSystem(options, new PathTable(), FileImage.Empty, diskServer: 1)),
            (catalogue.Programs[Disk], new RamDisk(options.BlockSize)),
            .. others.Select(name => (catalogue.Programs[name], (IServerHandler)new Unasked())),
        ]);
        return new Cast(simulated, [.. apps.Select(name => simulated.AddApp(catalogue.Programs[App] with { Name = name }))], [.. servers.Select(server => server.Principal)]);
    }

    sealed class Unasked : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];

        public void Plan(in ServerRequest request, ServerPlan plan) { }
    }
}
