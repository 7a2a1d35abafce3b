namespace UnderBridge.Sim.Scenarios;

/// <summary>Apps and servers grow in number: what calls cost then, and what changing mappings and connecting takes.</summary>
public sealed record Population : Workload
{
    public override string Kind => WorkloadReader.Population;
    public override string OwnAxis => "apps or servers";

    public override IReadOnlyList<string> Measures =>
    [
        Metrics.CallByApps, Metrics.CallByServers, Metrics.UpdateByApps, Metrics.ConnectByApps, Metrics.ConnectByServers, Metrics.FreeKeysByServers,
    ];

    public override IReadOnlyList<string> Random => [Metrics.CallByApps, Metrics.CallByServers];
    public override IReadOnlyList<string> Scalars => [.. OfApps, .. OfServers];

    static readonly IReadOnlyList<string> OfApps = [Metrics.CallByApps, Metrics.UpdateByApps, Metrics.ConnectByApps];
    static readonly IReadOnlyList<string> OfServers = [Metrics.CallByServers, Metrics.ConnectByServers];

    public override IReadOnlyList<int> OwnPoints(string metric) => [.. Steps(OfApps.Contains(metric) ? MostApps : MostServers)];
    public override Workload AtOwn(string metric, int point) => this with { Only = (metric, point) };

    /// <summary>One measure at one number of apps or servers, in place of all; null measures all.</summary>
    public (string Metric, int Count)? Only { get; init; }

    /// <summary>Powers of two up to a number, and the number.</summary>
    public static IEnumerable<int> Steps(int most) => Enumerable.Range(0, 31).Select(bit => 1 << bit).TakeWhile(step => step < most).Append(most);

    /// <summary>The most apps, with so many servers, and the most servers, with so many apps.</summary>
    public int MostApps { get; init; } = 64;
    public int Servers { get; init; } = 5;
    public int MostServers { get; init; } = 15;
    public int Apps { get; init; } = 8;

    /// <summary>Calls of each app before measuring starts, and calls measured.</summary>
    public int WarmUp { get; init; } = 30;
    public int Calls { get; init; } = 30;
}
