using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Scenarios;
namespace UnderBridge.Sim.Studies;
public sealed record Recording(IReadOnlyList<string> Warnings)
{
    public static Recording Read(Scenario scenario, Replay replay, Catalogue catalogue) => throw new NotSupportedException();
}
static class ReplayMeasurement
{
    public static Observation Of(Systems.SimulatedSystem simulated, Replay replay, SystemUnderTest system, string point, Catalogue catalogue, Recording recording) => throw new NotSupportedException();
}
