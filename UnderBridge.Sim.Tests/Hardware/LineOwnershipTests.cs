using CsCheck;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>Lines that cores write and read in turn, against a list of who wrote each last and who has a copy.</summary>
public class LineOwnershipTests
{
    const int CoreCount = 3, Lines = 6;

    [Test]
    public void Whoever_reads_and_writes_pays_for_what_another_core_wrote_and_for_copies_that_were_taken_away() =>
        Gen.Select(Gen.Int[0, CoreCount - 1], Gen.Int[0, 2], Gen.Int[0, Lines - 1], Gen.Bool).Array[1, 80].Sample(accesses =>
        {
            var bench = new HardwareBench(cores: CoreCount);
            var data = bench.Data(bench.App, "shared", 1);
            var owners = new[] { bench.App, bench.Server, bench.Kernel };
            foreach (var core in bench.Machine.Cores) core.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
            var copies = new Copies();
            foreach (var (core, owner, line, write) in accesses)
            {
                var before = Stalls(bench.Machine.Cores[core]);
                bench.Machine.Cores[core].Touch(owners[owner], data, line, 1, write);
                Assert.That(Stalls(bench.Machine.Cores[core]) - before, Is.EqualTo(copies.Access(core, line, write)), $"core {core} {(write ? "writes" : "reads")} line {line}");
            }
        }, iter: 200);

    [Test]
    public void Of_a_transfer_what_the_reader_would_have_paid_alone_is_refill_and_the_rest_pollution_by_the_writer()
    {
        var bench = new HardwareBench(cores: 2);
        var data = bench.Data(bench.App, "shared", 1);
        var (writer, reader) = (bench.Machine.Cores[0], bench.Machine.Cores[1]);
        reader.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
        var transfer = (long)HardwareBench.Stall(HardwareBench.LineTransfer);
        foreach (var expected in ((long, long)[])[(transfer, 0), (transfer, transfer)])
        {
            writer.Touch(bench.Server, data, 0, 1, write: true);
            reader.Touch(bench.App, data, 0, 1, write: false);
            Assert.That((reader.Ledger[Cause.CacheRefill], reader.Ledger[Cause.CachePollution]), Is.EqualTo(expected), "the first time it would have come from memory, then from the first level");
        }
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.App.Index, bench.Server.Index), Is.EqualTo(transfer));
    }

    static long Stalls(Core core) => core.Ledger[Cause.CacheRefill] + core.Ledger[Cause.CachePollution];

    // So few lines that nothing is evicted for want of room.
    sealed class Copies
    {
        readonly int?[] writers = new int?[Lines];
        readonly HashSet<(int Core, int Line)> held = [];
        readonly HashSet<int> shared = [];

        public double Access(int core, int line, bool write)
        {
            var elsewhere = writers[line] is { } writer && writer != core;
            var stall = elsewhere ? HardwareBench.Stall(HardwareBench.LineTransfer)
                : held.Contains((core, line)) ? 0
                : HardwareBench.Stall(shared.Contains(line) ? HardwareBench.LlcLatency : HardwareBench.MemoryLatency);
            if (write)
            {
                held.RemoveWhere(copy => copy.Line == line);
                writers[line] = core;
            }
            else if (elsewhere) writers[line] = null;
            held.Add((core, line));
            shared.Add(line);
            return stall;
        }
    }
}
