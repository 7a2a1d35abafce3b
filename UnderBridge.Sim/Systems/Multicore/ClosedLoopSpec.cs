namespace UnderBridge.Sim.Systems.Multicore;

/// <summary>
/// Clients that think, call a server and wait for its reply, over and over: the closed queueing network with which servers are loaded. Times are means in
/// cycles.
/// </summary>
public sealed record ClosedLoopSpec
{
    /// <summary>Cores in use, those of the server included.</summary>
    public int Cores { get; init; } = 4;

    /// <summary>Where calls cross cores: cores that only serve, with a thread of the server on each. With no core left for clients, they share the server's.</summary>
    public int ServerCores { get; init; } = 1;

    /// <summary>Clients that take turns on each core that has any.</summary>
    public int ClientsPerCore { get; init; } = 1;

    /// <summary>Work of a client between two calls.</summary>
    public double Think { get; init; } = 2000;

    /// <summary>Work of the server for a call.</summary>
    public double Service { get; init; } = 750;

    /// <summary>The part of the service, from 0 to 1, that no two threads of the server may do at once.</summary>
    public double LockedShare { get; init; }

    /// <summary>Lines of the server's state that each request writes; where its threads run on several cores, they fetch them from one another.</summary>
    public int SharedLines { get; init; } = 4;

    /// <summary>Think and service times are exponential; else each is its mean.</summary>
    public bool Exponential { get; init; } = true;

    /// <summary>Cycles after which a client that works gives way to another that waits for its core; 0 for never.</summary>
    public double TimeSlice { get; init; }

    /// <summary>Requests of all clients before measuring starts.</summary>
    public int WarmUp { get; init; } = 500;

    /// <summary>Requests measured.</summary>
    public int Requests { get; init; } = 4000;
}
