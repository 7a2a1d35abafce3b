namespace UnderBridge.Sim.Benchmarks.Plain;

sealed class Store(Simulation env)
{
    readonly Queue<object> items = new();
    readonly Queue<Event> getters = new();

    public Event Put(object item)
    {
        var put = new Event(env);
        put.AddCallback(_ => Serve());
        items.Enqueue(item);
        put.Succeed();
        return put;
    }

    public Event Get()
    {
        var get = new Event(env);
        getters.Enqueue(get);
        Serve();
        return get;
    }

    void Serve()
    {
        while (items.Count > 0 && getters.Count > 0) getters.Dequeue().Succeed(items.Dequeue());
    }
}
