namespace UnderBridge.Sim.Benchmarks.Bare;

/// <summary>
/// No engine: the bodies go on in turns, each as soon as it has yielded. They make their events and draw their random numbers, but there is no clock, no order and no
/// queue, and nothing is ever waited for. No engine can take less as long as bodies are iterators and each event is an object that they may keep.
/// </summary>
sealed class Simulation(int randomSeed)
{
    readonly List<Process> processes = [];
    readonly PcgRandom random = new(randomSeed);

    public TimeSpan Delays { get; private set; }

    public void Process(IEnumerable<Event> body) => processes.Add(new(this, body));

    public Event Timeout(TimeSpan delay)
    {
        Delays = delay;
        return new(this);
    }

    public Event Timeout(ExponentialTime delay) => Timeout(delay.Sample(random));

    /// <summary>One turn.</summary>
    public void Run(TimeSpan span)
    {
        Delays = span;
        Turn();
    }

    /// <summary>Until the first process ends.</summary>
    public void Run()
    {
        while (Turn()) { }
    }

    bool Turn()
    {
        for (var i = processes.Count - 1; i >= 0; i--)
        {
            var process = processes[i];
            if (process.Body.MoveNext()) process.Body.Current.Waiting = process;
            else if (i == 0) return false;
            else End(i);
        }
        return true;
    }

    void End(int i)
    {
        processes[i] = processes[^1];
        processes.RemoveAt(processes.Count - 1);
    }
}

/// <summary>Always has a unit left.</summary>
sealed class Resource(Simulation env, int capacity)
{
    public int Capacity => capacity;

    public Request Request() => new(env);
}

/// <summary>Has the item that was put in last for everybody.</summary>
sealed class Store(Simulation env)
{
    object? item;

    public Event Put(object item) => new(env) { Value = this.item = item };

    public Event Get() => new(env) { Value = item };
}
