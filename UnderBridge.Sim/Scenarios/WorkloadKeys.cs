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

    /// <summary>How often a workload is run, where that makes a difference. Not written where they ask for nothing, so that scenarios that are older keep their hash.</summary>
    public static readonly IReadOnlyList<WorkloadKey> Repeats =
    [
        new(SettingKey.Count("replications", new Bounds(1, 10_000)), workload => workload.Replications is 1 ? null : workload.Replications,
            (workload, value) => workload with { Replications = (int)value }),
        new(SettingKey.Number("precision", Bounds.Ratio, "ratio"), workload => workload.Precision is 0 ? null : workload.Precision,
            (workload, value) => workload with { Precision = value }),
    ];

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

    static readonly IReadOnlyList<WorkloadKey> BothEndsKeys =
    [
        Of<BothEnds>(SettingKey.Count("warm-up", Bounds.NotNegative), both => both.Loop.WarmUp, (both, value) => both with { Loop = both.Loop with { WarmUp = (int)value } }),
        Of<BothEnds>(SettingKey.Count("round-trips", Bounds.AtLeast(1)), both => both.Loop.RoundTrips, (both, value) => both with { Loop = both.Loop with { RoundTrips = (int)value } }),
    ];

    static readonly IReadOnlyList<WorkloadKey> AttacksKeys =
        [Of<Attacks>(SettingKey.Count("trials", new Bounds(1, 10_000)), attacks => attacks.Trials, (attacks, value) => attacks with { Trials = (int)value })];

    static readonly IReadOnlyList<WorkloadKey> ServerFaultsKeys =
    [
        Of<ServerFaults>(SettingKey.Number("load", new Bounds(0, 1e4, AboveLow: true), "thousand requests/s"), faults => faults.Load, (faults, value) => faults with { Load = value }),
        Of<ServerFaults>(SettingKey.Number("work", new Bounds(0, 1e6), "cycles"), faults => faults.Work, (faults, value) => faults with { Work = value }),
        Of<ServerFaults>(SettingKey.Count("trials", new Bounds(1, 10_000)), faults => faults.Trials, (faults, value) => faults with { Trials = (int)value }),
        Of<ServerFaults>(SettingKey.Number("before", new Bounds(0.1, 100), "ms"), faults => faults.Before, (faults, value) => faults with { Before = value }),
        Of<ServerFaults>(SettingKey.Number("after", new Bounds(0.1, 1000), "ms"), faults => faults.After, (faults, value) => faults with { After = value }),
    ];

    static readonly IReadOnlyList<WorkloadKey> ServiceMixKeys =
    [
        Of<ServiceMix>(SettingKey.Count("instances", new Bounds(1, 12)), mix => mix.Instances, (mix, value) => mix with { Instances = (int)value }),
        Of<ServiceMix>(SettingKey.Count("compartments", new Bounds(0, 64)), mix => mix.Compartments, (mix, value) => mix with { Compartments = (int)value }),
        new(SettingKey.Number("privileged-rate", new Bounds(0, 1e6), "per million cycles"), workload => ((ServiceMix)workload).PrivilegedRate,
            (workload, value) => (ServiceMix)workload with { PrivilegedRate = value }),
        Of<ServiceMix>(SettingKey.Count("warm-up", new Bounds(0, 1e6)), mix => mix.WarmUp, (mix, value) => mix with { WarmUp = (int)value }),
        Of<ServiceMix>(SettingKey.Count("operations", new Bounds(1, 1e6)), mix => mix.Operations, (mix, value) => mix with { Operations = (int)value }),
        WorkScale,
    ];

    static readonly IReadOnlyList<WorkloadKey> PopulationKeys =
    [
        Of<Population>(SettingKey.Count("most-apps", new Bounds(1, 64)), one => one.MostApps, (one, value) => one with { MostApps = (int)value }),
        Of<Population>(SettingKey.Count("servers", new Bounds(1, 15)), one => one.Servers, (one, value) => one with { Servers = (int)value }),
        Of<Population>(SettingKey.Count("most-servers", new Bounds(1, 15)), one => one.MostServers, (one, value) => one with { MostServers = (int)value }),
        Of<Population>(SettingKey.Count("apps", new Bounds(1, 64)), one => one.Apps, (one, value) => one with { Apps = (int)value }),
        Of<Population>(SettingKey.Count("warm-up", new Bounds(0, 10_000)), one => one.WarmUp, (one, value) => one with { WarmUp = (int)value }),
        Of<Population>(SettingKey.Count("calls", new Bounds(1, 10_000)), one => one.Calls, (one, value) => one with { Calls = (int)value }),
    ];

    static readonly IReadOnlyList<WorkloadKey> ServicesKeys =
    [
        Of<Services>(SettingKey.Count("warm-up", Bounds.NotNegative), mix => mix.WarmUp, (mix, value) => mix with { WarmUp = (int)value }),
        Of<Services>(SettingKey.Count("requests", new Bounds(2, 1_000_000)), mix => mix.Requests, (mix, value) => mix with { Requests = (int)value }),
        Of<Services>(SettingKey.Count("batches", Bounds.AtLeast(2)), mix => mix.Batches, (mix, value) => mix with { Batches = (int)value }),
        Of<Services>(SettingKey.Count("calls", new Bounds(0, 100)), mix => mix.Calls, (mix, value) => mix with { Calls = (int)value }),
        Of<Services>(SettingKey.Number("zipf", new Bounds(0, 10), "exponent"), mix => mix.Zipf, (mix, value) => mix with { Zipf = value }),
        Of<Services>(SettingKey.Count("shift-every", Bounds.NotNegative, "requests"), mix => mix.ShiftEvery, (mix, value) => mix with { ShiftEvery = (int)value }),
        Of<Services>(SettingKey.Count("shift-by", Bounds.NotNegative, "servers"), mix => mix.ShiftBy, (mix, value) => mix with { ShiftBy = (int)value }),
        Of<Services>(SettingKey.Count("epoch", new Bounds(1000, 1e12), "cycles"), mix => mix.Epoch, (mix, value) => mix with { Epoch = value }),
        Of<Services>(SettingKey.Number("hysteresis", new Bounds(0, 1000), "ratio"), mix => mix.Hysteresis, (mix, value) => mix with { Hysteresis = value }),
        Of<Services>(SettingKey.Number("smoothing", new Bounds(0, 1, AboveLow: true), "ratio"), mix => mix.Smoothing, (mix, value) => mix with { Smoothing = value }),
        Of<Services>(SettingKey.Number("horizon", new Bounds(0, 1e6, AboveLow: true), "epochs"), mix => mix.Horizon, (mix, value) => mix with { Horizon = value }),
        Of<Services>(SettingKey.Count("other-cores", new Bounds(0, 1000)), mix => mix.OtherCores, (mix, value) => mix with { OtherCores = (int)value }),
        Of<Services>(SettingKey.Count("windows", new Bounds(0, 10_000)), mix => mix.Windows, (mix, value) => mix with { Windows = (int)value }),
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
    public static IReadOnlyList<WorkloadKey> Of(Workload workload) => workload.Random.Count == 0 ? OfKind(workload) : [.. OfKind(workload), .. Repeats];

    /// <summary>What is expected in the place of a key that repeats a workload in which nothing is random; null for other keys and workloads.</summary>
    public static string? InPlaceOf(string key, Workload workload)
    {
        if (workload.Random.Count > 0 || Repeats.All(repeat => repeat.Name != key)) return null;
        return workload is Attacks ? "'trials', which repeats what strikes at random" : $"none, for nothing is random in a workload of kind '{workload.Kind}': one run says all";
    }

    static IReadOnlyList<WorkloadKey> OfKind(Workload workload) => workload switch
    {
        PingPong => PingPongKeys,
        BothEnds => BothEndsKeys,
        Attacks => AttacksKeys,
        ServerFaults => ServerFaultsKeys,
        ServiceMix => ServiceMixKeys,
        Population => PopulationKeys,
        Services => ServicesKeys,
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
