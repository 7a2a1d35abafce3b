namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the resource is given back, or the request given up.</summary>
public sealed class Release : Event
{
    public Release(Simulation environment, Request request, Action<Event> callback) : base(environment, callback)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(callback);
        Request = request;
    }

    public Request Request { get; private set; }

    /// <summary>Another release, where nobody knows of the one before.</summary>
    internal void Renew(Request request, Action<Event> callback)
    {
        Renew(triggered: false);
        AddCallback(callback);
        Request = request;
    }
}
