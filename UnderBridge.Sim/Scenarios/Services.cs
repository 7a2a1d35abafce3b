namespace UnderBridge.Sim.Scenarios;

/// <summary>
/// An app sends requests, one after the other, to servers of uneven popularity, and each calls others for it; once for each number of servers. All
/// systems are asked the same.
/// </summary>
public sealed record Services : Workload
{
    internal override string Kind => WorkloadReader.Services;
    internal override IReadOnlyList<string> Measures =>
        [Metrics.Throughput, Metrics.Migrations, Metrics.KeyExchanges, Metrics.WindowThroughput, Metrics.WindowMigrations, .. Replications > 1 ? [Metrics.Normalised, Metrics.Replications] : Array.Empty<string>()];
    internal override IReadOnlyList<string> Random => [Metrics.Throughput];
    internal override string OwnAxis => Windows > 0 ? "requests" : "servers";
    internal override IReadOnlyList<string> Scalars => [Metrics.Throughput];
    internal override IReadOnlyList<int> OwnPoints(string metric) => Servers;
    internal override Workload Shortened(int units) => this with { Requests = units, WarmUp = Math.Min(WarmUp, units) };
    internal override Workload AtOwn(string metric, int point) => this with { Servers = [point] };

    /// <summary>Numbers of servers to ask about.</summary>
    public IReadOnlyList<int> Servers { get; init; } = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>Requests before measuring starts.</summary>
    public int WarmUp { get; init; } = 1000;

    /// <summary>Requests measured.</summary>
    public int Requests { get; init; } = 4000;

    /// <summary>Batches of consecutive requests that they are cut into for intervals.</summary>
    public int Batches { get; init; } = 20;

    /// <summary>Calls that the first server of a request makes to others.</summary>
    public int Calls { get; init; } = 3;

    /// <summary>Exponent of Zipf's law, by which servers are called.</summary>
    public double Zipf { get; init; } = 0.99;

    /// <summary>Every so many requests the ranking of the servers moves on; 0: never.</summary>
    public int ShiftEvery { get; init; }

    /// <summary>By so many servers it moves on.</summary>
    public int ShiftBy { get; init; } = 8;

    /// <summary>Cycles between two choices of a policy.</summary>
    public double Epoch { get; init; } = 1_000_000;

    /// <summary>The share by which a server outside the kernel must be called more often than one inside for them to change places.</summary>
    public double Hysteresis { get; init; } = 0.5;

    /// <summary>Weight of the latest epoch in what a policy expects, above 0 and at most 1.</summary>
    public double Smoothing { get; init; } = 0.5;

    /// <summary>Epochs over which a move must pay.</summary>
    public double Horizon { get; init; } = 4;

    /// <summary>Other cores that have the kernel's page table loaded and must be told of each flush.</summary>
    public int OtherCores { get; init; }

    /// <summary>Parts of the run whose throughput is shown each by itself; 0 shows none.</summary>
    public int Windows { get; init; }

    public bool Equals(Services? other) =>
        other is not null && base.Equals(other) && Servers.SequenceEqual(other.Servers)
        && (WarmUp, Requests, Batches, Calls, Zipf, ShiftEvery, ShiftBy) == (other.WarmUp, other.Requests, other.Batches, other.Calls, other.Zipf, other.ShiftEvery, other.ShiftBy)
        && (Epoch, Hysteresis, Smoothing, Horizon, OtherCores, Windows) == (other.Epoch, other.Hysteresis, other.Smoothing, other.Horizon, other.OtherCores, other.Windows);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Servers.Count, WarmUp, Requests, Calls, Zipf, ShiftEvery, Epoch);
}
