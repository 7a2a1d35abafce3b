using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>How the three ways to place servers behind keys grow with the number of apps and servers.</summary>
public class PopulationTests
{
    const string Process = "server-process", Apps = "servers-in-apps", Kernel = "underbridge";

    static readonly Lazy<IReadOnlyList<Observation>> observations = new(() =>
        new ScenarioRunner(Shipped.Catalogue).Run(Shipped.Scenario("designs", "workload.most-apps=32", "workload.calls=15", "workload.warm-up=16"), jobs: 2).Observations);

    static List<double> Values(string system, string metric) =>
        [.. observations.Value.Single(one => one.System.System == system).Readings.Where(reading => reading.Metric == metric).Select(reading => reading.Value.Value)];

    [Test]
    public void More_apps_and_servers_never_make_a_change_or_a_connection_cheaper()
    {
        foreach (var system in observations.Value.Select(one => one.System.System))
        {
            foreach (var metric in new[] { Metrics.UpdateByApps, Metrics.ConnectByApps, Metrics.ConnectByServers })
                Assert.That(Values(system, metric), Is.Ordered.Ascending, $"{system} {metric}");
        }
    }

    [Test]
    public void More_apps_make_a_change_dearer_without_end_only_where_every_app_maps_the_servers()
    {
        Assert.That(Values(Apps, Metrics.UpdateByApps), Is.Ordered.Ascending.And.Unique);
        Assert.That(Values(Process, Metrics.UpdateByApps).Distinct().Count(), Is.EqualTo(1));
        // Under KPTI each process holds translations of the kernel's half under a PCID of its own: page by page, until one flush is cheaper.
        var inKernel = Values(Kernel, Metrics.UpdateByApps);
        Assert.That(inKernel[^1], Is.EqualTo(inKernel[^2]).And.LessThan(Values(Apps, Metrics.UpdateByApps)[^1]));
    }

    [TestCase(1, 1)]
    [TestCase(4, 3)]
    [TestCase(16, 15)]
    public void Connecting_grants_a_capability_each_and_maps_every_page_only_where_apps_map_servers(int apps, int servers)
    {
        const int pages = 9;
        foreach (var (design, mapped, gates) in new[] { (Process, 0, 0), (Apps, pages, 0), (Kernel, 0, servers) })
        {
            var mappings = new ServerMappings(
                Bench.Spec(design, "sel4", KptiVariant.Kpti), Shipped.Catalogue.Paths["grant-capability"], Shipped.Catalogue.Paths["generate-gate"], apps, servers, pages, seed: 1);
            var cycles = mappings.Connect();
            double Charged(string number) => mappings.Charged.Where(share => share.Number.Name == number).Sum(share => share.Cycles);
            Assert.That(Charged("grant-capability.grant"), Is.EqualTo(apps * servers * 500), design);
            Assert.That(Charged("machine.pte-write"), Is.EqualTo(apps * servers * mapped * 30), design);
            Assert.That(Charged("generate-gate.generate"), Is.EqualTo(gates * 300), design);
            Assert.That(cycles, Is.EqualTo(mappings.Charged.Sum(share => share.Cycles)).Within(1), design);
        }
    }

    [Test]
    public void Calls_between_processes_pay_the_kernel_twice_in_process_once_and_in_apps_never()
    {
        foreach (var metric in new[] { Metrics.CallByApps, Metrics.CallByServers })
        {
            var (native, process, apps, kernel) = (Values("native", metric), Values(Process, metric), Values(Apps, metric), Values(Kernel, metric));
            for (var i = metric == Metrics.CallByServers ? 1 : 0; i < native.Count; i++)
                Assert.That(new[] { apps[i], kernel[i], process[i], native[i] }, Is.Ordered.Ascending.And.Unique, $"{metric} {i}");
        }
    }

