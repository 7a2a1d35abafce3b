namespace UnderBridge.Sim.Scenarios;

/// <summary>
/// What a design costs and what it isolates: two servers call each other in a warm loop, an app calls a server that calls another, and the same system, with two apps and
/// three servers in it, is audited.
/// </summary>
public sealed record BothEnds : Workload
{
    public const string Name = "both-ends";

    internal override string Kind => Name;

    internal override IReadOnlyList<string> Measures =>
        [Metrics.RoundTrip, Metrics.AppCall, Metrics.Isolation, Metrics.Confidentiality, Metrics.Integrity, Metrics.Availability];

    /// <summary>What a Pareto figure may hold against isolation.</summary>
    public static readonly IReadOnlyList<string> Costs = [Metrics.RoundTrip, Metrics.AppCall];

    /// <summary>How often both calls are made.</summary>
    public PingPong Loop { get; init; } = new();
}

/// <summary>Attacks run on the simulated core, each from the standpoint of the app or server that would launch it.</summary>
public sealed record Attacks : Workload
{
    public const string Name = "attacks";

    internal override string Kind => Name;

    internal override IReadOnlyList<string> Measures => [Metrics.Outcome, Metrics.DetectedAfter, Metrics.Reached];

    /// <summary>How often an attack that strikes at random is repeated; its detection time is the mean.</summary>
    public int Trials { get; init; } = 100;
}

/// <summary>A server that crashes or hangs at random moments while apps load it and a server that it has nothing to do with.</summary>
public sealed record ServerFaults : Workload
{
    public const string Name = "server-faults";

    internal override string Kind => Name;

    internal override IReadOnlyList<string> Measures =>
    [
        Metrics.Answered, Metrics.AnsweredElsewhere, Metrics.RecoveryTime, Metrics.Lost, Metrics.Survivors,
        Metrics.HangRecoveryTime, Metrics.HangLost, Metrics.HangSurvivors,
    ];

    internal override string OwnAxis => "Time since the crash (ms)";

    internal override IReadOnlyList<string> Random => [Metrics.RecoveryTime, Metrics.Lost, Metrics.HangRecoveryTime, Metrics.HangLost];

    /// <summary>Requests a second to each of the two servers, in thousands.</summary>
    public double Load { get; init; } = 50;

    /// <summary>Cycles of work of a request.</summary>
    public double Work { get; init; } = 4000;

    /// <summary>Crashes simulated, each in a run of its own, and a fifth as many hangs; results are their means. Of each replication, where there are several.</summary>
    public int Trials { get; init; } = 30;

    /// <summary>Milliseconds of load before the fault that the timeline shows.</summary>
    public double Before { get; init; } = 1;

    /// <summary>Milliseconds of load after it.</summary>
    public double After { get; init; } = 4;
}
