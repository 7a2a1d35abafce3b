namespace UnderBridge.Sim.Engine;

/// <summary>An event that is triggered from the start and happens after a delay.</summary>
public sealed class Timeout : Event
{
    public Timeout(Simulation environment, TimeSpan delay, object? value = null, bool isOk = true, int priority = 0) : base(environment, isTriggered: true)
    {
        if (!isOk) IsOk = false;
        if (value is not null) Value = value;
        environment.Schedule(delay, this, priority);
    }

    /// <summary>To be scheduled by the caller.</summary>
    internal Timeout(Simulation environment) : base(environment, isTriggered: true) { }
}
