namespace UnderBridge.Sim.Benchmarks.Bare;

/// <summary>What any engine with this interface has to know of an event, in 48 bytes.</summary>
class Event(Simulation env)
{
    public Simulation Environment { get; } = env;

    public object? Value { get; set; }
    public Process? Waiting { get; set; }
    public int Place { get; set; }
    public bool IsTriggered { get; set; }
}

sealed class Process(Simulation env, IEnumerable<Event> body) : Event(env)
{
    public IEnumerator<Event> Body { get; } = body.GetEnumerator();
}

sealed class Request(Simulation env) : Event(env), IDisposable
{
    public void Dispose() => IsTriggered = true;
}
