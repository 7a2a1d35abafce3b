namespace UnderBridge.Sim.Engine;

/// <summary>What a process waits for before its body begins. It is used again by another process, unless somebody has looked at it.</summary>
sealed class Start(Simulation environment) : Event(environment, isTriggered: true, isFollowed: true)
{
    internal bool IsShared { get; set; }

    private protected override void Follow()
    {
        // Who traces may keep it.
        if (!IsShared && HasCallbacks && Environment.Tracer is null) Environment.Starts.GiveBack(this);
    }
}

/// <summary>The starts that can be used again. They keep their places when they are taken, so that giving one back mostly writes no reference.</summary>
sealed class SpareStarts(Simulation environment)
{
    Start[] starts = new Start[4];
    int count;

    internal Start Take()
    {
        if (count == 0) return new(environment);
        var start = starts[--count];
        start.Renew(triggered: true);
        return start;
    }

    internal void GiveBack(Start start)
    {
        if (count == starts.Length) Array.Resize(ref starts, 2 * count);
        if (starts[count] != start) starts[count] = start;
        count++;
    }
}
