using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests;

public class ScenarioReaderTests
{
    const string Loop = """
        name: x
        title: A title
        question: Why?
        machine: xeon-gold-6138
        systems:
          - {system: sel4}
        workload: {kind: ping-pong}
        """;

    static readonly Catalogue Catalogue = Catalogue.Load();

    ErrorList errors = new();
    string folder = "";

    [SetUp]
    public void Prepare()
    {
        errors = new ErrorList();
        folder = Directory.CreateTempSubdirectory().FullName;
    }

    [TearDown]
    public void Clean() => Directory.Delete(folder, recursive: true);

    Scenario? Parse(string text, params string[] settings) =>
        new ScenarioReader(Catalogue, SettingParser.Parse(settings, errors), errors).Parse(text, Path.Combine(folder, "x.yaml"));

    Scenario? ReadFile(string name) => new ScenarioReader(Catalogue, [], errors).Read(Path.Combine(folder, name));

    void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    // What the catalogue has of its own is left out, so that a new design or workload breaks no message.
    string Messages => string.Join('\n', errors.Errors).Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(string.Join(", ", new SystemNames(Catalogue).All), "<all>", StringComparison.Ordinal)
        .Replace(string.Join(", ", WorkloadReader.Kinds), "<all>", StringComparison.Ordinal);

    ResolvedScenario Resolve(string text, params string[] settings) => ResolvedScenario.Of(Accepted(Parse(text, settings)), Catalogue);

    Scenario Accepted(Scenario? scenario)
    {
        Assert.That(Messages, Is.Empty);
        return scenario!;
    }

    [Test]
    public void A_scenario_has_defaults_for_what_it_leaves_out()
    {
        var scenario = Accepted(Parse(Loop));
        Assert.That(scenario.Seed, Is.EqualTo(1));
        Assert.That(scenario.Systems, Is.EqualTo(new[] { new SystemUnderTest("sel4", "", KptiVariant.Default, "seL4") { Title = "seL4" } }));
        Assert.That(scenario.Workload, Is.EqualTo(new PingPong()));
        Assert.That(scenario.Sweep, Is.Null);
        Assert.That(scenario.Points, Is.EqualTo(new[] { SweepPoint.Origin }));
        Assert.That(scenario.Settings, Is.Empty);
    }

    [TestCase("name: x", "name: y", "x.yaml:1:7: found the name 'y', expected 'x', the name of the file")]
    [TestCase("name: x\n", "", "x.yaml:1:1: found no 'name', expected 'x', the name of the file")]
    [TestCase("title:", "titel:", "x.yaml:1:1: found no 'title', expected a text\n"
        + "x.yaml:2:1: found 'titel', expected one of name, title, workload, question, machine, seed, systems, set, sweep, figures, extends; did you mean 'title'?")]
    [TestCase("xeon-gold-6138", "xeon-gold-6183", "x.yaml:4:10: found 'xeon-gold-6183' for 'machine', expected one of the machines i7-12700h, i7-4770, i7-6700, ryzen-5900x, ryzen-7950x, skylake-skybridge, xeon-e5-2660-v3, xeon-gold-6138, xeon-silver-4114; did you mean 'xeon-gold-6138'?")]
    [TestCase("machine: xeon-gold-6138", "machine: xeon-gold-6138\nseed: -1", "x.yaml:5:7: found '-1' for 'seed', expected a whole number of at least 0")]
    [TestCase("{system: sel4}", "{system: sel}",
        "x.yaml:6:14: found 'sel' for 'system', expected one of the systems <all>; did you mean 'sel4'?")]
    [TestCase("{system: sel4}", "{system: native}", "x.yaml:6:5: found 'native' without a 'base', expected one of the kernels fiasco-2018, fiasco, sel4-2018, sel4-2023, sel4-2026-mcs, sel4-2026, sel4, zircon-2018, zircon")]
    [TestCase("{system: sel4}", "{system: native, base: linux}", "x.yaml:6:28: found 'linux' for 'base', expected one of the kernels fiasco-2018, fiasco, sel4-2018, sel4-2023, sel4-2026-mcs, sel4-2026, sel4, zircon-2018, zircon")]
    [TestCase("{system: sel4}", "{system: sel4, base: zircon}", "x.yaml:6:20: found a 'base' under the kernel 'sel4', expected none, or the system 'native' on this base")]
    [TestCase("{system: sel4}", "{system: sel4, variant: nokpti}",
        "x.yaml:6:29: found 'nokpti' for 'variant', expected one of default, kpti, no-kpti; did you mean 'no-kpti'?")]
    [TestCase("{system: sel4}", "{system: sel4}\n  - {system: sel4, label: Again}", "x.yaml:7:5: found 'seL4' a second time, expected each system, base and variant once")]
    [TestCase("\n  - {system: sel4}", " []", "x.yaml:5:10: found no systems, expected at least one system")]
    [TestCase("\n  - {system: sel4}", " sel4", "x.yaml:5:10: found 'sel4' for 'systems', expected a list")]
    [TestCase("{kind: ping-pong}", "{kind: pingpong}", "x.yaml:7:18: found 'pingpong' for 'kind', expected one of <all>; did you mean 'ping-pong'?")]
    [TestCase("{kind: ping-pong}", "{kind: ping-pong, round-trips: 0}", "x.yaml:7:42: found '0' for 'round-trips', expected a whole number of at least 1")]
    [TestCase("{kind: ping-pong}", "{kind: ping-pong, work-scale: 0}", "x.yaml:7:41: found '0' for 'work-scale', expected a number above 0 and at most 1000000")]
    [TestCase("{kind: ping-pong}", "{kind: services, servers: [4, 4]}", "x.yaml:7:41: found 4 after 4, expected numbers of servers that grow")]
    [TestCase("{kind: ping-pong}", "{kind: services, servers: [0]}", "x.yaml:7:38: found '0' for 'servers', expected a whole number between 1 and 100")]
    [TestCase("{kind: ping-pong}", "{kind: services, zipf: -1}", "x.yaml:7:34: found '-1' for 'zipf', expected a number between 0 and 10")]
    [TestCase("{kind: ping-pong}", "{kind: services, epoc: 5000}", "x.yaml:7:28: found 'epoc' under 'workload', expected one of kind, servers, warm-up, requests, batches, calls, zipf, shift-every, shift-by, epoch, hysteresis, smoothing, horizon, other-cores, windows, work-scale, replications, precision; did you mean 'epoch'?")]
    [TestCase("{system: sel4}", "{system: migration}", "x.yaml:6:5: found 'migration' without a 'base', expected one of the kernels fiasco-2018, fiasco, sel4-2018, sel4-2023, sel4-2026-mcs, sel4-2026, sel4, zircon-2018, zircon")]
    [TestCase("{kind: ping-pong}", "{kind: ping-pong, trace: t}",
        "x.yaml:7:29: found 'trace' under 'workload', expected one of kind, warm-up, round-trips, work-scale")]
    public void A_wrong_scenario_is_refused_with_its_place(string written, string instead, string message)
    {
        Assert.That(Parse(Loop.Replace(written, instead, StringComparison.Ordinal)), Is.Null);
        Assert.That(Messages, Is.EqualTo(message));
    }

