namespace UnderBridge.Sim.Systems;

/// <summary>A server that does the same work for every request: one unit of the program's price <c>work</c>.</summary>
public sealed class PlainServer : IServerHandler
{
    public const string Work = "work";

    public IReadOnlyList<string> PriceNames => [Work];
    public IReadOnlyList<ServerRegion> Regions => [];

    public void Plan(in ServerRequest request, ServerPlan plan) => plan.Work(0, 1);
}
