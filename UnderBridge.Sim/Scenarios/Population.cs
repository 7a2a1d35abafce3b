namespace UnderBridge.Sim.Scenarios;

/// <summary>Apps and servers grow in number: what calls cost then, and what changing mappings and connecting takes.</summary>
public sealed record Population : Workload
{
    internal override string Kind => WorkloadReader.Population;
    internal override string OwnAxis => "apps or servers";

    internal override IReadOnlyList<string> Measures =>
    [
        Metrics.CallByApps, Metrics.CallByServers, Metrics.UpdateByApps, Metrics.ConnectByApps, Metrics.ConnectByServers, Metrics.FreeKeysByServers,
    ];

    internal override IReadOnlyList<string> Random => [Metrics.CallByApps, Metrics.CallByServers];
    internal override IReadOnlyList<string> Scalars => [.. OfApps, .. OfServers];

    static readonly IReadOnlyList<string> OfApps = [Metrics.CallByApps, Metrics.UpdateByApps, Metrics.ConnectByApps];
    static readonly IReadOnlyList<string> OfServers = [Metrics.CallByServers, Metrics.ConnectByServers];

    internal override IReadOnlyList<int> OwnPoints(string metric) => [.. Steps(OfApps.Contains(metric) ? MostApps : MostServers)];
    internal override Workload AtOwn(string metric, int point) => this with { Only = (metric, point) };

    /// <summary>One measure at one number of apps or servers, in place of all; null measures all.</summary>
    internal (string Metric, int Count)? Only { get; init; }

    /// <summary>Powers of two up to a number, and the number.</summary>
    internal static IEnumerable<int> Steps(int most) => Enumerable.Range(0, 31).Select(bit => 1 << bit).TakeWhile(step => step < most).Append(most);

    /// <summary>How many apps there are at most while their number grows.</summary>
    public int MostApps { get; init; } = 64;

    /// <summary>How many servers there are while the number of apps grows.</summary>
    public int Servers { get; init; } = 5;

    /// <summary>How many servers there are at most while their number grows.</summary>
    public int MostServers { get; init; } = 15;

    /// <summary>How many apps there are while the number of servers grows.</summary>
    public int Apps { get; init; } = 8;

    /// <summary>Calls of each app before measuring starts.</summary>
    public int WarmUp { get; init; } = 30;

    /// <summary>Calls of each app measured.</summary>
    public int Calls { get; init; } = 30;
}
