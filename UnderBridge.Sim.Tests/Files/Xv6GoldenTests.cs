using UnderBridge.Sim.Systems.Files;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Tests.House;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// Counts of an xv6 file server. The 63.82 writes an operation of the folded database are those of xv6-riscv's own code driven by the same trace; that code
/// reads 6.33 blocks where these rules read 6.34. The other rows are this model's own, held against those of an earlier model of the same rules. Its disk calls
/// are met to the digit in all rows but 512-byte blocks (119.8), once the image leaves free blocks below it, which was chosen in sight of them. Not
/// met: its 176 buffer reads (180 here), and its bytes copied by 0.1 KB in the default (60.0) and without a log (10.5).
/// </summary>
sealed class Xv6GoldenTests
{
    const int Operations = 2000, Folded = 200 * 1024;

    static readonly CallTable Files = new("files", new Dictionary<string, string>
    {
        ["openat"] = "files", ["close"] = "files", ["pread64"] = "files", ["pwrite64"] = "files", ["newfstatat"] = "files", ["unlink"] = "files", ["read"] = "files",
    });

    static FileServer Run(string workload, Xv6Options options, Func<FileTrace, FileTrace>? change = null) =>
        FileServer.Replayed(TraceFixture.Ycsb(workload), options, Files, change);

    static double BlocksPerOperation(FileServer server) => (server.Reads + server.Writes) / (double)Operations;

    [TestCase(0, 4096, 16)]
    [TestCase(0, 4, 6)]
    [TestCase(1022, 4, 8)]
    [TestCase(0, 3072, 10)]
    [TestCase(0, 0, 0)]
    public void An_overwrite_writes_each_block_the_inode_and_the_header_twice(int offset, int length, int writes)
    {
        var server = new FileServer();
        server.Ask(FileOperation.Create, "/a");
        server.Ask(FileOperation.Write, "/a", 0, 8192);
        Assert.That(server.Ask(FileOperation.Write, "/a", offset, length), Is.EqualTo(writes));
    }

    [Test]
    public void A_create_writes_6_blocks_an_unlink_8_and_the_rest_none()
    {
        var server = new FileServer();
        Assert.That(server.Ask(FileOperation.Create, "/a"), Is.EqualTo(6));
        server.Ask(FileOperation.Write, "/a", 0, 4096);
        Assert.That(server.Ask(FileOperation.Read, "/a", 0, 4096), Is.Zero);
        Assert.That(server.Ask(FileOperation.StatHandle, "/a"), Is.Zero);
        Assert.That(server.Ask(FileOperation.Stat, "/a"), Is.Zero);
        Assert.That(server.Ask(FileOperation.Stat, "/b"), Is.Zero);
        Assert.That(server.Ask(FileOperation.Create, "/a", handle: 4), Is.Zero);
        Assert.That(server.Ask(FileOperation.Other, "/a"), Is.Zero);
        Assert.That(server.Ask(FileOperation.Close, "/a"), Is.Zero);
        Assert.That(server.Ask(FileOperation.Close, "/a", handle: 4), Is.Zero);
        Assert.That(server.Ask(FileOperation.Unlink, "/a"), Is.EqualTo(8));
        Assert.That(server.Ask(FileOperation.Unlink, "/a"), Is.Zero);
    }

    [Test]
    public void A_file_unlinked_while_open_gives_its_blocks_back_when_it_is_closed()
    {
        var server = new FileServer();
        server.Ask(FileOperation.Create, "/a");
        server.Ask(FileOperation.Write, "/a", 0, 1024);
        Assert.That(server.Ask(FileOperation.Unlink, "/a"), Is.EqualTo(6));
        Assert.That(server.Ask(FileOperation.Close, "/a"), Is.EqualTo(6));
    }

    [Test]
    public void Xv6_public_spares_the_inode_of_a_write_that_does_not_grow_the_file()
    {
        var server = new FileServer(new Xv6Options { InodeUpdate = InodeUpdate.OnGrowth });
        server.Ask(FileOperation.Create, "/a");
        Assert.That(server.Ask(FileOperation.Write, "/a", 0, 1024), Is.EqualTo(8));
        Assert.That(server.Ask(FileOperation.Write, "/a", 0, 1024), Is.EqualTo(4));
    }

