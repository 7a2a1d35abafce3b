using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Validation;

/// <summary>One path walked warm under one setup, and what each of its legs cost.</summary>
sealed class WarmRun
{
    const string EchoProgram = "echo";

    // Warm after a few walks; more only tell cycles of long periods apart.
    const int WarmUp = 60, Trips = 20, Seed = 1;

    readonly Dictionary<PathLeg, Observation> legs;

    WarmRun(Dictionary<PathLeg, Observation> legs) => this.legs = legs;

    /// <summary>The trips that an observation counts.</summary>
    public static int TripsObserved => Trips;

    public Observation this[PathLeg leg] => legs[leg];

    /// <summary>Walks the path with the user's settings, and at both ends of the ranges of its footprints.</summary>
    public static WarmRun Of(Setup setup, Catalogue catalogue, IReadOnlyList<Setting> settings)
    {
        var spec = Spec(setup, catalogue, settings);
        var run = Of(setup, spec, catalogue.Programs[EchoProgram]);
        var ends = Ends.ToDictionary(end => end, end => Of(setup, spec.AtSizes(end), catalogue.Programs[EchoProgram].AtSizes(end)));
        return new WarmRun(run.legs.ToDictionary(leg => leg.Key, leg => leg.Value with { AtSizes = ends.ToDictionary(end => end.Key, end => end.Value[leg.Key]) }));
    }

    /// <summary>Walks the path with the user's settings and some numbers changed.</summary>
    public static WarmRun Of(Setup setup, Catalogue catalogue, IReadOnlyList<Setting> settings, Func<SystemSpec, SystemSpec> change) =>
        Of(setup, change(Spec(setup, catalogue, settings)), catalogue.Programs[EchoProgram]);

    static readonly IReadOnlyList<RangeEnd> Ends = [RangeEnd.Low, RangeEnd.High];

    static WarmRun Of(Setup setup, SystemSpec spec, ProgramSpec program)
    {
        var simulated = new SimulatedSystem(spec, Seed);
        var loop = new PathLoop(simulated, program, WarmUp, Trips);
        loop.Run();
        if (simulated.Core.Faults.Count > 0) throw new ProtectionFaultException(setup.Key, simulated.Core.Faults);
        return new WarmRun(new()
        {
            [PathLeg.Both] = Observe(setup, simulated, loop, trip => (trip.Start, trip.Replied)),
            [PathLeg.Call] = Observe(setup, simulated, loop, trip => (trip.Start, trip.Called)),
            [PathLeg.Reply] = Observe(setup, simulated, loop, trip => (trip.Called, trip.Replied)),
        });
    }

    static SystemSpec Spec(Setup setup, Catalogue catalogue, IReadOnlyList<Setting> settings)
    {
        var scenario = new Scenario
        {
            Name = setup.Key, Title = "", Question = "", Machine = setup.Machine, Systems = [], Workload = new PingPong(), Settings = settings,
        };
        var resolved = ResolvedScenario.Of(scenario, catalogue);
        var features = resolved.Kernel.Over(setup.Kernel.Features);
        if (setup.FixesKpti) features = features with { Kpti = setup.Kernel.Features.Kpti };
        return new SystemSpec(resolved.Machine, setup.Kernel with { Features = features }, Design(setup.Path, catalogue), setup.Path, setup.Path);
    }

    // What a design asks of the machine holds for its paths too; its other paths, its monitor and its policies take no part in a walk of one.
    static DesignSpec Design(IpcPath path, Catalogue catalogue)
    {
        var asking = catalogue.Designs.Values.FirstOrDefault(design => design.AppPath == path.Name || design.ServerPath == path.Name);
        return new DesignSpec(path.Name, path.Title, path.Callee, path.Name, path.Name, NeedsKpti: false) { TurnsOff = asking?.TurnsOff ?? Control.None, EptPages = asking?.EptPages };
    }

    static Observation Observe(Setup setup, SimulatedSystem simulated, PathLoop loop, Func<Trip, (LedgerMark From, LedgerMark To)> part)
    {
        var parts = loop.Trips.Select(part).ToList();
        return new Observation
        {
            System = new SystemUnderTest(setup.Kernel.Name, "", setup.Kernel.Features.Kpti ? KptiVariant.Kpti : KptiVariant.NoKpti, setup.Path.Title),
            Point = "",
            Spec = simulated.Spec,
            Units = [.. parts.Select(trip => Causes.All.Sum(cause => trip.To[cause] - trip.From[cause]))],
            ByCause = Causes.All.ToDictionary(cause => cause, cause => parts.Sum(trip => trip.To[cause] - trip.From[cause])),
            ByNumber = [.. Enumerable.Range(0, simulated.Provenance.Count)
                .SelectMany(number => Causes.All.Select(cause => new NumberShare(simulated.Provenance[number], cause, parts.Sum(trip => trip.To.ByNumber(number, cause) - trip.From.ByNumber(number, cause)))))
                .Where(share => Math.Abs(share.Cycles) > Rounding)],
        };
    }

    // Differences of large sums of fractional prices leave this much of a number that was not charged.
    const double Rounding = 1e-6;
}
