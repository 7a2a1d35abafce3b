using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>Measures a design with more and more apps, and with more and more servers.</summary>
static class PopulationMeasurement
{
    const string Program = "file-server", GrantPath = "grant-capability", GatePath = "generate-gate";
    const double KibPerPage = PageSizes.FrameBytes / 1024.0;

    public static Observation Of(SimulatedSystem simulated, Population workload, SystemUnderTest system, string point, Catalogue catalogue, int seed)
    {
        var (spec, program) = (simulated.Spec, catalogue.Programs[Program]);
        var pages = (int)Math.Ceiling((program.CodeKib.Value + program.DataKib.Value) / KibPerPage) + program.StubCodePages.Value + program.StubDataPages.Value;
        ServerMappings Mappings(int apps, int servers) => new(spec, catalogue.Paths[GrantPath], catalogue.Paths[GatePath], apps, servers, pages, seed);
        double Call(int apps, int servers)
        {
            var rounds = new AppRounds(new SimulatedSystem(spec, seed), program, apps, servers);
            rounds.Run(workload.WarmUp, workload.Calls);
            return rounds.Calls.Average();
        }

        var readings = new List<Reading>();
        foreach (var apps in Steps(workload.MostApps))
        {
            var mappings = Mappings(apps, workload.Servers);
            readings.Add(Cycles(Metrics.CallByApps, apps, Call(apps, workload.Servers)));
            readings.Add(Cycles(Metrics.UpdateByApps, apps, mappings.Update()));
            readings.Add(Cycles(Metrics.ConnectByApps, apps, mappings.Connect()));
        }
        foreach (var servers in Steps(workload.MostServers))
        {
            readings.Add(Cycles(Metrics.CallByServers, servers, Call(workload.Apps, servers)));
            readings.Add(Cycles(Metrics.ConnectByServers, servers, Mappings(workload.Apps, servers).Connect()));
            readings.Add(new Reading(Metrics.FreeKeysByServers, "keys", Estimate.Exact(FreeKeys(spec.Design, servers)), Text(servers)));
        }
        return Measurement.Since(LedgerMark.Take(simulated), simulated, system, point, []) with { Readings = readings };
    }

    /// <summary>Protection keys that an app's own process has left to use: all but its own, unless servers that it maps have taken some.</summary>
    public static int FreeKeys(DesignSpec design, int servers) => Pkru.Keys - 1 - (design.ServersInApps ? servers : 0);

    /// <summary>Powers of two up to a number, and the number.</summary>
    public static IEnumerable<int> Steps(int most) => Enumerable.Range(0, 31).Select(bit => 1 << bit).TakeWhile(step => step < most).Append(most);

    static Reading Cycles(string metric, int count, double cycles) => new(metric, "cycles", Estimate.Exact(cycles), Text(count));

    static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
