using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>Services by means: deprivation of privilege, and kernels cut into compartments, against what can be worked out without running anything.</summary>
public class ServiceStudyTests
{
    const int Operations = 1000;

    static readonly ProgramSpec app = Shipped.Catalogue.Programs["service-app"];

    static StudyResult Run(string scenario, IEnumerable<(string System, KptiVariant Variant)> systems, params string[] settings)
    {
        var asked = Shipped.Scenario(scenario);
        var set = settings.Append($"workload.operations={Operations}").Select(text => text.Split('=')).Select(parts => new Setting(parts[0], parts[1], ""));
        return new ScenarioRunner(Shipped.Catalogue).Run(asked with
        {
            Sweep = null, Settings = [.. set], Systems = [.. systems.Select(system => new SystemUnderTest(system.System, "", system.Variant, system.System))],
        }, jobs: 2);
    }

    static Observation Deprived(string system, double rate) =>
        Run("deprivation", [(system, KptiVariant.Default)], FormattableString.Invariant($"workload.privileged-rate={rate}")).Observations[0];

    static Observation Divided(string system, KptiVariant variant, int compartments) =>
        Run("hardened-monolith", [(system, variant)], FormattableString.Invariant($"workload.compartments={compartments}")).Observations[0];

    static double Cost(Observation observation) => observation.Units.Average();

    /// <summary>Requests of each service in an operation of the app.</summary>
    static Dictionary<string, double> Requests()
    {
        var requests = new Dictionary<string, double>();
        void Add(ProgramSpec caller, double times)
        {
            foreach (var (callee, rate) in caller.Service!.Calls)
            {
                requests[callee] = requests.GetValueOrDefault(callee) + times * rate.Value;
                Add(Shipped.Catalogue.Programs[callee], times * rate.Value);
            }
        }
        Add(app, 1);
        return requests;
    }

    // One class of instructions costs exits x (exit - gate) more where it exits, and one patch a server where it is rewritten: they meet where these are equal.
    [Test]
    public void Rewriting_pays_from_the_rate_where_the_exits_it_saves_have_paid_for_the_patches()
    {
        var requests = Requests();
        var work = requests.Sum(service => service.Value * Shipped.Catalogue.Programs[service.Key].Service!.Work.Value);
        var gate = StepProgram.Compile(Shipped.Catalogue.Paths["underbridge-kernel"], Bench.Spec("underbridge").Kernel.Features, Shipped.Xeon, new Provenance(), footprints: null).RoundTripPrice;
        var patch = Shipped.Catalogue.Designs["deprived-rewrite"].Deprivation!.Patch!.Value;
        var worked = patch * requests.Count / (Operations * work / 1e6 * (Shipped.Xeon.Price("vm-exit").Value - gate));

        double Saved(double rate, Func<Observation, double> cost) => cost(Deprived("deprived-exit", rate)) - cost(Deprived("deprived-rewrite", rate));
        double Meets(Func<Observation, double> cost, double few, double many) => few - Saved(few, cost) * (many - few) / (Saved(many, cost) - Saved(few, cost));

        Assert.That(Meets(observation => observation.IpcDirect, 100, 1000), Is.EqualTo(worked).Within(2).Percent);
        // An exit that is rare finds the monitor's lines cold, so it costs more than its price, and rewriting pays a little earlier.
        Assert.That(Meets(Cost, worked / 2, worked * 2), Is.InRange(0.6 * worked, worked));
    }

    [TestCase("deprived-exit")]
    [TestCase("deprived-rewrite")]
    [TestCase("deprived-checks")]
    public void Depriving_servers_costs_more_the_more_privileged_instructions_they_execute(string system)
    {
        var costs = new[] { 0.0, 10, 100, 500, 2000 }.Select(rate => Cost(Deprived(system, rate))).ToList();
        Assert.That(costs, Is.Ordered.Ascending);
        Assert.That(costs[^1], Is.GreaterThan(costs[0] + 100));
    }

