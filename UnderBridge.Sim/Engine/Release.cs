namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the resource is given back, or the request given up.</summary>
public sealed class Release : Event
{
    readonly object origin;

    public Release(Simulation environment, Request request, Action<Event> callback) : base(environment, isTriggered: false, isFollowed: true)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(callback);
        origin = callback;
        Request = request;
    }

    internal Release(Simulation environment, Request request, Resource resource) : base(environment, isTriggered: false, isFollowed: true)
    {
        ArgumentNullException.ThrowIfNull(request);
        origin = resource;
        Request = request;
    }

    public Request Request { get; private set; }

    internal override object Origin => origin;

    /// <summary>Another release, where nobody knows of the one before.</summary>
    internal void Renew(Request request)
    {
        Renew(triggered: false);
        Request = request;
    }

    private protected override void Follow()
    {
        if (origin is Resource resource) resource.Follow(this);
        else base.Follow();
    }
}
