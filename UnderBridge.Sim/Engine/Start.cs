namespace UnderBridge.Sim.Engine;

/// <summary>What a process waits for before its body begins. It is used again by the next process, unless somebody has looked at it.</summary>
sealed class Start(Simulation environment) : Event(environment, callback: null)
{
    Start? next;

    internal bool IsShared { get; set; }

    internal static Start Take(Simulation environment)
    {
        var start = environment.SpareStarts;
        if (start is null) return new(environment);
        environment.SpareStarts = start.next;
        start.Renew(triggered: false);
        return start;
    }

    public override void Process()
    {
        MarkProcessed();
        // Who traces may keep it.
        if (!IsShared && HasCallbacks && Environment.Tracer is null)
        {
            next = Environment.SpareStarts;
            Environment.SpareStarts = this;
        }
        CallBack();
    }
}
