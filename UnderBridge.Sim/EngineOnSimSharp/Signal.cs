using SimSharp;

namespace UnderBridge.Sim.Engine;

/// <summary>A latched wake-up for one waiting process, on the genuine package: each wait takes an event of its own.</summary>
public sealed class Signal(Simulation env)
{
    Event? waiting;
    bool set;

    /// <summary>The event to wait for; it has happened already when the signal was set before.</summary>
    public Event Wait()
    {
        var wait = new Event(env);
        if (set) wait.Succeed();
        else waiting = wait;
        set = false;
        return wait;
    }

    /// <summary>Wakes who waits at the current time, or else the next to wait.</summary>
    public void Set()
    {
        if (waiting is { } wait) wait.Succeed();
        else set = true;
        waiting = null;
    }
}
