namespace UnderBridge.Sim.Engine;

/// <summary>Remembers the processes that have not ended.</summary>
sealed class StallWatch(Simulation environment, Action<StallReport>? onStall)
{
    readonly Dictionary<Process, long> numbers = [];
    long created;

    internal void Add(Process process) => numbers.Add(process, created++);

    internal void Remove(Process process) => numbers.Remove(process);

    internal void Clear() => numbers.Clear();

    internal StallReport Stall() =>
        new(environment.Now, [.. numbers.OrderBy(n => n.Value).Select(n => new Waiting(n.Key, n.Key.Target, new(n.Key.Since, environment.Now.Kind)))]);

    internal void Report()
    {
        if (numbers.Count > 0) onStall?.Invoke(Stall());
    }
}
