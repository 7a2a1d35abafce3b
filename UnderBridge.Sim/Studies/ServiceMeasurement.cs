using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>An app asks services for one operation after another; those after the warm-up are observed.</summary>
static class ServiceMeasurement
{
    const int Core = 0;

    public static Observation Of(SimulatedSystem simulated, Services workload, SystemUnderTest system, string point, Catalogue catalogue)
    {
        var program = catalogue.Programs[workload.App];
        var graph = new ServiceGraph(program, catalogue.Programs, workload.Instances);
        var begin = LedgerMark.Take(simulated);
        var free = simulated.Spec.Design.Keys - Count(workload, graph);
        if (free < 0 && simulated.Spec.Design.Keys > 0) return TooMany(simulated, system, point, begin, free);

        var compartments = Enumerable.Range(0, Count(workload, graph)).Select(number => new Compartment(
            graph, service => CompartmentOf(service, workload, graph), number, isCore: number == Core && workload.Compartments > 0, workload.PrivilegedRate)).ToList();
        var servers = simulated.AddServers(workload.WorkScale, [.. compartments.Select((one, number) => (one.Program(Name(number, workload, graph), simulated.Spec.Machine), (IServerHandler)one))]);
        var operations = workload.WarmUp + workload.Operations;
        var app = new ReplayApp(simulated, program, Calls(workload, graph, program, operations), servers, program.Service!.Work, workload.WorkScale);
        app.Run(ended =>
        {
            if (ended != workload.WarmUp) return;
            begin = LedgerMark.Take(simulated);
            simulated.ForgetRewritten();
        });
        var ends = app.OperationEnds;
        return Measurement.Since(begin, simulated, system, point,
            [.. Enumerable.Range(workload.WarmUp, workload.Operations).Select(i => ends[i] - (i == 0 ? 0 : ends[i - 1]))]);
    }

    /// <summary>The compartment of a service: of its own, or with its neighbours. The kernel's own part stands before the first service.</summary>
    public static int CompartmentOf(int service, Services workload, ServiceGraph graph) =>
        workload.Compartments == 0 ? service : (service + 1) * Count(workload, graph) / (graph.Services.Count + 1);

    // The kernel and its services can not be cut into more parts than there are.
    static int Count(Services workload, ServiceGraph graph) => 
        workload.Compartments == 0 ? graph.Services.Count : Math.Min(workload.Compartments, graph.Services.Count + 1);

    static string Name(int number, Services workload, ServiceGraph graph) => 
        workload.Compartments == 0 ? graph.Services[number].Program.Name : number == Core ? "core" : FormattableString.Invariant($"compartment {number}");

    static Observation TooMany(SimulatedSystem simulated, SystemUnderTest system, string point, LedgerMark begin, int free) =>
        Measurement.Since(begin, simulated, system, point, []) with { Readings = [new Reading(Metrics.FreeKeys, "keys", Estimate.Exact(free))] };

    // Each operation is one request of the app to an instance of the services, which take turns.
    static List<ReplayCall> Calls(Services workload, ServiceGraph graph, ProgramSpec program, int operations)
    {
        var calls = new List<ReplayCall>();
        var carried = new double[program.Service!.Calls.Count];
        for (var operation = 0; operation < operations; operation++)
        {
            var callees = graph.CalleesOf(program, operation % workload.Instances);
            var asked = callees.SelectMany((callee, item) => Enumerable.Repeat(callee.Service, Whole(ref carried[item], callee.Rate.Value))).ToList();
            var compute = program.Service.Work.Value / (asked.Count + 1);
            calls.AddRange(asked.Select(service => new ReplayCall(compute, CompartmentOf(service, workload, graph), new ServerRequest(service), EndsOperation: false)));
            calls.Add(new ReplayCall(compute, Server: -1, default, EndsOperation: true));
        }
        return calls;
    }

    static int Whole(ref double carried, double rate)
    {
        carried += rate;
        var whole = (int)Math.Floor(carried + 1e-9);
        carried -= whole;
        return whole;
    }
}
