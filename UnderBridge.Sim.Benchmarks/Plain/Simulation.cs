namespace UnderBridge.Sim.Benchmarks.Plain;

/// <summary>
/// What one writes first: the framework's priority queue for pending events, a list of callbacks in each event, a new object for everything. It stands beside
/// the library's engine in every round, so that a figure can be read as a ratio on any machine.
/// </summary>
sealed class Simulation(int randomSeed)
{
    readonly PriorityQueue<Event, (DateTime Time, long Insertion)> pending = new();
    readonly PcgRandom random = new(randomSeed);
    long insertions;

    public DateTime Now { get; private set; } = new(1970, 1, 1);

    public Process Process(IEnumerable<Event> body) => new(this, body);

    public Event Timeout(TimeSpan delay)
    {
        var timeout = new Event(this) { IsTriggered = true };
        Schedule(timeout, delay);
        return timeout;
    }

    public Event Timeout(ExponentialTime delay) => Timeout(delay.Sample(random));

    public void Schedule(Event @event, TimeSpan delay) => pending.Enqueue(@event, (Now + delay, insertions++));

    public void Run(TimeSpan span)
    {
        var until = Now + span;
        while (pending.TryPeek(out _, out var next) && next.Time < until) Step();
        Now = until;
    }

    public void Run()
    {
        while (pending.Count > 0) Step();
    }

    void Step()
    {
        pending.TryDequeue(out var next, out var when);
        Now = when.Time;
        next!.Process();
    }
}
