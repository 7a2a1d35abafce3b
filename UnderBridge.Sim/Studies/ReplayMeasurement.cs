using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Files;

namespace UnderBridge.Sim.Studies;

/// <summary>Replays a recording against the file server and its disk, and observes the operations after the warm-up.</summary>
sealed class ReplayMeasurement
{
    /// <summary>The programs of its servers.</summary>
    public const string FileProgram = "file-system", DiskProgram = "disk";

    const int FileServer = 0, DiskServer = 1;

    readonly SimulatedSystem simulated;
    readonly Recording recording;
    readonly RamDisk disk;
    readonly IReadOnlyList<Server> servers;
    readonly ReplayApp app;
    readonly int warmUp;
    readonly int operations;
    LedgerMark begin;
    Tally tally;

    ReplayMeasurement(SimulatedSystem simulated, Replay replay, Catalogue catalogue, Recording recording)
    {
        this.simulated = simulated;
        this.recording = recording;
        var options = new Xv6Options();
        disk = new RamDisk(options.BlockSize);
        var files = new Xv6FileSystem(options, recording.Paths, recording.Image, DiskServer);
        servers = simulated.AddServers(replay.WorkScale, (catalogue.Programs[FileProgram], files), (catalogue.Programs[DiskProgram], disk));
        operations = replay.Operations == 0 ? recording.Operations : Math.Min(recording.Operations, replay.WarmUp + replay.Operations);
        warmUp = replay.WarmUp;
        app = new ReplayApp(simulated, catalogue.Programs["sqlite"], recording.Calls(operations, FileServer), servers, recording.Compute, replay.WorkScale);
        begin = LedgerMark.Take(simulated);
    }

    public static Observation Of(
        SimulatedSystem simulated, Replay replay, SystemUnderTest system, string point, Catalogue catalogue, Recording recording)
    {
        var measurement = new ReplayMeasurement(simulated, replay, catalogue, recording);
        measurement.app.Run(measurement.OperationEnded);
        return measurement.Observe(system, point);
    }

    void OperationEnded(int operation)
    {
        if (operation != warmUp) return;
        begin = LedgerMark.Take(simulated);
        tally = Count();
    }

    Observation Observe(SystemUnderTest system, string point)
    {
        var ends = app.OperationEnds;
        var units = Enumerable.Range(warmUp, operations - warmUp).Select(i => ends[i] - (i == 0 ? 0 : ends[i - 1])).ToList();
        var now = Count();
        var counts = new Dictionary<string, long>
        {
            [Metrics.FsCalls] = now.FsCalls - tally.FsCalls,
            [Metrics.BlockReads] = now.Reads - tally.Reads,
            [Metrics.BlockWrites] = now.Writes - tally.Writes,
        };
        foreach (var (call, count) in recording.CountsByName(warmUp, operations)) counts[$"{Metrics.Calls}.{call}"] = count;
        var observation = Measurement.Since(begin, simulated, system, point, units, counts);
        return observation with { Ipcs = now.FsCalls - tally.FsCalls + now.Reads - tally.Reads + now.Writes - tally.Writes };
    }

    Tally Count() => new(servers[FileServer].Calls, disk.Reads, disk.Writes);

    readonly record struct Tally(long FsCalls, long Reads, long Writes);
}