    [TestCase("set: {machine.wrpkur: 128}", "found 'machine.wrpkur' under 'set'", "did you mean 'machine.wrpkru'?")]
    [TestCase("set: {wrpkru: 128}", "found 'wrpkru' under 'set'", "did you mean 'machine.wrpkru'?")]
    [TestCase("set: {machine.wrpkru: fast}", "x.yaml:8:23: found 'fast' for 'machine.wrpkru', expected a number between 0 and 1000000000", "")]
    [TestCase("set: {machine.wrpkru: -1}", "x.yaml:8:23: found '-1' for 'machine.wrpkru', expected a number between 0 and 1000000000", "")]
    [TestCase("set: {machine.overlap: 1.5}", "x.yaml:8:24: found '1.5' for 'machine.overlap', expected a number between 0 and 1", "")]
    [TestCase("set: {kernel.kpti: on}", "x.yaml:8:20: found 'on' for 'kernel.kpti', expected one of true, false", "")]
    [TestCase("set: {kernel.fpu: eagre}", "x.yaml:8:19: found 'eagre' for 'kernel.fpu', expected one of none, toggle, flag, flag-both, eager; did you mean 'eager'?", "")]
    [TestCase("set: {kernel.ktpi: true}", "x.yaml:8:7: found 'kernel.ktpi' under 'set', expected one of kernel.kpti, kernel.pcid, kernel.fpu; did you mean 'kernel.kpti'?", "")]
    [TestCase("figures: [{kind: tornado, metric: round-trip}]", "x.yaml:8:11: found a tornado of underbridge, expected a system among those of the scenario", "")]
    [TestCase("figures: [{kind: tornado, metric: round-trip, system: sel4, samples: -1}]", "x.yaml:8:70: found '-1' for 'samples', expected a whole number between 0 and 10000", "")]
    [TestCase("figures: [{kind: tornado, metric: rownd-trip, system: sel4}]", "x.yaml:8:35: found 'rownd-trip' for 'metric', expected one of the metrics round-trip; did you mean 'round-trip'?", "")]
    [TestCase("sweep: {machine.wrpkru: {list: [1, 2]}}\nfigures: [{kind: tornado, metric: round-trip, system: sel4}]",
        "x.yaml:9:11: found a tornado without 'at' where there is more than one point, expected 'at' with one of the points 1, 2", "")]
    [TestCase("sweep: {machine.wrpkru: {list: [1, 20]}}\nfigures: [{kind: tornado, metric: round-trip, system: sel4, at: 21}]",
        "x.yaml:9:11: found a tornado at '21', expected one of the points 1, 20", "")]
    [TestCase("figures: [{kind: tornado, metric: round-trip, system: sel4, at: 16}]",
        "x.yaml:8:11: found a tornado at '16', expected none of 'at', for the scenario has no sweep and its workload no axis of its own", "")]
    [TestCase("figures: [{kind: tornado, metric: round-trip, system: sel4, units: 30}]", "x.yaml:8:11: found 'units' of a workload of kind 'ping-pong', expected a workload of requests or operations", "")]
    [TestCase("set: {workload.batches: 3}", "x.yaml:8:7: found 'workload.batches' under 'set', expected one of workload.warm-up, workload.round-trips, workload.work-scale", "")]
    [TestCase("set: {machine: {wrpkru: 128}}", "x.yaml:8:16: found a map under 'machine', expected keys in full, such as 'machine.wrpkru: 128'", "")]
    [TestCase("set: 3", "x.yaml:8:6: found '3' for 'set', expected a map", "")]
    [TestCase("set: {machine.llc-latency: 13}", "x.yaml: found machine.llc-latency 13 below machine.l2-latency 14, expected latencies that grow from level to level", "")]
    [TestCase("figures: [{kind: pie}]", "x.yaml:8:18: found 'pie' for 'kind', expected one of round-trip, composition, cost-share, throughput, ratio-curve, heat-map, lines, bars, tornado, pareto, audit, attack-matrix", "")]
    [TestCase("figures: [{kind: bars, metric: round-trp}]", "x.yaml:8:32: found 'round-trp' for 'metric', expected one of the metrics round-trip; did you mean 'round-trip'?", "")]
    [TestCase("figures: [{kind: lines, metric: round-trip, log: z}]", "x.yaml:8:50: found 'z' for 'log', expected one of none, x, y, both; did you mean 'x'?", "")]
    [TestCase("figures: [{kind: bars, metric: round-trip, log: y}]", "x.yaml:8:44: found 'log' under 'figures'", "expected one of kind, name, title, metric, x, y, caption")]
    [TestCase("figures: [{kind: lines, metric: round-trip}]", "x.yaml:8:11: found lines without one axis, expected a sweep over one key that takes numbers", "")]
    [TestCase("sweep: {kernel.fpu: {list: [none, eager]}}\nfigures: [{kind: lines, metric: round-trip}]", "x.yaml:9:11: found lines without one axis, expected a sweep over one key that takes numbers", "")]
    [TestCase("figures: [{kind: round-trip, name: ../x}]", "x.yaml:8:36: found the name '../x', expected a name that a file can have", "")]
    [TestCase("figures: [{kind: round-trip}, {kind: round-trip}]", "x.yaml:8:31: found the figure 'round-trip' a second time, expected a 'name' for each, once", "")]
    [TestCase("sweep: {machine.wrpkru: {}}", "x.yaml:8:25: found neither 'list' nor 'from' and 'to' for 'machine.wrpkru', expected {list: [...]}, or {from, to, steps} with or without 'scale: log'", "")]
    [TestCase("sweep: {machine.wrpkru: 3}", "x.yaml:8:25: found no map for 'machine.wrpkru', expected {list: [...]}, or {from, to, steps} with or without 'scale: log'", "")]
    [TestCase("sweep: {}", "x.yaml:8:8: found a sweep over nothing, expected keys that can be set, each with its values", "")]
    [TestCase("sweep: 3", "x.yaml:8:8: found '3' for 'sweep', expected a map", "")]
    [TestCase("sweep: {machine.wrpkru: {list: []}}", "x.yaml:8:32: found no values, expected at least one value", "")]
    [TestCase("sweep: {machine.wrpkru: {list: [1, x]}}", "x.yaml:8:36: found 'x' for 'machine.wrpkru', expected a number between 0 and 1000000000", "")]
    [TestCase("sweep: {machine.wrpkru: {list: [1, 1.0]}}", "x.yaml:8:36: found the value '1.0' a second time, expected each value once", "")]
    [TestCase("sweep: {machine.wrpkur: {list: [1]}}", "found 'machine.wrpkur' in a sweep", "did you mean 'machine.wrpkru'?")]
    [TestCase("sweep: {latin-hypercub: 20, machine.wrpkru: {list: [1]}}", "found 'latin-hypercub' in a sweep", "did you mean 'latin-hypercube'?")]
    [TestCase("sweep: {machine.wrpkru: {from: 0, to: 8, steps: 3, scale: log}}", "x.yaml:8:25: found a logarithmic range from 0 to 8, expected a range above 0", "")]
    [TestCase("sweep: {machine.wrpkru: {from: 1, to: 8, steps: 3, scale: logg}}", "x.yaml:8:59: found 'logg' for 'scale', expected one of linear, log; did you mean 'log'?", "")]
    [TestCase("sweep: {machine.wrpkru: {from: 8, to: 8, steps: 3}}", "x.yaml:8:25: found a range from 8 to 8, expected two different ends", "")]
    [TestCase("sweep: {machine.wrpkru: {from: 0, to: 8, steps: 1}}", "x.yaml:8:49: found '1' for 'steps', expected a whole number between 2 and 1000", "")]
    [TestCase("sweep: {machine.wrpkru: {from: 0, to: 8}}", "x.yaml:8:25: found no 'steps' under 'machine.wrpkru', expected a whole number between 2 and 1000", "")]
    [TestCase("sweep: {workload.round-trips: {from: 1.5, to: 8, steps: 2}}", "x.yaml:8:31: found a range from 1.5 to 8 for 'workload.round-trips', expected whole numbers", "")]
    [TestCase("sweep: {kernel.kpti: {from: 0, to: 1, steps: 2}}", "x.yaml:8:22: found a range for 'kernel.kpti', expected a list, each one of true, false", "")]
    [TestCase("sweep: {machine.wrpkru: {list: [1], from: 2}}", "x.yaml:8:37: found 'from' under 'machine.wrpkru', expected 'list'", "")]
    [TestCase("sweep: {machine.wrpkru: {from: 1, to: 9, steps: 1000}, machine.vmfunc: {from: 1, to: 9, steps: 1000}}", "x.yaml:8:8: found a grid of 1000000 points, expected at most 100000", "")]
    [TestCase("sweep: {latin-hypercube: 0, axes: {machine.wrpkru: {list: [1]}}}", "x.yaml:8:26: found '0' for 'latin-hypercube', expected a whole number between 1 and 100000", "")]
    [TestCase("sweep: {latin-hypercube: 9, sed: 2, axes: {machine.wrpkru: {list: [1]}}}", "x.yaml:8:29: found 'sed' under 'sweep', expected one of latin-hypercube, seed, axes; did you mean 'seed'?", "")]
    [TestCase("sweep: {latin-hypercube: 9}", "x.yaml:8:8: found no 'axes' under 'sweep', expected a map", "")]
    [TestCase("sweep: {latin-hypercube: 9, axes: {machine.wrpkru: {from: 1, to: 2, steps: 3}}}", "x.yaml:8:69: found 'steps' under 'machine.wrpkru', expected one of list, from, to, scale", "")]
    [TestCase("sweep: {machine.llc-latency: {list: [50, 13]}}", "x.yaml: found machine.llc-latency 13 below machine.l2-latency 14, expected latencies that grow from level to level", "")]
    [TestCase("figures: [{kind: heat-map, against: sel}]", "x.yaml:8:37: found 'sel' for 'against', expected one of the systems <all>; did you mean 'sel4'?", "")]
    public void A_wrong_setting_sweep_or_figure_is_refused(string line, string start, string end)
    {
        Assert.That(Parse($"{Loop}\n{line}\n"), Is.Null);
        Assert.That(errors.Count, Is.EqualTo(1), Messages);
        Assert.That(Messages, end.Length == 0 ? Is.EqualTo(start) : Does.Contain(start).And.EndsWith(end));
    }

