using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests;

public class NamedScenariosTests
{
    static readonly Catalogue Catalogue = Catalogue.Load();

    static string Scenarios
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "UnderBridge.sln"))) folder = folder.Parent!;
            return Path.Combine(folder.FullName, "scenarios");
        }
    }

    static Scenario Read(string name)
    {
        var errors = new ErrorList();
        var scenario = new ScenarioReader(Catalogue, [], errors).Read(Path.Combine(Scenarios, name + ".yaml"));
        errors.ThrowIfAny();
        return scenario!;
    }

    [Test]
    public void Every_scenario_of_the_folder_is_accepted()
    {
        var names = Directory.EnumerateFiles(Scenarios, "*.yaml").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToList();
        Assert.That(names, Is.SupersetOf(new[] { "ipc-cost-share", "ipc-roundtrip", "sqlite-ycsb-a" }));
        foreach (var name in names) Assert.That(Read(name!).Name, Is.EqualTo(name));
    }

    [Test]
    public void Every_study_sweeps_over_at_least_a_hundred_points()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Scenarios, "studies"), "*.yaml"))
            Assert.That(ScenarioReader.Load(file, Catalogue).Sweep?.Points.Count, Is.AtLeast(100), file);
    }

    [Test]
    public void The_round_trip_has_the_eight_bars_of_the_figure() =>
        Assert.That(Read("ipc-roundtrip").Systems.Select(bar => (bar.System, bar.Base, bar.Variant)), Is.EqualTo(new[]
        {
            ("monolithic", "", KptiVariant.Default),
            ("underbridge", "", KptiVariant.Default),
            ("skybridge", "", KptiVariant.Default),
            ("sel4", "", KptiVariant.NoKpti),
            ("sel4", "", KptiVariant.Kpti),
            ("fiasco", "", KptiVariant.NoKpti),
            ("fiasco", "", KptiVariant.Kpti),
            ("zircon", "", KptiVariant.Default),
        }));

    [Test]
    public void The_throughput_has_six_bars_on_each_of_three_kernels()
    {
        var groups = Read("sqlite-ycsb-a").Systems.GroupBy(bar => bar.Base).ToDictionary(group => group.Key, group => group.Count());
        Assert.That(groups, Is.EqualTo(new Dictionary<string, int> { ["zircon"] = 6, ["fiasco"] = 6, ["sel4"] = 6 }));
    }

    [Test]
    public void The_cost_share_replays_what_the_throughput_replays()
    {
        Assert.That(((Replay)Read("ipc-cost-share").Workload).Trace, Is.EqualTo(((Replay)Read("sqlite-ycsb-a").Workload).Trace));
        Assert.That(Read("ipc-cost-share").Figures.Select(figure => figure.Kind), Is.EqualTo(new[] { "cost-share" }));
    }
}
