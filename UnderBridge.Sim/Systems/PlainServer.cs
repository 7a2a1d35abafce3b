namespace UnderBridge.Sim.Systems;

/// <summary>
/// A server that does the same for every request: one unit of the program's price <c>work</c>, and so many calls to the server of index <paramref name="inner"/>.
/// </summary>
public sealed class PlainServer(int inner, int calls) : IServerHandler
{
    public const string Work = "work";

    public IReadOnlyList<string> PriceNames => [Work];
    public IReadOnlyList<ServerRegion> Regions => [];

    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        plan.Work(0, 1);
        for (var call = 0; call < calls; call++) plan.Call(inner, default);
    }
}
