namespace UnderBridge.Sim.Benchmarks.Plain;

sealed class Request(Simulation env, Resource resource) : Event(env), IDisposable
{
    public void Dispose() => resource.Release(this);
}

sealed class Resource(Simulation env, int capacity)
{
    readonly LinkedList<Request> waiting = new();
    readonly HashSet<Request> users = [];

    public Request Request()
    {
        var request = new Request(env, this);
        waiting.AddLast(request);
        Grant();
        return request;
    }

    /// <summary>An event too, as in SimSharp, though nobody waits for it here.</summary>
    public Event Release(Request request)
    {
        var release = new Event(env);
        users.Remove(request);
        release.AddCallback(_ => Grant());
        release.Succeed();
        return release;
    }

    void Grant()
    {
        while (waiting.First is { Value: var next } && users.Count < capacity)
        {
            waiting.RemoveFirst();
            users.Add(next);
            next.Succeed();
        }
    }
}
