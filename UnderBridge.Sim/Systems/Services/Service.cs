namespace UnderBridge.Sim.Systems.Services;

/// <summary>A server that does a piece of work for each call, and for an app's request calls other servers, one after the other.</summary>
sealed class Service(int number, RequestStream stream) : IServerHandler
{
    /// <summary>Operations of a request: it comes from the app, with its number as subject, or from another server.</summary>
    internal const int FromApp = 0, FromServer = 1;

    const int CallPrice = 0;

    public IReadOnlyList<string> PriceNames { get; } = ["call"];
    public IReadOnlyList<ServerRegion> Regions => [];

    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        plan.Work(CallPrice, 1);
        if (request.Operation == FromServer) return;
        foreach (var server in stream[request.Subject][1..])
        {
            if (server == number) plan.Work(CallPrice, 1);
            else plan.Call(server, new ServerRequest(FromServer, request.Subject));
        }
    }
}
