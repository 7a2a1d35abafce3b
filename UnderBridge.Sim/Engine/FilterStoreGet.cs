namespace UnderBridge.Sim.Engine;

/// <summary>Happens when an item that passes the filter is handed over.</summary>
public class FilterStoreGet : StoreGet
{
    public FilterStoreGet(Simulation environment, Action<Event> callback, Func<object, bool> filter) : base(environment, callback) => Filter = filter;

    public Func<object, bool> Filter { get; }
}
