namespace UnderBridge.Sim.Engine;

/// <summary>The cause of the interrupt of a process that loses a resource: to whom, and since when it had it.</summary>
public sealed class Preempted(Process? by, DateTime usageSince)
{
    public Process? By { get; } = by;
    public DateTime UsageSince { get; } = usageSince;
}
