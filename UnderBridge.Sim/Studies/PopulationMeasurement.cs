using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>Measures a design with more and more apps, and with more and more servers.</summary>
sealed class PopulationMeasurement
{
    const string Program = "file-server", GrantPath = "grant-capability", GatePath = "generate-gate";
    const double KibPerPage = PageSizes.FrameBytes / 1024.0;

    readonly SystemSpec spec;
    readonly Population workload;
    readonly SystemUnderTest system;
    readonly Catalogue catalogue;
    readonly ReferenceRuns references;
    readonly ProgramSpec program;
    readonly int seed;
    readonly List<Reading> readings = [];

    PopulationMeasurement(SystemSpec spec, Population workload, SystemUnderTest system, Catalogue catalogue, int seed)
    {
        this.spec = spec;
        this.workload = workload;
        this.system = system;
        this.catalogue = catalogue;
        this.seed = seed;
        references = new ReferenceRuns(catalogue);
        program = catalogue.Programs[Program];
    }

    public static Observation Of(SimulatedSystem simulated, Population workload, SystemUnderTest system, string point, Catalogue catalogue, int seed)
    {
        var measurement = new PopulationMeasurement(simulated.Spec, workload, system, catalogue, seed);
        foreach (var apps in Steps(workload.MostApps)) measurement.WithApps(apps);
        foreach (var servers in Steps(workload.MostServers)) measurement.WithServers(servers);
        return Measurement.Since(LedgerMark.Take(simulated), simulated, system, point, []) with { Readings = measurement.readings };
    }

    /// <summary>Protection keys that an app's own process has left to use: all but its own, unless servers that it maps have taken some.</summary>
    public static int FreeKeys(DesignSpec design, int servers) => Pkru.Keys - 1 - (design.ServersInApps ? servers : 0);

    /// <summary>Powers of two up to a number, and the number.</summary>
    public static IEnumerable<int> Steps(int most) => Enumerable.Range(0, 31).Select(bit => 1 << bit).TakeWhile(step => step < most).Append(most);

    void WithApps(int apps)
    {
        Call(Metrics.CallByApps, apps, apps, workload.Servers);
        var mappings = Mappings(apps, workload.Servers);
        Change(Metrics.UpdateByApps, apps, mappings, mappings.Update());
        Change(Metrics.ConnectByApps, apps, mappings, mappings.Connect());
    }

    void WithServers(int servers)
    {
        Call(Metrics.CallByServers, servers, workload.Apps, servers);
        var mappings = Mappings(workload.Apps, servers);
        Change(Metrics.ConnectByServers, servers, mappings, mappings.Connect());
        readings.Add(new Reading(Metrics.FreeKeysByServers, "keys", Estimate.Exact(FreeKeys(spec.Design, servers)), Text(servers)));
    }

    ServerMappings Mappings(int apps, int servers)
    {
        var pages = (int)Math.Ceiling((program.CodeKib.Value + program.DataKib.Value) / KibPerPage) + program.StubCodePages.Value + program.StubDataPages.Value;
        return new ServerMappings(spec, catalogue.Paths[GrantPath], catalogue.Paths[GatePath], apps, servers, pages, seed);
    }

    void Call(string metric, int count, int apps, int servers)
    {
        var simulated = new SimulatedSystem(spec, seed);
        if (Rounds(simulated, apps, servers) is not { } rounds) return;
        rounds.Run(workload.WarmUp, workload.Calls);
        var observation = Measurement.Since(rounds.Begin!, simulated, system, "", rounds.Calls);
        Add(metric, count, rounds.Calls.Average(), observation, rounds.Calls.Count);
    }

    // Where keys run out there is nothing to measure.
    AppRounds? Rounds(SimulatedSystem simulated, int apps, int servers)
    {
        try
        {
            return new AppRounds(simulated, program, apps, servers);
        }
        catch (KeysExhaustedException)
        {
            return null;
        }
    }

    void Change(string metric, int count, ServerMappings mappings, long cycles)
    {
        var charged = mappings.Charged.Where(share => share.Cycles != 0).ToList();
        var observation = new Observation
        {
            System = system, Point = "", Spec = spec, Units = [cycles],
            ByCause = Causes.All.ToDictionary(cause => cause, cause => (long)Math.Round(charged.Where(share => share.Cause == cause).Sum(share => share.Cycles))),
            ByNumber = [.. charged.Select(share => new NumberShare(share.Number, share.Cause, share.Cycles))],
        };
        Add(metric, count, cycles, observation, 1);
    }

    void Add(string metric, int count, double cycles, Observation observation, int times) => readings.Add(new Reading(metric, "cycles", Estimate.Exact(cycles), Text(count))
    {
        Range = Sensitivity.Of(observation, references.Of).Range() is { } ends ? (ends.Low / times, ends.High / times) : null,
    });

    static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
