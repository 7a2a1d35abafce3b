using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>An app asks services for one operation after another; those after the warm-up are observed.</summary>
sealed class ServiceMixMeasurement
{
    const int Core = 0;

    readonly SimulatedSystem simulated;
    readonly ServiceMix workload;
    readonly ProgramSpec program;
    readonly ServiceGraph graph;
    readonly DesignSpec design;
    readonly int compartments;

    ServiceMixMeasurement(SimulatedSystem simulated, ServiceMix workload, Catalogue catalogue)
    {
        this.simulated = simulated;
        this.workload = workload;
        program = catalogue.Programs[workload.App];
        graph = new ServiceGraph(program, catalogue.Programs, workload.Instances);
        design = simulated.Spec.Design;
        compartments = Compartments();
    }

    public static Observation Of(SimulatedSystem simulated, ServiceMix workload, SystemUnderTest system, string point, Catalogue catalogue)
    {
        var measurement = new ServiceMixMeasurement(simulated, workload, catalogue);
        return measurement.Run(system, point);
    }

    // A design that divides nothing by keys leaves the kernel in one piece, and no kernel can be cut into more parts than there are services and itself.
    int Compartments()
    {
        if (workload.Compartments == 0) return graph.Services.Count;
        return design.Keys == 0 ? 1 : Math.Min(workload.Compartments, graph.Services.Count + 1);
    }

    bool HasCore => workload.Compartments > 0 && (design.Servers == Placement.KernelCode || design.CorePaths.Count > 0);

    // The kernel's own part stands before the first service.
    int CompartmentOf(int service) => workload.Compartments == 0 ? service : (service + 1) * compartments / (graph.Services.Count + 1);

    Observation Run(SystemUnderTest system, string point)
    {
        var begin = LedgerMark.Take(simulated);
        if (FreeKeys < 0) return Measurement.Since(begin, simulated, system, point, []) with { Readings = [new Reading(Metrics.FreeKeys, "keys", Estimate.Exact(FreeKeys))] };
        var app = new ReplayApp(simulated, program, Calls(), AddServers(), program.Service!.Work, workload.WorkScale);
        app.Run(ended =>
        {
            if (ended != workload.WarmUp) return;
            begin = LedgerMark.Take(simulated);
            simulated.ForgetRewritten();
        });
        var ends = app.OperationEnds;
        return Measurement.Since(begin, simulated, system, point, [.. Enumerable.Range(workload.WarmUp, workload.Operations).Select(i => ends[i] - (i == 0 ? 0 : ends[i - 1]))]);
    }

    // Each compartment has a key; what has no compartment is the kernel's or the process's, which has one too, and so has an app that shares the process. Where
    // keys or servers move there may be more of them than keys.
    int FreeKeys => design.Keys == 0 || design.BeyondKeys != BeyondKeys.Refuse ? 0
        : design.Keys - compartments - (HasCore ? 0 : 1) - (simulated.Spec.AppPath.Caller == Placement.UserDomain && !design.ServersInApps ? 1 : 0);

    IReadOnlyList<Server> AddServers()
    {
        var parts = Enumerable.Range(0, compartments).Select(number => new Compartment(graph, CompartmentOf, number, isCore: HasCore && number == Core, workload.PrivilegedRate));
        return simulated.AddServers(workload.WorkScale, [.. parts.Select((part, number) => (part.Program(Name(number), simulated.Spec.Machine), (IServerHandler)part))]);
    }

    string Name(int number) => workload.Compartments == 0 ? graph.Services[number].Program.Name + Instance(number)
        : HasCore && number == Core ? "core" : FormattableString.Invariant($"compartment {number}");

    string Instance(int number) => workload.Instances == 1 ? "" : FormattableString.Invariant($" {1 + (number / graph.Kinds.Count)}");

    // Each operation is one request of the app to an instance of the services, which take turns.
    List<ReplayCall> Calls()
    {
        var calls = new List<ReplayCall>();
        var rates = program.Service!.Calls.Select(_ => new CarriedRate()).ToList();
        for (var operation = 0; operation < workload.WarmUp + workload.Operations; operation++)
        {
            var callees = graph.CalleesOf(program, operation % workload.Instances);
            var asked = callees.SelectMany((callee, item) => Enumerable.Repeat(callee.Service, rates[item].Next(callee.Rate.Value))).ToList();
            var compute = program.Service.Work.Value / (asked.Count + 1);
            calls.AddRange(asked.Select(service => new ReplayCall(compute, CompartmentOf(service), new ServerRequest(service), EndsOperation: false)));
            calls.Add(new ReplayCall(compute, Server: -1, default, EndsOperation: true));
        }
        return calls;
    }
}
