using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Systems of the catalogue, put together by name.</summary>
static class Bench
{
    public static readonly ProgramSpec Echo = Shipped.Catalogue.Programs["echo"];

    /// <summary>A system under test of the catalogue on the Xeon, every setting as shipped.</summary>
    public static SystemSpec Spec(string system, string @base = "", KptiVariant variant = KptiVariant.Default)
    {
        var scenario = ResolvedScenario.Of(Shipped.Scenario("ipc-roundtrip"), Shipped.Catalogue);
        return SystemResolver.Resolve(scenario, new SystemUnderTest(system, @base, variant, system), Shipped.Catalogue);
    }

    /// <summary>A system that the catalogue has no name for: a design on a kernel with features of the test's own.</summary>
    public static SystemSpec Spec(string design, string kernel, KernelFeatures features)
    {
        var (plan, built) = (Shipped.Catalogue.Designs[design], Shipped.Catalogue.Kernels[kernel]);
        return SystemSpec.Of(Shipped.Xeon, built with { Features = features }, plan, Shipped.Catalogue.Paths);
    }

    /// <summary>Cycles of a warm round trip from a server to another, mean of a thousand, with the stalls in it.</summary>
    public static (double Cycles, double Stalls) ServerRoundTrip(SystemSpec spec)
    {
        var system = new SimulatedSystem(spec, seed: 1);
        var loop = new EchoLoop(system, Echo, warmUp: 100, roundTrips: 1000);
        loop.Run();
        Assert.That(system.Core.Faults, Is.Empty);
        return (loop.RoundTrips.Average(), Stalls(loop.Begin!, LedgerMark.Take(system)) / 1000);
    }

    /// <summary>Cycles of a warm round trip from an app to a server, mean of a thousand, with the stalls in it.</summary>
    public static (double Cycles, double Stalls) AppRoundTrip(SystemSpec spec)
    {
        const int warmUp = 100, trips = 1000;
        var system = new SimulatedSystem(spec, seed: 1);
        var servers = system.AddServers(workScale: 1, (Echo, new Silence()));
        var calls = Enumerable.Repeat(new ReplayCall(Compute: 0, Server: 0, default, EndsOperation: true), warmUp + trips).ToList();
        var app = new ReplayApp(system, Echo with { Name = "app" }, calls, servers, Echo.CodeKib, workScale: 1);
        LedgerMark? begin = null;
        app.Run(ended => begin = ended == warmUp ? LedgerMark.Take(system) : begin);
        Assert.That(system.Core.Faults, Is.Empty);
        return ((double)(app.OperationEnds[^1] - app.OperationEnds[warmUp - 1]) / trips, Stalls(begin!, LedgerMark.Take(system)) / trips);
    }

    static double Stalls(LedgerMark begin, LedgerMark end) =>
        Observations.Causes.All.Where(Observations.Causes.IsStall).Sum(cause => end[cause] - begin[cause]);
}

/// <summary>A server that answers and does nothing else, with whatever memory it is told to have.</summary>
sealed class Silence(params ServerRegion[] regions) : IServerHandler
{
    public IReadOnlyList<string> PriceNames => [];
    public IReadOnlyList<ServerRegion> Regions => regions;

    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        for (var region = 0; region < regions.Length; region++) plan.Touch(region, firstLine: 0, lines: 1, write: true);
    }
}
