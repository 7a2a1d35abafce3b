using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

public class TimedTraceTests
{
    const string Header = "start_tsc,end_tsc,op,fd,bytes,offset,ret\n";

    static Trace Join(string strace, string csv, long maxGap = 1000) =>
        TraceFixture.With(csv, path => TraceReader.Join(TraceFixture.Strace(strace), path, maxGap));

    [Test]
    public void The_gap_before_a_call_is_its_compute()
    {
        var trace = Join("pread64(3) = 1\ngetpid() = 4\nopenat(3) = 4\n", Header + "0,10,begin,-1,0,-1,0\n15,20,pread,3,1,0,1\n50,60,open,4,0,-1,4\n99,99,end,-1,0,-1,0\n");
        Assert.That(trace.Calls.Select(call => call.ComputeBefore), Is.EqualTo(new[] { 5, 0, 30 }));
        Assert.That(trace.Compute, Is.EqualTo(35));
    }

    [TestCase(29, 1, 30, 0)]
    [TestCase(30, 0, 0, 30)]
    public void A_gap_above_the_limit_is_dropped_and_counted_and_one_at_the_limit_is_kept(long maxGap, int dropped, long cycles, long compute)
    {
        var trace = Join("read(3) = 1\nread(3) = 1\n", Header + "0,10,read,3,1,0,1\n40,50,read,3,1,0,1\n", maxGap);
        Assert.That((trace.GapsDropped, trace.CyclesDropped, trace.Compute), Is.EqualTo((dropped, cycles, compute)));
    }

    [TestCase("read(3) = 1\nwrite(3) = 1\n", "0,1,read,3,1,0,1\n2,3,read,3,1,0,1\n4,5,write,3,1,0,1\n", 3, "'read'", ":2")]
    [TestCase("read(3) = 1\nread(3) = 1\n", "0,1,read,3,1,0,1\n", 2, "the end of the rows", ":2")]
    [TestCase("read(3) = 1\n", "0,1,read,3,1,0,1\n2,3,read,3,1,0,1\n", 3, "'read'", ":1")]
    public void Files_that_differ_in_order_are_refused_naming_the_line_of_both(string strace, string rows, int line, string found, string straceLine)
    {
        var error = Assert.Throws<InputException>(() => Join(strace, Header + rows))!.Errors.Single();
        Assert.That((error.Line, error.Found), Is.EqualTo((line, found)));
        Assert.That(error.Expected, Does.EndWith("trace.txt" + straceLine));
    }

    [TestCase("0,1,read,3,1,0\n")]
    [TestCase("0,1,read,3,1,0,1,9\n")]
    [TestCase("0,x,read,3,1,0,1\n")]
    [TestCase("0,1,,3,1,0,1\n")]
    [TestCase("5,1,read,3,1,0,1\n")]
    [TestCase("0,1.5,read,3,1,0,1\n")]
    public void A_malformed_row_is_refused_with_its_line(string row)
    {
        var error = Assert.Throws<InputException>(() => TraceFixture.With(Header + "0,0,begin,-1,0,-1,0\n" + row, TraceReader.ReadTimed))!.Errors.Single();
        Assert.That(error.Line, Is.EqualTo(3));
        Assert.That(error.Found, Is.EqualTo($"'{row.TrimEnd()}'"));
    }

    [TestCase("", 0)]
    [TestCase("start,end\n", 1)]
    [TestCase(Header, 0)]
    public void A_file_without_its_header_or_without_rows_is_refused(string text, int line) =>
        Assert.That(Assert.Throws<InputException>(() => TraceFixture.With(text, TraceReader.ReadTimed))!.Errors.Single().Line, Is.EqualTo(line));
}
