using System.Collections.Concurrent;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Studies;

/// <summary>
/// The configurations that fitted numbers were fitted on: two servers in a warm loop, on the system and machine that the published number
/// they rest on was measured with, every setting as the catalogue has it.
/// </summary>
sealed class ReferenceRuns(Catalogue catalogue)
{
    /// <summary>The ends of ranges.</summary>
    internal static readonly IReadOnlyList<RangeEnd> Ends = [RangeEnd.Low, RangeEnd.High];

    readonly ConcurrentDictionary<string, Observation?> runs = new(StringComparer.Ordinal);

    /// <summary>The run that a fitted number was fitted on; null when the number rests on nothing that a warm loop simulates.</summary>
    public Observation? Of(ISourced fitted) => fitted.RestsOn is { } id ? Of(id) : null;

    /// <summary>The run that simulates a published round trip; null when none does.</summary>
    public Observation? Of(string published) => runs.GetOrAdd(published, Run);

    Observation? Run(string published) => Scenario(published, catalogue) is { } scenario ? new ScenarioRunner(catalogue).Run(scenario, jobs: 1).Observations[0] : null;

    /// <summary>The scenario that simulates a published round trip; null when none does.</summary>
    internal static Scenario? Scenario(string published, Catalogue catalogue)
    {
        if (catalogue.Bibliography.Published[published].SimulatedAs is not { Metric: Metrics.RoundTrip } simulated) return null;
        var variant = Kebab.TryParse<KptiVariant>(simulated.Variant, out var named) ? named : KptiVariant.Default;
        var system = new SystemUnderTest(simulated.System, simulated.Base, variant, published);
        return new Scenario
        {
            Name = published, Title = published, Question = published, Machine = simulated.Machine, Systems = [system], Workload = new PingPong(),
        };
    }
}