    [Test]
    public void Workload_a_calls_the_server_27374_times_and_writes_127644_blocks()
    {
        var server = Run("a", new Xv6Options());
        Assert.That(server.Calls, Is.EqualTo(27_374));
        Assert.That(server.Writes, Is.EqualTo(127_644));
        Assert.That(server.Reads, Is.EqualTo(15_620));
        Assert.That(server.BufferReads, Is.EqualTo(360_530));
    }

    [Test]
    public void The_folded_database_needs_the_writes_of_xv6_itself_and_a_hundredth_more_reads()
    {
        var server = Run("a", new Xv6Options { IndirectLevels = 1 }, files => FileServer.Fold(files, Folded));
        Assert.That(server.Writes, Is.EqualTo(127_644));
        Assert.That(server.Reads, Is.EqualTo(12_675));
        Assert.That(server.BufferReads, Is.EqualTo(352_449));
    }

    [TestCase("a", 71.6, 7.8)]
    [TestCase("b", 9.7, 3.4)]
    [TestCase("c", 2.4, 2.4)]
    public void Blocks_an_operation_by_workload(string workload, double blocks, double reads)
    {
        var server = Run(workload, new Xv6Options());
        Assert.That(Math.Round(BlocksPerOperation(server), 1), Is.EqualTo(blocks));
        Assert.That(Math.Round(server.Reads / (double)Operations, 1), Is.EqualTo(reads));
    }

    [Test]
    public void Workload_c_writes_nothing() => Assert.That(Run("c", new Xv6Options()).Writes, Is.Zero);

    static IEnumerable<TestCaseData> Variants()
    {
        yield return new TestCaseData(new Xv6Options { InodeUpdate = InodeUpdate.OnGrowth }, 66.9, 55.1).SetArgDisplayNames("inode on growth");
        yield return new TestCaseData(new Xv6Options { BlockSize = 4096 }, 41.4, 129.4).SetArgDisplayNames("4096-byte blocks");
        yield return new TestCaseData(new Xv6Options { Log = false }, 41.7, 10.6).SetArgDisplayNames("no log");
        yield return new TestCaseData(new Xv6Options { Buffers = 10_000 }, 65.7, 60.1).SetArgDisplayNames("a cache that holds everything");
        yield return new TestCaseData(new Xv6Options { FreeBelowImage = 0 }, 71.8, 60.1).SetArgDisplayNames("a disk fresh from mkfs");
        // Two levels of 512-byte blocks end at 8 MB, so this one takes a third.
        yield return new TestCaseData(new Xv6Options { BlockSize = 512, IndirectLevels = 3 }, 120.1, 49.2).SetArgDisplayNames("512-byte blocks");
    }

    [TestCaseSource(nameof(Variants))]
    public void Blocks_and_kilobytes_copied_an_operation_by_variant(Xv6Options options, double blocks, double kilobytes)
    {
        var server = Run("a", options);
        Assert.That(Math.Round(BlocksPerOperation(server), 1), Is.EqualTo(blocks));
        Assert.That(Math.Round(server.BytesCopied / Operations / 1000, 1), Is.EqualTo(kilobytes));
    }

    [Test]
    public void Locks_and_syncs_sent_to_the_server_too_make_it_22_and_a_half_calls_an_operation()
    {
        var more = Files.With(new Dictionary<string, string> { ["fcntl"] = "files", ["fdatasync"] = "files", ["fchown"] = "files" });
        var server = FileServer.Replayed(TraceFixture.Ycsb("a"), new Xv6Options(), more);
        Assert.That(Math.Round(server.Calls / (double)Operations, 1), Is.EqualTo(22.5));
        Assert.That(server.Writes, Is.EqualTo(127_644));
    }

    [Test]
    public void The_database_does_not_fit_without_more_indirect_levels() => Assert.That(
        () => Run("a", new Xv6Options { IndirectLevels = 1 }),
        Throws.TypeOf<FileSystemException>().With.Message.EqualTo(
            "/t.db of 14053376 bytes is larger than the largest file of 268 blocks of 1024 bytes; raise the indirect levels"));

    [Test]
    public void A_replay_in_steady_state_allocates_nothing()
    {
        var trace = TraceFixture.Ycsb("a");
        var files = FileTrace.Of(trace);
        var system = new Xv6FileSystem(new Xv6Options(), files.Paths, files.Image);
        var requests = files.Requests.ToArray();
        var plan = new ServerPlan();

        void Replay()
        {
            foreach (ref readonly var request in requests.AsSpan())
            {
                plan.Clear();
                system.Plan(request, plan);
            }
        }

        Assert.That(Allocated.Least(Replay), Is.Zero);
    }
}
