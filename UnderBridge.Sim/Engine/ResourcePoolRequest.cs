namespace UnderBridge.Sim.Engine;

/// <summary>A request for one of the resources that pass the filter; its value is that resource.</summary>
public class ResourcePoolRequest : Request
{
    public ResourcePoolRequest(Simulation environment, Action<Event> callback, Action<Event> disposeCallback, Func<object, bool> filter)
        : base(environment, callback, disposeCallback) => Filter = filter;

    public Func<object, bool> Filter { get; }
}