    [Test]
    public void Trusted_servers_pay_nothing_whatever_they_execute() => Assert.That(Deprived("underbridge", 2000).Units, Is.EqualTo(Deprived("underbridge", 0).Units));

    [Test]
    public void Each_exit_is_booked_under_the_monitor()
    {
        var (without, with) = (Deprived("deprived-exit", 0), Deprived("deprived-exit", 1000));
        var exits = (with.ByCause[Cause.MonitorExit] - without.ByCause[Cause.MonitorExit]) / Shipped.Xeon.Price("vm-exit").Value;
        var work = Requests().Sum(service => service.Value * Shipped.Catalogue.Programs[service.Key].Service!.Work.Value);
        Assert.That(exits, Is.EqualTo(Operations * work * 1000 / 1e6).Within(0.5).Percent);
    }

    [Test]
    public void Checks_of_control_flow_take_their_share_of_the_work_of_servers()
    {
        var (plain, measured) = (Deprived("underbridge", 0), Deprived("deprived-checks", 0));
        Assert.That(measured.CyclesOf("deprived-checks.checks") / plain.ByCause[Cause.WorkServer], Is.EqualTo(0.043).Within(0.0001));
    }

    [TestCase("hardened", KptiVariant.Kpti)]
    [TestCase("bulkhead", KptiVariant.NoKpti)]
    public void A_kernel_in_one_compartment_costs_what_it_cost_before(string system, KptiVariant variant) =>
        Assert.That(Divided(system, variant, 1).Units, Is.EqualTo(Divided("monolithic", variant, 1).Units));

    [Test]
    public void A_kernel_that_nothing_divides_costs_the_same_whatever_number_is_asked_for() =>
        Assert.That(Divided("monolithic", KptiVariant.Kpti, 16).Units, Is.EqualTo(Divided("monolithic", KptiVariant.Kpti, 1).Units));

    // Halving compartments keeps every border that there was, so crossings only grow.
    [TestCase("hardened", KptiVariant.Kpti, 16)]
    [TestCase("iskios", KptiVariant.Kpti, 8)]
    [TestCase("bulkhead", KptiVariant.NoKpti, 16)]
    public void Compartments_cut_in_two_cost_more(string system, KptiVariant variant, int most)
    {
        var costs = new[] { 1, 2, 4, 8, 16 }.Where(count => count <= most).Select(count => Cost(Divided(system, variant, count))).ToList();
        Assert.That(costs, Is.Ordered.Ascending.And.Unique);
    }

    [TestCase("hardened", "wrpkru")]
    [TestCase("bulkhead", "wrmsr")]
    public void A_gate_is_crossed_for_each_call_that_leaves_its_compartment(string system, string instruction)
    {
        foreach (var compartments in new[] { 2, 5, 8, 13, 16 })
        {
            var observation = Divided(system, KptiVariant.Default, compartments);
            var crossings = observation.ByCause[Cause.DomainSwitch] / (2 * observation.Spec.Machine.Price(instruction).Value * Operations);
            Assert.That(crossings, Is.EqualTo(Crossings(compartments)).Within(1).Percent, $"{compartments} compartments");
        }
    }

    // Worked out over the three instances of five services that stand in a row behind the kernel's own part.
    static double Crossings(int compartments)
    {
        string[] row = ["memory-manager", "file-server", "driver", "network", "scheduler"];
        int Of(int instance, string service) => (1 + (instance * row.Length) + Array.IndexOf(row, service)) * compartments / 16;
        double From(int instance, int here, ProgramSpec program) => program.Service!.Calls.Sum(call =>
            call.Value.Value * ((Of(instance, call.Key) == here ? 0 : 1) + From(instance, Of(instance, call.Key), Shipped.Catalogue.Programs[call.Key])));
        return Enumerable.Range(0, 3).Average(instance => From(instance, 0, app));
    }