    // All translations of one page, one for the PCID of each app, fall into one set.
    [TestCase(Apps, true)]
    [TestCase(Kernel, true)]
    [TestCase(Process, false)]
    public void A_server_under_the_PCIDs_of_more_apps_than_the_second_level_TLB_has_ways_is_walked_for_at_each_call(string design, bool walks)
    {
        var ways = Shipped.Xeon.Tlb(2, fetch: false, PageSize.Small)!.Ways;
        double Call(int apps)
        {
            var rounds = new AppRounds(new SimulatedSystem(Bench.Spec(design, "sel4", KptiVariant.Kpti), seed: 1), Shipped.Catalogue.Programs["file-server"], apps, servers: 5);
            rounds.Run(warmUp: 10, measured: 10);
            return rounds.Calls.Average();
        }
        var (fits, over, far) = (Call(ways), Call(ways + 1), Call(ways + 4));
        Assert.That((over - fits > 100, Math.Abs(far - over) < 20), Is.EqualTo((walks, true)), $"{fits} {over} {far}");
    }

    [TestCase(Process, 15, 15)]
    [TestCase(Apps, 5, 10)]
    [TestCase(Apps, 15, 0)]
    [TestCase(Kernel, 15, 15)]
    public void Servers_take_keys_from_an_app_only_in_its_own_process(string design, int servers, int left) =>
        Assert.That(PopulationMeasurement.FreeKeys(Shipped.Catalogue.Designs[design], servers), Is.EqualTo(left));

    [Test]
    public void Each_cost_lies_within_its_range() => Assert.That(observations.Value.SelectMany(one => one.Readings).Where(reading => reading.Unit == "cycles"),
        Is.All.Matches<Reading>(reading => reading.Range is not { } range || range.Low <= reading.Value.Value + 1 && reading.Value.Value - 1 <= range.High));

    static IEnumerable<string> Designs => new SystemNames(Shipped.Catalogue).All.Where(name => name != SystemNames.Native);

    [TestCaseSource(nameof(Designs))]
    public void Every_design_of_the_catalogue_takes_more_and_more_apps_and_servers(string design)
    {
        var @base = new SystemNames(Shipped.Catalogue).NeedsBase(design) ? "sel4" : "";
        var scenario = Shipped.Scenario("designs") with
        {
            Systems = [new SystemUnderTest(design, @base, KptiVariant.Default, design)],
            Workload = new Population { MostApps = 2, Servers = 2, MostServers = 3, Apps = 1, WarmUp = 1, Calls = 1 },
        };
        var readings = new ScenarioRunner(Shipped.Catalogue).Run(scenario, jobs: 1).Observations[0].Readings;
        Assert.That(readings.GroupBy(reading => reading.Metric).ToDictionary(group => group.Key, group => group.Count()), Is.EqualTo(new Dictionary<string, int>
        {
            [Metrics.CallByApps] = 2, [Metrics.UpdateByApps] = 2, [Metrics.ConnectByApps] = 2, [Metrics.CallByServers] = 3, [Metrics.ConnectByServers] = 3, [Metrics.FreeKeysByServers] = 3,
        }));
    }

    [Test]
    public void Where_apps_share_the_servers_process_their_keys_run_out_and_calls_are_not_reported()
    {
        var scenario = Shipped.Scenario("designs") with
        {
            Systems = [new SystemUnderTest("erim", "", KptiVariant.Default, "erim")], Workload = new Population { MostApps = 16, MostServers = 1, WarmUp = 0, Calls = 1 },
        };
        var readings = new ScenarioRunner(Shipped.Catalogue).Run(scenario, jobs: 1).Observations[0].Readings;
        Assert.That(readings.Where(reading => reading.Metric == Metrics.CallByApps).Select(reading => reading.Point), Is.EqualTo(new[] { "1", "2", "4", "8" }));
        Assert.That(readings.Count(reading => reading.Metric == Metrics.ConnectByApps), Is.EqualTo(5));
    }

    [Test]
    public void An_app_and_its_servers_fence_each_other_in_one_process()
    {
        var system = new SimulatedSystem(Bench.Spec(Apps), seed: 1);
        var rounds = new AppRounds(system, Bench.Echo, apps: 3, servers: 2);
        rounds.Run(warmUp: 1, measured: 1);
        Assert.That(system.Core.Faults, Is.Empty);
        system.Principals.First(principal => principal.Owner.Kind == OwnerKind.App).Registers.Load(system.Core, system.Kernel);
        foreach (var region in system.Machine.Regions.Where(region => !region.Executable && region.Owner.Kind == OwnerKind.Server))
            Assert.That(system.Core.Check(region, Access.Read), Is.EqualTo(ProtectionRule.KeyAccess), region.Name);
    }
}
