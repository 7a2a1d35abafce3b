using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>Runs one system under the workload of a scenario and observes it.</summary>
static class Measurement
{
    const string EchoProgram = "echo";

    public static Observation Of(
        ResolvedScenario scenario, SystemUnderTest system, string point, Catalogue catalogue, Recording? recording,
        RangeEnd sizes = RangeEnd.Value, bool ipcLeavesTrace = true, bool ranges = true)
    {
        var spec = SystemResolver.Resolve(scenario, system, catalogue).AtSizes(sizes);
        var simulated = new SimulatedSystem(ipcLeavesTrace ? spec : spec.WithoutTraceOfIpc(), scenario.Scenario.Seed);
        var observation = scenario.Workload switch
        {
            PingPong echo => Echo(simulated, echo, system, point, catalogue.Programs[EchoProgram].AtSizes(sizes)),
            Services services => ServiceMeasurement.Of(scenario, spec, services, system, point, catalogue, ranges),
            Replay replay => ReplayMeasurement.Of(simulated, replay, system, point, catalogue, recording!),
            ServiceMix mix => ServiceMixMeasurement.Of(simulated, mix, system, point, catalogue),
            Population population => PopulationMeasurement.Of(simulated, population, system, point, catalogue, scenario.Scenario.Seed),
            _ => throw new ArgumentException($"no way to run a {scenario.Workload.GetType().Name}", nameof(scenario)),
        };
        if (simulated.Core.Faults.Count > 0) throw new ProtectionFaultException(system.Label, simulated.Core.Faults);
        return observation;
    }

    /// <summary>What was booked between a mark and now, with the cycles of each unit of work.</summary>
    public static Observation Since(
        LedgerMark begin, SimulatedSystem simulated, SystemUnderTest system, string point, IReadOnlyList<long> units, IReadOnlyDictionary<string, long>? counts = null)
    {
        var end = LedgerMark.Take(simulated);
        return new Observation
        {
            System = system,
            Point = point,
            Spec = simulated.Spec,
            Units = units,
            ByCause = Causes.All.ToDictionary(cause => cause, cause => end[cause] - begin[cause]),
            ByNumber = [.. Enumerable.Range(0, simulated.Provenance.Count)
                .SelectMany(i => Causes.All.Select(cause => new NumberShare(simulated.Provenance[i], cause, end.ByNumber(i, cause) - begin.ByNumber(i, cause))))
                .Where(share => share.Cycles != 0)],
            Counts = counts ?? new Dictionary<string, long>(),
        };
    }

    static Observation Echo(SimulatedSystem simulated, PingPong workload, SystemUnderTest system, string point, ProgramSpec program)
    {
        var loop = new EchoLoop(simulated, program, workload.WarmUp, workload.RoundTrips);
        loop.Run();
        return Since(loop.Begin!, simulated, system, point, loop.RoundTrips);
    }
}

/// <summary>A run broke the protection that its own design sets up; the message names the first fault.</summary>
public sealed class ProtectionFaultException : Exception
{
    internal ProtectionFaultException(string system, IReadOnlyList<Fault> faults)
        : base($"{system}: {faults.Count} protection faults, the first: {faults[0].Owner.Name} {faults[0].Access} of {faults[0].Region?.Name ?? "a privileged instruction"} page {faults[0].Page}: {faults[0].Rule}") { }
}