    [Test]
    public void Where_keys_run_out_only_that_is_reported()
    {
        var study = Run("hardened-monolith", [("monolithic", KptiVariant.NoKpti), ("iskios", KptiVariant.Kpti)], "workload.compartments=9");
        var rows = StudyRows.Of(study, Shipped.Catalogue).Where(row => row.System == "iskios").ToList();
        Assert.That(rows.Select(row => (row.Metric, row.Value, row.Unit)), Is.EqualTo(new[] { (Metrics.FreeKeys, -1.0, "keys") }));
    }

    [Test]
    public void What_is_added_is_the_difference_of_what_operations_cost()
    {
        var rows = StudyRows.Of(Run("deprivation", [("underbridge", KptiVariant.Default), ("deprived-exit", KptiVariant.Default)], "workload.privileged-rate=100"), Shipped.Catalogue);
        double Value(string system, string metric) => rows.Single(row => row.System == system && row.Metric == metric).Value;
        Assert.That(Value("deprived-exit", Metrics.AddedCost), Is.EqualTo(Value("deprived-exit", Metrics.OperationCost) - Value("underbridge", Metrics.OperationCost)).Within(1e-6));
        var row = rows.Single(row => row.Metric == Metrics.AddedCost);
        Assert.That(row.RangeLow, Is.Positive.And.LessThan(row.Value));
        Assert.That(row.RangeHigh, Is.GreaterThan(row.Value));
    }

    static IEnumerable<string> Designs => new SystemNames(Shipped.Catalogue).All.Where(name => name != SystemNames.Native);

    [TestCaseSource(nameof(Designs))]
    public void Every_design_of_the_catalogue_serves_a_mix_of_services_however_it_is_cut(string design)
    {
        var @base = new SystemNames(Shipped.Catalogue).NeedsBase(design) ? "sel4" : "";
        foreach (var compartments in new[] { 0, 1, 4 })
        {
            var scenario = Shipped.Scenario("deprivation") with
            {
                Sweep = null, Systems = [new SystemUnderTest(design, @base, KptiVariant.Default, design)], Workload = new ServiceMix { Compartments = compartments, WarmUp = 5, Operations = 20 },
            };
            var observation = new ScenarioRunner(Shipped.Catalogue).Run(scenario, jobs: 1).Observations[0];
            Assert.That((observation.Units.Count, observation.Units.Min() > 0), Is.EqualTo((20, true)), $"{compartments} compartments");
        }
    }

    [TestCase("hardened")]
    [TestCase("iskios")]
    [TestCase("bulkhead")]
    public void A_compartment_reaches_no_data_of_others_nor_of_the_kernels_own_part(string design)
    {
        var graph = new ServiceGraph(app, Shipped.Catalogue.Programs, instances: 1);
        var system = new SimulatedSystem(Bench.Spec(design), seed: 1);
        var parts = Enumerable.Range(0, 3).Select(number => new Compartment(graph, service => service % 3, number, isCore: number == 0, privilegedRate: null)).ToList();
        var servers = system.AddServers(workScale: 1, [.. parts.Select((part, number) => (part.Program($"part {number}", Shipped.Xeon), (IServerHandler)part))]);
        var client = new ReplayApp(system, app, [new ReplayCall(1, 1, new ServerRequest(1), EndsOperation: true)], servers, app.Service!.Work, workScale: 1);
        client.Run(_ => { });
        Assert.That(system.Core.Faults, Is.Empty);
        servers[1].Principal.Registers.Load(system.Core, system.Kernel);
        foreach (var region in system.Machine.Regions.Where(region => !region.Executable && region.Owner.Kind == OwnerKind.Server && region.Translation(system.Core.Space!.Tag(system.Core.KernelView, 0)) != 0))
        {
            var own = region.Owner == servers[1].Principal.Owner;
            Assert.That(system.Core.Check(region, Access.Write), Is.EqualTo(own ? ProtectionRule.Allowed : ProtectionRule.KeyAccess), region.Name);
        }
    }
}
