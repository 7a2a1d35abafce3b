namespace UnderBridge.Sim.Systems;

/// <summary>
/// A server that does the same for every request: one unit of the program's price <c>work</c>, and so many calls to another server.
/// </summary>
/// <param name="inner">Position of that server among those it is added with; of no account without calls.</param>
/// <param name="calls">Calls a request, 0 or more, all after the work.</param>
public sealed class PlainServer(int inner, int calls) : IServerHandler
{
    /// <summary>The price of serving one request, beside its calls.</summary>
    public const string Work = "work";

    /// <summary><see cref="Work"/> alone.</summary>
    public IReadOnlyList<string> PriceNames => [Work];

    /// <summary>None.</summary>
    public IReadOnlyList<ServerRegion> Regions => [];

    /// <summary>The same for every request.</summary>
    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        plan.Work(0, 1);
        for (var call = 0; call < calls; call++) plan.Call(inner, default);
    }
}