    [TestCase("machine.wrpkru", "--set machine.wrpkru: found no '=', expected KEY=VALUE, such as machine.wrpkru=128")]
    [TestCase("=3", "--set =3: found no key before '=', expected KEY=VALUE, such as machine.wrpkru=128")]
    [TestCase("machine.wrpkru=", "--set machine.wrpkru=: found no value after '=', expected KEY=VALUE, such as machine.wrpkru=128")]
    [TestCase("machine.wrpkru=1e", "--set machine.wrpkru=1e: found '1e', expected a number between 0 and 1000000000")]
    [TestCase("machine.wrpkru=NaN", "--set machine.wrpkru=NaN: found 'NaN', expected a number between 0 and 1000000000")]
    [TestCase("kernel.pcid=1", "--set kernel.pcid=1: found '1', expected one of true, false")]
    [TestCase("kernel.pcdi=true", "--set kernel.pcdi=true: found 'kernel.pcdi', expected one of kernel.kpti, kernel.pcid, kernel.fpu; did you mean 'kernel.pcid'?")]
    public void A_wrong_flag_is_refused_once_however_many_scenarios_meet_it(string flag, string message)
    {
        Parse(Loop, flag);
        Parse(Loop, flag);
        Assert.That(Messages, Is.EqualTo(message));
    }

