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

    /// <summary>The most apps, with so many servers, and the most servers, with so many apps.</summary>
    internal int MostApps { get; init; } = 64;
    public int Servers { get; init; } = 5;
    internal int MostServers { get; init; } = 15;
    public int Apps { get; init; } = 8;

    /// <summary>Calls of each app before measuring starts, and calls measured.</summary>
    public int WarmUp { get; init; } = 30;
    public int Calls { get; init; } = 30;
}
