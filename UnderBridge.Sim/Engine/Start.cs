namespace UnderBridge.Sim.Engine;

/// <summary>What a process waits for before its body begins. It is used again by another process, unless somebody has looked at it.</summary>
sealed class Start(Simulation environment) : Event(environment, isTriggered: true, isFollowed: true)
{
    internal bool IsShared { get; set; }

    internal static Start Take(Simulation environment)
    {
        if (!environment.SpareStarts.TryPop(out var start)) return new(environment);
        start.Renew(triggered: true);
        return start;
    }

    private protected override void Follow()
    {
        // Who traces may keep it.
        if (!IsShared && HasCallbacks && Environment.Tracer is null) Environment.SpareStarts.Push(this);
    }
}
