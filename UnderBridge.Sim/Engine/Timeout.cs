namespace UnderBridge.Sim.Engine;

/// <summary>An event that is triggered from the start and happens after a delay.</summary>
public sealed class Timeout : Event
{
    public Timeout(Simulation environment, TimeSpan delay, object? value = null, bool isOk = true, int priority = 0) : base(environment)
    {
        IsOk = isOk;
        Value = value;
        IsTriggered = true;
        environment.Schedule(delay, this, priority);
    }
}
