using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Systems.Multicore;

namespace UnderBridge.Sim.Scenarios;

/// <summary>A numeric key of a workload: how it is read and set. <paramref name="NeedsEvidence"/> marks numbers that a file must give with their source.</summary>
sealed record WorkloadKey(SettingKey Key, Func<Workload, double?> Get, Func<Workload, double, Workload> Set, bool NeedsEvidence = false)
{
    public string Name => Key.Name;
}

/// <summary>The numeric keys of each kind of workload, in the order in which files write them.</summary>
static class WorkloadKeys
{
    const string PerCall = "compute-per-call";

    static readonly Bounds Factor = new(0, 1e6, AboveLow: true);
    static readonly Bounds WorkingSet = new(1, 1 << 16);

    static readonly WorkloadKey WorkScale =
        new(SettingKey.Number("work-scale", Factor, "factor"), workload => workload.WorkScale, (workload, value) => workload with { WorkScale = value });

    static readonly WorkloadKey ComputePerCall = new(
        SettingKey.Number(PerCall, Bounds.Cycles, "cycles"),
        workload => ((Replay)workload).ComputePerCall?.Value,
        (workload, value) => SetComputePerCall((Replay)workload, value),
        NeedsEvidence: true);

    static readonly WorkloadKey MaxGap = Of<Replay>(
        SettingKey.Number("max-gap", new Bounds(0, 1e12, AboveLow: true), "cycles"), replay => replay.MaxGap, (replay, value) => replay with { MaxGap = value });

    static readonly IReadOnlyList<WorkloadKey> PingPongKeys =
    [
        Of<PingPong>(SettingKey.Count("warm-up", Bounds.NotNegative), loop => loop.WarmUp, (loop, value) => loop with { WarmUp = (int)value }),
        Of<PingPong>(SettingKey.Count("round-trips", Bounds.AtLeast(1)), loop => loop.RoundTrips, (loop, value) => loop with { RoundTrips = (int)value }),
        WorkScale,
    ];

    static readonly IReadOnlyList<WorkloadKey> ReplayKeys =
    [
        Of<Replay>(SettingKey.Count("warm-up", Bounds.NotNegative), replay => replay.WarmUp, (replay, value) => replay with { WarmUp = (int)value }),
        Of<Replay>(SettingKey.Count("operations", Bounds.NotNegative), replay => replay.Operations, (replay, value) => replay with { Operations = (int)value }),
        Of<Replay>(SettingKey.Count("batches", Bounds.AtLeast(2)), replay => replay.Batches, (replay, value) => replay with { Batches = (int)value }),
        WorkScale,
    ];

    static readonly IReadOnlyList<WorkloadKey> ClosedLoopKeys =
    [
        Load(SettingKey.Count("cores", new Bounds(1, 64)), load => load.Cores, (load, value) => load with { Cores = (int)value }),
        Load(SettingKey.Count("server-cores", new Bounds(1, 64)), load => load.ServerCores, (load, value) => load with { ServerCores = (int)value }),
        Load(SettingKey.Count("clients-per-core", new Bounds(1, 64)), load => load.ClientsPerCore, (load, value) => load with { ClientsPerCore = (int)value }),
        Load(SettingKey.Number("think", Bounds.Cycles, "cycles"), load => load.Think, (load, value) => load with { Think = value }),
        Load(SettingKey.Number("service", Bounds.Cycles, "cycles"), load => load.Service, (load, value) => load with { Service = value }),
        Load(SettingKey.Number("locked-share", Bounds.Ratio, "ratio"), load => load.LockedShare, (load, value) => load with { LockedShare = value }),
        Load(SettingKey.Count("shared-lines", new Bounds(0, 64), "lines"), load => load.SharedLines, (load, value) => load with { SharedLines = (int)value }),
        // The coefficient of variation of think and service times.
        Load(SettingKey.Count("variation", Bounds.Ratio), load => load.Exponential ? 1 : 0, (load, value) => load with { Exponential = value != 0 }),
        Load(SettingKey.Number("time-slice", Bounds.Cycles, "cycles"), load => load.TimeSlice, (load, value) => load with { TimeSlice = value }),
        Load(SettingKey.Count("warm-up", Bounds.NotNegative), load => load.WarmUp, (load, value) => load with { WarmUp = (int)value }),
        Load(SettingKey.Count("requests", Bounds.AtLeast(20)), load => load.Requests, (load, value) => load with { Requests = (int)value }),
        WorkScale,
    ];

    static readonly IReadOnlyList<WorkloadKey> CallLoopKeys =
    [
        Of<CallLoop>(SettingKey.Count("inner-calls", new Bounds(0, 100)), loop => loop.InnerCalls, (loop, value) => loop with { InnerCalls = (int)value }),
        Of<CallLoop>(SettingKey.Number("client-work", Bounds.Cycles, "cycles"), loop => loop.ClientWork, (loop, value) => loop with { ClientWork = value }),
        Of<CallLoop>(SettingKey.Number("server-work", Bounds.Cycles, "cycles"), loop => loop.ServerWork, (loop, value) => loop with { ServerWork = value }),
        Of<CallLoop>(SettingKey.Number("client-kib", WorkingSet, "KiB"), loop => loop.ClientKib, (loop, value) => loop with { ClientKib = value }),
        Of<CallLoop>(SettingKey.Number("server-kib", WorkingSet, "KiB"), loop => loop.ServerKib, (loop, value) => loop with { ServerKib = value }),
        Of<CallLoop>(SettingKey.Count("warm-up", Bounds.NotNegative), loop => loop.WarmUp, (loop, value) => loop with { WarmUp = (int)value }),
        Of<CallLoop>(SettingKey.Count("requests", Bounds.AtLeast(20)), loop => loop.Requests, (loop, value) => loop with { Requests = (int)value }),
        WorkScale,
    ];

    /// <summary>The keys that mean something for this workload: compute comes either from a timed recording, cut at a gap, or is a price a call.</summary>
    public static IReadOnlyList<WorkloadKey> Of(Workload workload) => workload switch
    {
        PingPong => PingPongKeys,
        ClosedLoop => ClosedLoopKeys,
        CallLoop => CallLoopKeys,
        Replay { Timed: null } => [ComputePerCall, .. ReplayKeys],
        _ => [MaxGap, .. ReplayKeys],
    };

    static WorkloadKey Of<T>(SettingKey key, Func<T, double> get, Func<T, double, T> set) where T : Workload =>
        new(key, workload => get((T)workload), (workload, value) => set((T)workload, value));

    static WorkloadKey Load(SettingKey key, Func<ClosedLoopSpec, double> get, Func<ClosedLoopSpec, double, ClosedLoopSpec> set) =>
        Of<ClosedLoop>(key, loop => get(loop.Load), (loop, value) => loop with { Load = set(loop.Load, value) });

    static Replay SetComputePerCall(Replay replay, double cycles)
    {
        var unset = new Sourced<double>($"workload.{PerCall}", cycles, "cycles", Grade.Assumed, new Citation("user", ""));
        return replay with { ComputePerCall = (replay.ComputePerCall ?? unset).Override(cycles, FormattableString.Invariant($"workload.{PerCall}={cycles}")) };
    }
}
