namespace UnderBridge.Sim.Tests.Models;

/// <summary>What a simulation has yet to process at the current time, as a plain list: first scheduled, first processed.</summary>
sealed class NaiveAgenda
{
    readonly List<Action> pending = [];

    /// <summary>In seconds or ticks, as the test has it.</summary>
    public long Now { get; private set; }

    /// <summary>The names of what was processed, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Has something happen after all that is scheduled; what has no name leaves no trace in the log.</summary>
    public void Schedule(string? name, Action? then = null) => pending.Add(() =>
    {
        then?.Invoke();
        if (name is not null) Log.Add(name);
    });

    public bool Step()
    {
        if (pending.Count == 0) return false;
        var next = pending[0];
        pending.RemoveAt(0);
        next();
        return true;
    }

    public void RunDry()
    {
        while (Step()) { }
    }

    public void Advance(long seconds) => Now += seconds;
}
