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
        if (workload.Only is { } only && measurement.Alone(only.Metric, only.Count, point) is { } alone) return alone;
        if (workload.Only is not null) return Measurement.Since(LedgerMark.Take(simulated), simulated, system, point, []);
        foreach (var apps in Population.Steps(workload.MostApps)) measurement.WithApps(apps);
        foreach (var servers in Population.Steps(workload.MostServers)) measurement.WithServers(servers);
        return Measurement.Since(LedgerMark.Take(simulated), simulated, system, point, []) with { Readings = measurement.readings };
    }

    /// <summary>Protection keys that an app's own process has left to use: all but its own, unless servers that it maps have taken some.</summary>
    public static int FreeKeys(DesignSpec design, int servers) => Pkru.Keys - 1 - (design.ServersInApps ? servers : 0);

    Observation? Alone(string metric, int count, string point)
    {
        var observation = metric switch
        {
            Metrics.CallByApps => Call(count, workload.Servers),
            Metrics.CallByServers => Call(workload.Apps, count),
            Metrics.UpdateByApps => Change(Mappings(count, workload.Servers), mappings => mappings.Update()),
            Metrics.ConnectByApps => Change(Mappings(count, workload.Servers), mappings => mappings.Connect()),
            _ => Change(Mappings(workload.Apps, count), mappings => mappings.Connect()),
        };
        return observation is null ? null : observation with { Point = point, Readings = [new Reading(metric, "cycles", Estimate.Exact(observation.Units.Average()), Text(count))] };
    }

    void WithApps(int apps)
    {
        Add(Metrics.CallByApps, apps, Call(apps, workload.Servers));
        var mappings = Mappings(apps, workload.Servers);
        Add(Metrics.UpdateByApps, apps, Change(mappings, of => of.Update()));
        Add(Metrics.ConnectByApps, apps, Change(mappings, of => of.Connect()));
    }

    void WithServers(int servers)
    {
        Add(Metrics.CallByServers, servers, Call(workload.Apps, servers));
        Add(Metrics.ConnectByServers, servers, Change(Mappings(workload.Apps, servers), of => of.Connect()));
        readings.Add(new Reading(Metrics.FreeKeysByServers, "keys", Estimate.Exact(FreeKeys(spec.Design, servers)), Text(servers)));
    }

    ServerMappings Mappings(int apps, int servers)
    {
        var pages = (int)Math.Ceiling((program.CodeKib.Value + program.DataKib.Value) / KibPerPage) + program.StubCodePages.Value + program.StubDataPages.Value;
        return new ServerMappings(spec, catalogue.Paths[GrantPath], catalogue.Paths[GatePath], apps, servers, pages, seed);
    }

    Observation? Call(int apps, int servers)
    {
        var simulated = new SimulatedSystem(spec, seed);
        if (Rounds(simulated, apps, servers) is not { } rounds) return null;
        rounds.Run(workload.WarmUp, workload.Calls);
        return Measurement.Since(rounds.Begin!, simulated, system, "", rounds.Calls);
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

    Observation Change(ServerMappings mappings, Func<ServerMappings, long> change)
    {
        var cycles = change(mappings);
        var charged = mappings.Charged.Where(share => share.Cycles != 0).ToList();
        return new Observation
        {
            System = system, Point = "", Spec = spec, Units = [cycles],
            ByCause = Causes.All.ToDictionary(cause => cause, cause => (long)Math.Round(charged.Where(share => share.Cause == cause).Sum(share => share.Cycles))),
            ByNumber = [.. charged.Select(share => new NumberShare(share.Number, share.Cause, share.Cycles))],
        };
    }

    void Add(string metric, int count, Observation? observation)
    {
        if (observation is null) return;
        var times = observation.Units.Count;
        readings.Add(new Reading(metric, "cycles", Estimate.Exact(observation.Units.Average()), Text(count))
        {
            Range = Sensitivity.Of(observation, references.Of).Range() is { } ends ? (ends.Low / times, ends.High / times) : null,
        });
    }

    static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
