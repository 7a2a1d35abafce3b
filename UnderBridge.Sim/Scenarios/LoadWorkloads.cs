using UnderBridge.Sim.Systems.Multicore;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Clients on several cores load one server: they think, call and wait, over and over.</summary>
public sealed record ClosedLoop : Workload
{
    public const string Name = "closed-loop";

    internal override string Kind => Name;
    internal override IReadOnlyList<string> Measures => Replications > 1 ? [.. Scalars, Metrics.Normalised, Metrics.Replications] : Scalars;
    internal override IReadOnlyList<string> Scalars => [Metrics.Throughput, Metrics.Response, Metrics.LockWait, Metrics.Ipi, Metrics.Idle];
    internal override IReadOnlyList<string> Random => [Metrics.Throughput, Metrics.Response];

    /// <summary>The loop; <see cref="Workload.WorkScale"/> scales its think and service times.</summary>
    public ClosedLoopSpec Load { get; init; } = new();
}

/// <summary>
/// One client on one core works, calls a server that works too and perhaps calls another in turn, and goes on: the least in which IPC has something to pollute.
/// </summary>
public sealed record CallLoop : Workload
{
    public const string Name = "call-loop";

    internal override string Kind => Name;

    internal override IReadOnlyList<string> Measures =>
    [
        Metrics.Request, Metrics.IpcShare, Metrics.Pollution,
        .. Metrics.Parties.SelectMany(victim => Metrics.Parties.Select(culprit => Metrics.PollutionOf(victim, culprit))),
    ];

    internal override IReadOnlyList<string> Scalars => Measures;
    internal override IReadOnlyList<string> Random => [Metrics.Request];

    /// <summary>Calls of the server to another one for each call of the client.</summary>
    public int InnerCalls { get; init; }

    /// <summary>Cycles of work of the client before each call.</summary>
    public double ClientWork { get; init; } = 1000;

    /// <summary>Cycles of work of a server for each call.</summary>
    public double ServerWork { get; init; } = 1000;

    /// <summary>The client's working set of data in KiB, from which work draws its lines.</summary>
    public double ClientKib { get; init; } = 64;

    /// <summary>A server's working set of data in KiB.</summary>
    public double ServerKib { get; init; } = 32;

    /// <summary>Calls of the client before measuring starts.</summary>
    public int WarmUp { get; init; } = 200;

    /// <summary>Calls of the client measured.</summary>
    public int Requests { get; init; } = 1000;
}
