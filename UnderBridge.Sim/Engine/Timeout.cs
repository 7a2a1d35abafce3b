namespace UnderBridge.Sim.Engine;

/// <summary>An event that is triggered from the start and happens after a delay.</summary>
public sealed class Timeout : Event
{
    public Timeout(Simulation environment, TimeSpan delay, object? value = null, bool isOk = true, int priority = 0) : base(Checked(environment), triggered: true)
    {
        if (!isOk) IsOk = false;
        if (value is not null) Value = value;
        environment.Schedule(delay, this, priority);
    }

    static Simulation Checked(Simulation environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment;
    }
}
