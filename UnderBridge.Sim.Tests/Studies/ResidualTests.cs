using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>
/// Each number that was fitted to a round trip between servers is solved again on the configuration it was fitted on: two servers in a warm loop. The others are solved again by
/// <see cref="Validation.CalibrationTests"/>.
/// </summary>
public class ResidualTests
{
    const double Tolerance = 0.01;
    const int RoundTrips = 200;

    static readonly Catalogue catalogue = Catalogue.Load();

    static IEnumerable<Sourced<double>> Fitted() => catalogue.Paths.Values
        .SelectMany(path => path.Numbers.Values).SelectMany(byMachine => byMachine.Values)
        .Where(number => number.Grade == Grade.Fitted && catalogue.Bibliography.Published[number.RestsOn!].SimulatedAs is not null).DistinctBy(number => (number.Name, number.RestsOn));

    [TestCaseSource(nameof(Fitted))]
    public void A_fitted_residual_solved_again_is_the_committed_one(Sourced<double> committed)
    {
        var published = catalogue.Bibliography.Published[committed.RestsOn!];
        var without = RoundTrip(committed, 0);
        var charges = (RoundTrip(committed, 100) - without) / 100;
        var solved = (published.Value - without) / charges;
        Assert.That(committed.Value, Is.EqualTo(solved).Within(Tolerance), $"commit {solved:0.##} as {committed.Name}");
        Assert.That(RoundTrip(committed, solved), Is.EqualTo(published.Value).Within(Tolerance), "run warm with the solved residual");
    }

    [Test]
    public void Every_published_round_trip_that_is_fitted_has_its_residual() =>
        Assert.That(Fitted().Select(number => number.RestsOn), Is.EquivalentTo(new[] { "rt-underbridge", "rt-skybridge", "rt-sel4", "rt-fiasco", "rt-zircon" }));

    static double RoundTrip(Sourced<double> fitted, double value)
    {
        var simulated = catalogue.Bibliography.Published[fitted.RestsOn!].SimulatedAs!;
        var variant = simulated.Variant == "no-kpti" ? KptiVariant.NoKpti : KptiVariant.Default;
        var system = new SystemUnderTest(simulated.System, simulated.Base, variant, fitted.Name);
        var scenario = new Scenario
        {
            Name = "residual", Title = "Residual", Question = "What is left?", Machine = simulated.Machine, Systems = [system], Workload = new PingPong(),
        };
        var spec = SystemResolver.Resolve(ResolvedScenario.Of(scenario, catalogue), system, catalogue);
        var changed = spec with { AppPath = With(spec.AppPath, fitted, value), ServerPath = With(spec.ServerPath, fitted, value) };
        var loop = new EchoLoop(new SimulatedSystem(changed, seed: 1), catalogue.Programs["echo"], warmUp: 200, RoundTrips);
        loop.Run();
        return loop.RoundTrips.Average();
    }

    static IpcPath With(IpcPath path, Sourced<double> fitted, double value) => path with
    {
        Numbers = path.Numbers.ToDictionary(entry => entry.Key, entry => (IReadOnlyDictionary<string, Sourced<double>>)entry.Value.ToDictionary(
            number => number.Key, number => number.Value.Name == fitted.Name ? number.Value with { Value = value } : number.Value)),
    };
}
