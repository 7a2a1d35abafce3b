namespace UnderBridge.Sim.Benchmarks.Plain;

class Event(Simulation env)
{
    readonly List<Action<Event>> callbacks = [];

    public object? Value { get; private set; }
    public bool IsTriggered { get; set; }
    public bool IsProcessed { get; private set; }

    protected Simulation Environment => env;

    public void AddCallback(Action<Event> callback) => callbacks.Add(callback);

    public void Succeed(object? value = null)
    {
        if (IsTriggered) throw new InvalidOperationException("Event has already been triggered.");
        IsTriggered = true;
        Value = value;
        env.Schedule(this, TimeSpan.Zero);
    }

    public void Process()
    {
        IsProcessed = true;
        foreach (var callback in callbacks) callback(this);
    }
}

sealed class Process : Event
{
    readonly IEnumerator<Event> body;

    public Process(Simulation env, IEnumerable<Event> body) : base(env)
    {
        this.body = body.GetEnumerator();
        var start = new Event(env);
        start.AddCallback(Resume);
        start.Succeed();
    }

    void Resume(Event _)
    {
        while (body.MoveNext())
        {
            if (body.Current.IsProcessed) continue;
            body.Current.AddCallback(Resume);
            return;
        }
        Succeed();
    }
}