    [Test]
    public void A_price_set_by_the_user_is_theirs_and_touches_no_other()
    {
        var machine = Resolve(Loop, "machine.wrpkru=128").Machine;
        var published = Catalogue.Machines["xeon-gold-6138"];
        Assert.That(machine.Prices["wrpkru"], Is.EqualTo(published.Prices["wrpkru"].Override(128, "machine.wrpkru=128")));
        Assert.That(machine.Prices.Where(price => price.Key != "wrpkru"), Is.EquivalentTo(published.Prices.Where(price => price.Key != "wrpkru")));
    }

    [Test]
    public void Every_price_and_latency_of_a_machine_can_be_set()
    {
        foreach (var key in Catalogue.Machines["xeon-gold-6138"].Prices.Keys)
            Assert.That(Resolve(Loop, $"machine.{key}=1", "machine.memory-latency=1000").Machine.Prices[key].Value, Is.EqualTo(key == "memory-latency" ? 1000 : 1), key);
        var machine = Resolve(Loop, "machine.l1i-latency=1", "machine.l1d-latency=2", "machine.l2-latency=10", "machine.llc-latency=20", "machine.tsc-ghz=3").Machine;
        Assert.That(new[] { machine.L1I, machine.L1D, machine.L2, machine.Llc }.Select(level => level.Latency.Value), Is.EqualTo(new[] { 1.0, 2, 10, 20 }));
        Assert.That(machine.Tsc.Hertz, Is.EqualTo(3e9));
    }

