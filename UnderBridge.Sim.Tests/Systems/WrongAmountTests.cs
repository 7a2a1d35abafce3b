using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>What is no amount, such as NaN or less than nothing, is refused by name before anything is charged for it.</summary>
public class WrongAmountTests
{
    static readonly double[] wrong = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1];
    static readonly StudyOptions options = new() { Catalogue = Shipped.Catalogue };

    sealed class Idle(long bytes = 0) : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => bytes == 0 ? [] : [new("values", bytes)];
        public IReadOnlyList<int> Callees => [];
        public void Plan(in ServerRequest request, ServerPlan plan) { }
    }

    static SimulatedSystem System() => new(Bench.Spec("underbridge"), seed: 1);

    static Action Replaying(ReplayCall call, double workScale = 1)
    {
        var system = System();
        var servers = system.AddServers(1, (Bench.Echo, new Idle()));
        return () => _ = new ReplayApp(system, Bench.Echo with { Name = "app" }, [default(ReplayCall) with { Server = -1 }, call], servers, Bench.Echo.CodeKib, workScale);
    }

    [TestCaseSource(nameof(wrong))]
    public void Compute_of_a_replayed_call(double cycles) => Assert.That(
        () => Replaying(new ReplayCall(cycles, Server: 0, default, EndsOperation: true))(),
        Throws.ArgumentException.With.Message.StartsWith(FormattableString.Invariant($"call 1 comes after {cycles} cycles of compute, expected 0 or more")));

    [TestCase(1)]
    [TestCase(-2)]
    public void A_replayed_call_to_no_server(int server) => Assert.That(
        () => Replaying(new ReplayCall(0, server, default, EndsOperation: true))(), Throws.ArgumentException.With.Message.StartsWith($"call 1 goes to server {server}, expected -1 to 0"));

    [TestCaseSource(nameof(wrong))]
    public void A_factor_on_compute(double factor) => Assert.That(() => Replaying(new ReplayCall(0, 0, default, true), factor)(), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCaseSource(nameof(wrong))]
    public void A_number_of_a_machine(double value)
    {
        var spec = Bench.Spec("underbridge");
        void Refused(HardwareProfile machine, string name) => Assert.That(
            () => _ = new SimulatedSystem(spec with { Machine = machine }, seed: 1),
            Throws.ArgumentException.With.Message.StartsWith(FormattableString.Invariant($"machine 'xeon-gold-6138' has machine.{name} at {value} ")));

        foreach (var key in Shipped.Xeon.Prices.Keys)
            Refused(Shipped.Xeon with { Prices = new Dictionary<string, Sourced<double>>(Shipped.Xeon.Prices) { [key] = Shipped.Xeon.Price(key) with { Value = value } } }, key);
        Refused(Shipped.Xeon with { Llc = Shipped.Xeon.Llc with { Latency = Shipped.Xeon.Llc.Latency with { Value = value } } }, "llc-latency");
        Refused(Shipped.Xeon with { TscGhz = Shipped.Xeon.TscGhz with { Value = value } }, "tsc-ghz");
    }

    [TestCaseSource(nameof(wrong))]
    public void A_size_of_a_program(double value)
    {
        var large = Bench.Echo with { DataKib = Bench.Echo.DataKib with { Value = value } };
        var said = FormattableString.Invariant($"the program 'echo' has {Bench.Echo.DataKib.Name} at {value} KiB, expected 0 or more");
        Assert.That(() => System().AddApp(large), Throws.ArgumentException.With.Message.EqualTo(said));
        Assert.That(() => System().AddServers(1, (large, new Idle())), Throws.ArgumentException.With.Message.EqualTo(said));
    }

    [Test]
    public void A_region_of_less_than_nothing() => Assert.That(
        () => System().AddServers(1, (Bench.Echo, new Idle(-1))), Throws.ArgumentException.With.Message.StartsWith("the server 'echo' has the region 'values' of -1 bytes"));

    [Test]
    public void A_number_of_a_path_or_a_footprint()
    {
        var spec = Bench.Spec("underbridge");
        var path = spec.ServerPath;
        var (key, byMachine) = path.Numbers.First();
        var priced = path with { Numbers = new Dictionary<string, IReadOnlyDictionary<string, Sourced<double>>>(path.Numbers) { [key] = byMachine.ToDictionary(one => one.Key, one => one.Value with { Value = double.NaN }) } };
        var (name, footprint) = path.Footprints.First();
        var sized = path with { Footprints = new Dictionary<string, PathFootprint>(path.Footprints) { [name] = footprint with { CodeLines = footprint.CodeLines with { Value = -3 } } } };
        foreach (var (wrong, said) in new[] { (priced, $"its number '{key}' is NaN cycles"), (sized, $"{footprint.CodeLines.Name} is -3 lines") })
        {
            var refused = Assert.Throws<PathException>(() => _ = new SimulatedSystem(spec with { ServerPath = wrong, AppPath = wrong }, seed: 1))!;
            Assert.That(refused.Faults.Select(fault => fault.Reason), Has.Some.EqualTo(said));
            Assert.That(refused.Message.Split('\n'), Is.Unique, "the path of apps is that of servers");
        }
    }

    static IEnumerable<TestCaseData> WrongWorkloads()
    {
        TestCaseData Case(Workload workload, string said) => new TestCaseData(workload, said).SetArgDisplayNames(said);

        yield return Case(new PingPong { WorkScale = double.NaN }, "'NaN'");
        yield return Case(new CallLoop { ClientWork = -5 }, "'-5'");
        yield return Case(new CallLoop { ServerWork = double.PositiveInfinity }, "'Infinity'");
        yield return Case(new CallLoop { Precision = double.NaN, Replications = 20 }, "'NaN'");
        yield return Case(new CallLoop { Precision = -0.02, Replications = 20 }, "'-0.02'");
        yield return Case(new CallLoop { Replications = -20 }, "'-20'");
        yield return Case(new CallLoop { Replications = 0 }, "'0'");
        yield return Case(new ServerFaults { Load = -1 }, "'-1'");
        yield return Case(new ServiceMix { PrivilegedRate = double.NaN }, "'NaN'");
        yield return Case(new Services { Servers = [] }, "no numbers of servers");
        yield return Case(new Services { Epoch = double.NaN }, "'NaN'");
    }

    [TestCaseSource(nameof(WrongWorkloads))]
    public void A_number_of_a_workload(Workload workload, string said) =>
        Assert.That(() => Study.Compare("xeon-gold-6138", ["underbridge"], workload, options), Throws.TypeOf<InputException>().With.Message.StartsWith("study: ").And.Message.Contains(said));

    [TestCase("machine.wrpkru=NaN")]
    [TestCase("machine.wrpkru=-1")]
    [TestCase("machine.wrpkru=Infinity")]
    [TestCase("machine.wrpkru=1e999")]
    [TestCase("machine.overlap=1.01")]
    [TestCase("workload.round-trips=0")]
    [TestCase("workload.round-trips=1.5")]
    [TestCase("workload.work-scale=nan")]
    public void A_setting(string setting)
    {
        var value = setting.Split('=')[1];
        Assert.That(() => Study.Compare("xeon-gold-6138", ["underbridge"], new PingPong(), options with { Settings = [setting] }), Throws.TypeOf<InputException>().With.Message.Contains($"found '{value}', expected "));
        Assert.That(() => Study.Sweep("xeon-gold-6138", ["underbridge"], [new ListAxis(setting.Split('=')[0], [value])], options: options), Throws.TypeOf<InputException>().With.Message.Contains($"'{value}'"));
    }

    [Test]
    public void A_grid_over_a_range_that_is_not_cut() => Assert.That(
        () => new Sweep([new RangeAxis("machine.wrpkru", 11, 128, Logarithmic: false, Whole: false)]), Throws.ArgumentException.With.Message.StartsWith("a grid over 'machine.wrpkru' as a range, expected a list"));

    [Test]
    public void A_sweep_over_one_key_twice() => Assert.That(
        () => new Sweep([new ListAxis("machine.wrpkru", ["1"]), new ListAxis("machine.wrpkru", ["2"])]), Throws.ArgumentException.With.Message.StartsWith("a sweep over 'machine.wrpkru' twice"));

    [TestCase(double.NaN)]
    [TestCase(-0.05)]
    public void A_precision_of_replications(double precision) => Assert.That(
        () => Replications.Run(_ => [1], new StoppingRule(20, precision)), Throws.ArgumentException.With.Message.Contains("a precision of"));

    static IEnumerable<TestCaseData> Figures()
    {
        const double nan = double.NaN, infinite = double.PositiveInfinity;
        var axis = new Axis("v");
        TestCaseData Case(string kind, Func<Figure> figure) => new TestCaseData(figure).SetArgDisplayNames(kind);

        yield return Case("lines", () => new Lines("t", "", axis, axis, [new LineSeries("a", [new LinePoint(1, nan)])]));
        yield return Case("band", () => new Lines("t", "", axis, axis, [new LineSeries("a", [new LinePoint(1, 1, new Interval(0, infinite))])]));
        yield return Case("scatter", () => new Scatter("t", "", axis, axis, [new ScatterSeries("a", [new ScatterPoint(nan, 1)])]));
        yield return Case("bars", () => new GroupedBars("t", "", axis, ["g"], [new BarSeries("a", [new Bar(infinite)])]));
        yield return Case("stacks", () => new StackedBars("t", "", axis, ["s"], [new StackedBar("a", [new Segment("s", nan)])]));
        yield return Case("signed", () => new SignedBars("t", "", axis, ["s"], [new SignedGroup("g", [new SignedBar(nan, 0)])]));
        yield return Case("tradeoff", () => new Tradeoff("t", "", axis, axis, [new TradeoffPoint("p", 1, nan)]));
        yield return Case("tornado", () => new TornadoChart("t", "", axis, 1, [new TornadoSpan("n", "", nan, 1)]));
        yield return Case("map", () => new HeatMap("t", "", axis, axis, axis, [1, 2], [1, 2], [[1, nan], [1, 1]]));
    }

    [TestCaseSource(nameof(Figures))]
    public void A_value_of_a_figure(Func<Figure> figure) => Assert.That(() => figure(), Throws.ArgumentException.With.Message.Contains("the figure 't' has the value ").And.Message.Contains("no finite number"));
}
