using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

public class YcsbTraceTests
{
    static readonly Dictionary<string, string> Files = new()
    {
        ["openat"] = "files", ["close"] = "files", ["pread64"] = "files", ["pwrite"] = "files", ["newfstatat"] = "files", ["unlink"] = "files", ["read"] = "files",
        ["fcntl"] = Route.App, ["fdatasync"] = Route.App,
    };

    [TestCase("a", 46_994)]
    [TestCase("b", 19_969)]
    [TestCase("c", 16_991)]
    public void Every_workload_has_two_thousand_operations_and_its_calls(string workload, int calls)
    {
        var trace = TraceFixture.Ycsb(workload);
        Assert.That(trace.OperationEnds, Has.Count.EqualTo(2000));
        Assert.That(trace.OperationEnds[^1], Is.EqualTo(trace.Calls.Count - 1));
        Assert.That(trace.Calls, Has.Count.EqualTo(calls));
        Assert.That(trace.Preamble, Has.Count.EqualTo(70));
    }

    [TestCase("a", 28_396_420, 13, 34_785_790)]
    [TestCase("b", 17_528_706, 6, 1_178_346)]
    [TestCase("c", 16_698_760, 7, 11_118_328)]
    public void Each_trace_joins_its_times_and_leaves_14_point_2_and_8_point_8_and_8_point_35_kilocycles_an_operation(
        string workload, long compute, int dropped, long droppedCycles)
    {
        var trace = TraceFixture.YcsbWithCompute(workload);
        Assert.That((trace.Compute, trace.GapsDropped, trace.CyclesDropped), Is.EqualTo((compute, dropped, droppedCycles)));
    }

    [Test]
    public void Counts_are_by_name()
    {
        var counts = TraceFixture.Ycsb("a").CountsByName();
        Assert.That(counts["pwrite64"], Is.EqualTo(9670));
        Assert.That(counts["newfstatat"], Is.EqualTo(8901));
        Assert.That(counts.Values.Sum(), Is.EqualTo(46_994));
    }

    [Test]
    public void Calls_without_a_row_stay_in_the_app_and_are_counted()
    {
        var trace = TraceFixture.Ycsb("a");
        var table = new CallTable("files", Files);
        Assert.That(trace.Calls.Count(call => table.RouteOf(call).Server == "files"), Is.EqualTo(27_374));
        Assert.That(table.Unmapped(trace), Is.EqualTo(new Dictionary<string, int> { ["brk"] = 15, ["fchown"] = 967, ["geteuid"] = 967, ["getpid"] = 968 }));
    }

    [TestCase("stat", true)]
    [TestCase("fstat", true)]
    [TestCase("pread", true)]
    [TestCase("pwrite64", true)]
    [TestCase("open", true)]
    [TestCase("mkdir", false)]
    public void A_row_covers_the_variants_of_its_call(string call, bool mapped)
    {
        var route = new CallTable("files", Files).RouteOf(new TraceCall(call, "", 0, null, 1));
        Assert.That(route, Is.EqualTo(mapped ? new Route("files", true) : new Route(Route.App, false)));
    }

    [Test]
    public void Newfstatat_is_a_stat_of_a_path_and_an_fstat_of_an_open_file()
    {
        Assert.That(CallKind.Of(new TraceCall("newfstatat", "3, \"\", {st_size=1, ...}, AT_EMPTY_PATH", 0, null, 1)), Is.EqualTo("fstat"));
        Assert.That(CallKind.Of(new TraceCall("newfstatat", "AT_FDCWD, \"/a\", 0x7ff, 0", -1, "ENOENT", 1)), Is.EqualTo("stat"));
    }

    [Test]
    public void A_row_replaced_sends_the_call_elsewhere()
    {
        var table = new CallTable("files", Files).With(new Dictionary<string, string> { ["fcntl"] = "files" });
        Assert.That(table.RouteOf(new TraceCall("fcntl", "3", 0, null, 1)), Is.EqualTo(new Route("files", true)));
    }

    [Test]
    public void A_text_that_ends_no_operation_is_refused() =>
        Assert.That(() => TraceFixture.Ycsb("c").WithOperations("no such call"), Throws.TypeOf<InputException>().With.Message.Contains("'no such call'"));
}
