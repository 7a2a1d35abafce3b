namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the resource is given back, or the request given up.</summary>
public sealed class Release : Event
{
    public Release(Simulation environment, Request request, Action<Event> callback) : base(environment)
    {
        ArgumentNullException.ThrowIfNull(request);
        Request = request;
        AddCallback(callback);
    }

    public Request Request { get; }
}
