using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Multicore;

namespace UnderBridge.Sim.Studies;

/// <summary>
/// Runs one system under a loop of calls and reads off what it gives. With <paramref name="references"/> a request's cycles come with their range over the assumed prices.
/// </summary>
sealed class LoadMeasurement(ResolvedScenario scenario, SystemUnderTest system, string point, Catalogue catalogue, ReferenceRuns? references = null)
{
    /// <summary>The programs whose code, densities and stubs a client and a server have where the workload says nothing.</summary>
    const string ClientProgram = "sqlite", ServerProgram = "file-system";

    readonly SystemSpec spec = SystemResolver.Resolve(scenario, system, catalogue);

    int Seed => scenario.Scenario.Seed;

    /// <summary>What was seen; null where the workload is none of calls in a loop. What takes a second run is left out on demand.</summary>
    public Observation? Observe(bool shares = true) => scenario.Workload switch
    {
        ClosedLoop loop => Observe(loop),
        CallLoop loop => Observe(loop, shares),
        _ => null,
    };

    Observation Observe(ClosedLoop loop)
    {
        var load = loop.Load with { Think = loop.Load.Think * loop.WorkScale, Service = loop.Load.Service * loop.WorkScale };
        var simulated = new ClosedLoopSystem(spec, catalogue.Programs[ClientProgram] with { Name = "client" }, catalogue.Programs[ServerProgram] with { Name = "server" }, load, Seed);
        simulated.Run();
        var ends = simulated.Completions;
        var units = Enumerable.Range(load.WarmUp, load.Requests).Select(i => ends[i] - (i == 0 ? 0 : ends[i - 1])).ToList();
        var byCause = Causes.All.ToDictionary(cause => cause, cause => simulated.Cores.Sum(core => core.Ledger[cause]));
        double[] responses = [.. simulated.Responses.Skip(load.WarmUp).Take(load.Requests)];
        return new Observation
        {
            System = system, Point = point, Spec = simulated.Spec, Units = units, ByCause = byCause, ByNumber = Shares(simulated),
            Readings =
            [
                Reading.Rate(Metrics.Throughput, units, spec.Machine.Tsc.Hertz),
                Reading.Mean(Metrics.Response, "cycles", responses),
                .. Shares(byCause),
            ],
        };
    }

    static IEnumerable<Reading> Shares(Dictionary<Cause, long> byCause) =>
        new[] { (Metrics.LockWait, Cause.LockWait), (Metrics.Ipi, Cause.Ipi), (Metrics.Idle, Cause.Idle) }
            .Select(share => Reading.Share(share.Item1, byCause[share.Item2], byCause.Values.Sum()));

    static List<NumberShare> Shares(ClosedLoopSystem simulated) =>
        [.. Enumerable.Range(0, simulated.Provenance.Count)
            .SelectMany(i => Causes.All.Select(cause => new NumberShare(simulated.Provenance[i], cause, simulated.Cores.Sum(core => core.Ledger.ByNumber(i, cause)))))
            .Where(share => share.Cycles != 0)];

    Observation Observe(CallLoop loop, bool shares)
    {
        var (observation, pollution) = Run(loop, ipcLeavesTrace: true);
        var range = references is null ? null : Sensitivity.Of(observation, references.Of).Range();
        var request = Reading.Mean(Metrics.Request, "cycles", [.. observation.Units]) with { Range = range is { } ends ? (ends.Low / loop.Requests, ends.High / loop.Requests) : null };
        observation = observation with { Readings = [request, .. pollution] };
        if (!shares) return observation;
        observation = observation with { WithoutTraceOfIpc = Run(loop, ipcLeavesTrace: false).Observation };
        var ipc = Reading.Share(Metrics.IpcShare, observation.IpcDirect + observation.IpcIndirect, observation.Cycles);
        return observation with { Readings = [request, ipc, .. pollution] };
    }

    (Observation Observation, IReadOnlyList<Reading> Pollution) Run(CallLoop loop, bool ipcLeavesTrace)
    {
        var simulated = new SimulatedSystem(ipcLeavesTrace ? spec : spec.WithoutTraceOfIpc(), Seed);
        var work = Set("server-work", loop.ServerWork, "cycles");
        var server = Program(ServerProgram, "server", loop.ServerKib) with { Prices = new Dictionary<string, Sourced<double>> { [PlainServer.Work] = work } };
        const int inner = 1;
        var servers = simulated.AddServers(loop.WorkScale, (server, new PlainServer(inner, loop.InnerCalls)), (server with { Name = "inner server" }, new PlainServer(inner, 0)));
        var calls = Enumerable.Repeat(new ReplayCall(loop.ClientWork, Server: 0, default, EndsOperation: true), loop.WarmUp + loop.Requests).ToList();
        var app = new ReplayApp(simulated, Program(ClientProgram, "client", loop.ClientKib), calls, servers, Set("client-work", loop.ClientWork, "cycles"), loop.WorkScale);
        var begin = LedgerMark.Take(simulated);
        app.Run(ended =>
        {
            if (ended != loop.WarmUp) return;
            begin = LedgerMark.Take(simulated);
            simulated.Machine.Pollution.Clear();
        });
        if (simulated.Core.Faults.Count > 0) throw new ProtectionFaultException(system.Label, simulated.Core.Faults);
        var ends = app.OperationEnds;
        var units = Enumerable.Range(loop.WarmUp, loop.Requests).Select(i => ends[i] - (i == 0 ? 0 : ends[i - 1])).ToList();
        return (Measurement.Since(begin, simulated, system, point, units) with { Ipcs = (long)loop.Requests * (1 + loop.InnerCalls) }, Pollution(simulated, loop.Requests));
    }

    // Cycles a request, by victim and culprit; kernel and gate are one party.
    static List<Reading> Pollution(SimulatedSystem simulated, int requests)
    {
        var cycles = new double[Metrics.Parties.Count, Metrics.Parties.Count];
        foreach (var victim in simulated.Machine.Owners)
            foreach (var culprit in simulated.Machine.Owners)
                cycles[Party(victim), Party(culprit)] += simulated.Machine.Pollution.PollutionBy(victim.Index, culprit.Index) / requests;
        var pairs = Metrics.Parties.SelectMany((victim, v) => Metrics.Parties.Select((culprit, c) => (Metrics.PollutionOf(victim, culprit), cycles[v, c])));
        return
        [
            new(Metrics.Pollution, "cycles", Estimate.Exact(cycles.Cast<double>().Sum())),
            .. pairs.Select(pair => new Reading(pair.Item1, "cycles", Estimate.Exact(pair.Item2))),
        ];
    }

    static int Party(Owner owner) => owner.Kind switch { OwnerKind.App => 0, OwnerKind.Server => 1, _ => 2 };

    ProgramSpec Program(string like, string name, double dataKib) => catalogue.Programs[like] with { Name = name, DataKib = Set($"{name}-kib", dataKib, "KiB") };

    static Sourced<double> Set(string key, double value, string unit) =>
        new($"{SettableKeys.Workload}{key}", value, unit, Grade.Assumed, new Citation("user", "the workload of the scenario"));
}