    [Test]
    public void Kernel_settings_lie_over_the_features_of_any_kernel()
    {
        var kernel = Resolve(Loop, "kernel.pcid=true", "kernel.fpu=eager").Kernel;
        Assert.That(kernel.Over(new KernelFeatures { Kpti = true }), Is.EqualTo(new KernelFeatures { Kpti = true, Pcid = true, Fpu = FpuPolicy.Eager }));
    }

    [Test]
    public void The_command_line_wins_over_the_file_and_the_last_flag_over_the_first()
    {
        var resolved = Resolve($"{Loop}\nset: {{machine.wrpkru: 50, workload.round-trips: 7}}", "machine.wrpkru=60", "machine.wrpkru=70");
        Assert.That(resolved.Machine.Prices["wrpkru"].Value, Is.EqualTo(70));
        Assert.That(resolved.Workload, Is.EqualTo(new PingPong { RoundTrips = 7 }));
        Assert.That(resolved.Scenario.Settings.Select(setting => (setting.Key, setting.Value)),
            Is.EqualTo(new[] { ("workload.round-trips", "7"), ("machine.wrpkru", "70") }));
    }

    [TestCase("workload.work-scale: {from: 0.25, to: 4, steps: 5, scale: log}", "0.25 0.5 1 2 4")]
    [TestCase("machine.wrpkru: {from: 0, to: 1, steps: 11}", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1")]
    [TestCase("machine.wrpkru: {from: 3, to: 1, steps: 3}", "3 2 1")]
    [TestCase("workload.round-trips: {from: 1, to: 1000, steps: 4, scale: log}", "1 10 100 1000")]
    [TestCase("workload.round-trips: {from: 1, to: 3, steps: 9}", "1 2 3")]
    [TestCase("kernel.kpti: {list: [true, false]}", "true false")]
    [TestCase("kernel.fpu: {list: [none, eager]}", "none eager")]
    [TestCase("machine.wrpkru: {list: [28.0, 1e2]}", "28 100")]
    public void An_axis_lists_its_values(string axis, string values)
    {
        var scenario = Accepted(Parse($"{Loop}\nsweep: {{{axis}}}"));
        Assert.That(string.Join(' ', scenario.Points.Select(point => point.Settings.Single().Value)), Is.EqualTo(values));
    }

    [Test]
    public void A_grid_has_every_combination_and_its_last_axis_runs_fastest()
    {
        var scenario = Accepted(Parse($"{Loop}\nsweep: {{machine.wrpkru: {{list: [28, 11]}}, kernel.kpti: {{list: [true, false]}}}}"));
        Assert.That(scenario.Points.Select(point => $"{point}"), Is.EqualTo(new[]
        {
            "machine.wrpkru=28 kernel.kpti=true", "machine.wrpkru=28 kernel.kpti=false", "machine.wrpkru=11 kernel.kpti=true", "machine.wrpkru=11 kernel.kpti=false",
        }));
    }

    const string Hypercube = "latin-hypercube: 40, seed: 3, axes: {machine.wrpkru: {from: 10, to: 1000, scale: log}, kernel.fpu: {list: [none, eager]}";

    [Test]
    public void A_latin_hypercube_has_one_point_in_each_stratum_of_each_axis()
    {
        var points = Accepted(Parse($"{Loop}\nsweep: {{{Hypercube}}}}}")).Points;
        var strata = points.Select(point => (int)(40 * Math.Log(double.Parse(point["machine.wrpkru"], System.Globalization.CultureInfo.InvariantCulture) / 10) / Math.Log(100))).ToList();
        Assert.That(strata, Is.EquivalentTo(Enumerable.Range(0, 40)).And.Not.Ordered);
        Assert.That(points.Count(point => point["kernel.fpu"] == "none"), Is.EqualTo(20));
    }

    [Test]
    public void The_seed_of_a_latin_hypercube_decides_its_points_and_an_axis_more_changes_none_of_the_others()
    {
        string Values(string sweep) => string.Join(' ', Accepted(Parse($"{Loop}\nsweep: {{{sweep}}}}}")).Points.Select(point => point["machine.wrpkru"]));
        Assert.That(Values($"{Hypercube}, machine.vmfunc: {{from: 1, to: 9}}"), Is.EqualTo(Values(Hypercube)));
        Assert.That(Values(Hypercube.Replace("seed: 3", "seed: 4", StringComparison.Ordinal)), Is.Not.EqualTo(Values(Hypercube)));
    }

    [Test]
    public void Points_of_a_latin_hypercube_that_coincide_are_one() =>
        Assert.That(Accepted(Parse($"{Loop}\nsweep: {{latin-hypercube: 40, axes: {{kernel.fpu: {{list: [none, eager]}}}}}}")).Points, Has.Count.EqualTo(2));

    [Test]
    public void A_point_of_a_sweep_is_a_scenario_with_its_values_set()
    {
        var scenario = Accepted(Parse($"{Loop}\nset: {{machine.wrpkru: 1}}\nsweep: {{machine.wrpkru: {{list: [28, 128]}}}}"));
        var point = scenario.At(scenario.Points[1]);
        Assert.That(point.Sweep, Is.Null);
        Assert.That(ResolvedScenario.Of(point, Catalogue).Machine.Prices["wrpkru"].Value, Is.EqualTo(128));
    }

    [TestCase("sweep: {machine.wrpkru: {list: [1, 2]}}", "a heat map without a grid of two keys")]
    [TestCase("sweep: {machine.wrpkru: {list: [1, 2]}, kernel.kpti: {list: [true, false]}}", "a heat map without a grid of two keys")]
    [TestCase("sweep: {machine.wrpkru: {list: [1, 2]}, machine.vmfunc: {list: [1, 2]}}", "a heat map of underbridge against sel4")]
    public void A_heat_map_needs_two_numbers_and_two_systems(string sweep, string found)
    {
        Assert.That(Parse($"{Loop.Replace("{system: sel4}", found.Contains("against") ? "{system: sel4}" : "{system: sel4}\n  - {system: underbridge}", StringComparison.Ordinal)}\n{sweep}\nfigures: [{{kind: heat-map, against: sel4}}]"), Is.Null);
        Assert.That(errors.Errors.Single().Found, Is.EqualTo(found));
    }

    [Test]
    public void A_scenario_extends_another_key_by_key()
    {
        Write("base.yaml", Loop.Replace("name: x", "name: base", StringComparison.Ordinal)
            .Replace("{kind: ping-pong}", "{kind: ping-pong, warm-up: 5, round-trips: 6}", StringComparison.Ordinal) + "\nset: {machine.wrpkru: 1, machine.vmfunc: 2}");
        Write("x.yaml", "name: x\nextends: base.yaml\nsystems: [{system: fiasco}]\nworkload: {round-trips: 7}\nset: {machine.vmfunc: 3}");
        var scenario = Accepted(ReadFile("x.yaml"));
        Assert.That(scenario.Name, Is.EqualTo("x"));
        Assert.That(scenario.Title, Is.EqualTo("A title"));
        Assert.That(scenario.Systems.Select(system => system.System), Is.EqualTo(new[] { "fiasco" }));
        Assert.That(scenario.Workload, Is.EqualTo(new PingPong { WarmUp = 5, RoundTrips = 7 }));
        Assert.That(scenario.Settings.Select(setting => (setting.Key, setting.Value)), Is.EqualTo(new[] { ("machine.wrpkru", "1"), ("machine.vmfunc", "3") }));
    }

    [Test]
    public void A_workload_of_another_kind_replaces_the_one_extended()
    {
        Write("t.strace", "");
        Write("base.yaml", Loop.Replace("{kind: ping-pong}", "{kind: replay, trace: t.strace}", StringComparison.Ordinal));
        Write("x.yaml", "name: x\nextends: base.yaml\nworkload: {kind: ping-pong}");
        Assert.That(Accepted(ReadFile("x.yaml")).Workload, Is.EqualTo(new PingPong()));
    }

    [Test]
    public void An_error_in_an_extended_file_is_reported_where_it_stands()
    {
        Write("base.yaml", Loop.Replace("sel4", "sel", StringComparison.Ordinal));
        Write("x.yaml", "name: x\nextends: base.yaml");
        Assert.That(ReadFile("x.yaml"), Is.Null);
        Assert.That(Messages, Does.StartWith("base.yaml:6:14: found 'sel' for 'system'"));
    }

    [Test]
    public void Scenarios_that_extend_each_other_are_refused()
    {
        Write("x.yaml", "name: x\nextends: y.yaml");
        Write("y.yaml", "name: y\nextends: ./x.yaml");
        Assert.That(ReadFile("x.yaml"), Is.Null);
        Assert.That(Messages, Is.EqualTo(
            "y.yaml:2:10: found './x.yaml', which extends itself (x.yaml -> y.yaml -> ./x.yaml), expected a scenario that does not lead back here"));
    }

    [TestCase("extends: bass.yaml", "x.yaml:2:10: found no file 'bass.yaml' for 'extends', expected a scenario file, relative to this one; did you mean 'base.yaml'?")]
    [TestCase("extends: [base.yaml]", "x.yaml:2:10: found a list for 'extends', expected the name of a scenario file")]
    public void A_base_that_is_not_there_is_refused(string line, string message)
    {
        Write("base.yaml", Loop);
        Write("x.yaml", $"name: x\n{line}");
        Assert.That(ReadFile("x.yaml"), Is.Null);
        Assert.That(Messages, Is.EqualTo(message));
    }

    static string Replay(string keys) => Loop.Replace("{kind: ping-pong}", $"{{kind: replay, trace: t.strace{keys}}}", StringComparison.Ordinal);

    [Test]
    public void A_replay_is_read_with_its_routes_and_evidence()
    {
        Write("t.strace", "");
        var replay = (Replay)Accepted(Parse(Replay(
            ", routes: {fcntl: file-system}, operations: 10, compute-per-call: {value: 900, unit: cycles, grade: assumed, source: user, at: a guess, range: [500, 2000]}"))).Workload;
        Assert.That((replay.Trace, replay.Timed, replay.Calls, replay.Operations, replay.Batches), Is.EqualTo(("t.strace", (string?)null, "posix-files", 10, 20)));
        Assert.That(replay.Routes, Is.EqualTo(new Dictionary<string, string> { ["fcntl"] = "file-system" }));
        Assert.That(replay.ComputePerCall!.Name, Is.EqualTo("workload.compute-per-call"));
        var set = (Replay)Resolve(Replay(""), "workload.compute-per-call=700").Workload;
        Assert.That((set.ComputePerCall!.Value, set.ComputePerCall.Source.Key), Is.EqualTo((700.0, "user")));
    }

    [TestCase("", "", "x.yaml:7:33: found no file 't.strace' for 'trace', expected a file, relative to this one; did you mean 'u.strace'?")]
    [TestCase("t.strace", ", timed: t.csv", "x.yaml:7:50: found no file 't.csv' for 'timed', expected a file, relative to this one")]
    [TestCase("t.strace", ", timed: .", "x.yaml:7:50: found the directory '.' for 'timed', expected a file, relative to this one")]
    [TestCase("t.strace", ", calls: posix-file", "x.yaml:7:50: found 'posix-file' for 'calls', expected one of the call tables posix-files; did you mean 'posix-files'?")]
    [TestCase("t.strace", ", routes: {fcntl: file-sytem}", "x.yaml:7:59: found 'file-sytem' for 'fcntl', expected one of app, file-system; did you mean 'file-system'?")]
    [TestCase("t.strace", ", batches: 1", "x.yaml:7:52: found '1' for 'batches', expected a whole number of at least 2")]
    [TestCase("t.strace", ", max-gap: 5", "x.yaml:7:43: found 'max-gap' under 'workload', expected one of kind, trace, timed, begin, end, "
        + "operation-end, calls, routes, compute-per-call, warm-up, operations, batches, work-scale, replications, precision")]
    [TestCase("t.strace", ", timed: t.strace, compute-per-call: 5",
        "x.yaml:7:60: found 'compute-per-call' beside 'timed', expected one of them, for each says what the app computes")]
    public void A_wrong_replay_is_refused(string file, string keys, string message)
    {
        Write(file.Length > 0 ? file : "u.strace", "");
        Assert.That(Parse(Replay(keys)), Is.Null);
        Assert.That(Messages, Is.EqualTo(message));
    }

    [Test]
    public void A_trace_is_relative_to_the_file_that_names_it()
    {
        Directory.CreateDirectory(Path.Combine(folder, "deep"));
        Write("deep/t.strace", "");
        Write("deep/base.yaml", Replay(""));
        Write("x.yaml", "name: x\nextends: deep/base.yaml");
        var scenario = Accepted(ReadFile("x.yaml"));
        var trace = ((Replay)scenario.Workload).Trace;
        Assert.That(trace, Is.EqualTo("deep/t.strace"));
        Assert.That(File.Exists(scenario.Locate(trace)), Is.True);
    }

    [Test]
    public void What_the_writer_writes_reads_back_as_the_same_scenario()
    {
        Write("t.strace", "");
        var texts = new[]
        {
            Loop,
            Loop.Replace("A title", "\"A \\\"title\\\": é\\\\ \\u0007 \\n# two\"", StringComparison.Ordinal)
                + "\nsweep: {kernel.fpu: {list: [none, eager]}, machine.wrpkru: {from: 1, to: 9, steps: 3}}\nfigures: [{kind: round-trip, title: T}, {kind: composition}]",
            $"{Loop}\nsweep: {{{Hypercube}}}}}",
            Loop.Replace("{system: sel4}", "{system: sel4}\n  - {system: underbridge}", StringComparison.Ordinal)
                + "\nsweep: {machine.wrpkru: {list: [1, 2]}, machine.vmfunc: {list: [1, 2]}}\nfigures: [{kind: heat-map, against: sel4}]",
            $"{Loop}\nsweep: {{machine.wrpkru: {{list: [1, 2]}}}}\nfigures: [{{kind: lines, metric: round-trip, x: a, y: 'b: c', log: both, caption: d}}, {{kind: bars, metric: round-trip}}]",
            Replay(", begin: 'a: b', routes: {fcntl: file-system}, compute-per-call: {value: 900, unit: cycles, grade: derived, source: user, at: x, "
                + "range: [5.5, 2000], rests-on: rt-sel4, note: why}") + "\nset: {machine.wrpkru: 1, kernel.kpti: true}",
            Replay(", timed: t.strace, end: x, operation-end: y, max-gap: 1e6, work-scale: 0.1"),
            Loop.Replace("{kind: ping-pong}", "{kind: closed-loop, cores: 3, server-cores: 2, clients-per-core: 4, think: 5.5, service: 6, locked-share: 0.5, shared-lines: 7, variation: 0, time-slice: 8, warm-up: 9, requests: 30}", StringComparison.Ordinal),
            Loop.Replace("{kind: ping-pong}", "{kind: closed-loop, replications: 7, precision: 0.05}", StringComparison.Ordinal) + "\nfigures: [{kind: bars, metric: normalised}]",
            Loop.Replace("{kind: ping-pong}", "{kind: call-loop, inner-calls: 2, client-work: 3, server-work: 4.5, client-kib: 5, server-kib: 6, warm-up: 7, requests: 20}", StringComparison.Ordinal)
                + "\nfigures: [{kind: tornado, metric: request, system: sel4, samples: 5, y: a, caption: b}]",
            Loop.Replace("{kind: ping-pong}", "{kind: services, servers: [3, 20]}", StringComparison.Ordinal) + "\nfigures: [{kind: tornado, metric: throughput, system: sel4, at: 20, units: 30}]",
            Loop.Replace("{kind: ping-pong}", "{kind: services}", StringComparison.Ordinal),
            Loop.Replace("{kind: ping-pong}", "{kind: services, servers: [3, 20], warm-up: 5, requests: 9, batches: 3, calls: 1, zipf: 0.5, shift-every: 7, shift-by: 2, epoch: 5000, hysteresis: 0.1, "
                + "smoothing: 1, horizon: 2.5, other-cores: 1, windows: 3, work-scale: 2}", StringComparison.Ordinal) + "\nfigures: [{kind: lines, metric: window-throughput}]",
        };
        foreach (var text in texts)
        {
            var scenario = Accepted(Parse(text));
            var yaml = ScenarioWriter.ToYaml(scenario);
            var again = Accepted(Parse(yaml));
            Assert.That(ScenarioWriter.ToYaml(again), Is.EqualTo(yaml));
            Assert.That(ScenarioWriter.Hash(again), Is.EqualTo(ScenarioWriter.Hash(scenario)));
            Assert.That((again.Title, again.Question), Is.EqualTo((scenario.Title, scenario.Question)));
            Assert.That(again.Systems, Is.EqualTo(scenario.Systems));
            Assert.That(again.Figures, Is.EqualTo(scenario.Figures));
            Assert.That(again.Points.Select(point => $"{point}"), Is.EqualTo(scenario.Points.Select(point => $"{point}")));
            Assert.That(again.Settings.Select(setting => (setting.Key, setting.Value)), Is.EquivalentTo(scenario.Settings.Select(setting => (setting.Key, setting.Value))));
            if (scenario.Workload is not Replay replay) Assert.That(again.Workload, Is.EqualTo(scenario.Workload));
            else Assert.That((Replay)again.Workload with { Routes = replay.Routes }, Is.EqualTo(replay));
        }
    }

    [Test]
    public void The_written_form_is_complete_and_hashed_without_its_place()
    {
        var scenario = Accepted(Parse(Loop));
        Assert.That(ScenarioWriter.ToYaml(scenario), Is.EqualTo("""
            name: "x"
            title: "A title"
            question: "Why?"
            machine: "xeon-gold-6138"
            seed: 1
            systems:
              - {system: sel4, variant: default, label: "seL4"}
            workload:
              kind: ping-pong
              warm-up: 200
              round-trips: 1000
              work-scale: 1

            """.ReplaceLineEndings("\n")));
        Assert.That(ScenarioWriter.Hash(scenario with { File = "elsewhere" }), Is.EqualTo(ScenarioWriter.Hash(scenario)).And.Length.EqualTo(64));
        Write("resolved.yaml", ScenarioWriter.ToYaml(scenario));
        Assert.That(Accepted(ReadFile("resolved.yaml")).Name, Is.EqualTo("x"));
    }

    [Test]
    public void A_missing_file_or_a_folder_is_refused_under_the_name_it_was_given()
    {
        ReadFile("nowhere.yaml");
        ReadFile(".");
        Assert.That(Messages, Is.EqualTo("nowhere.yaml: found no such file, expected a YAML file\n.: found a directory, expected a YAML file"));
    }
}
