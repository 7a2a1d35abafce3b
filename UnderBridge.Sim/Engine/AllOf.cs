namespace UnderBridge.Sim.Engine;

/// <summary>Happens when all of its events have happened, at once without any.</summary>
public class AllOf : Condition
{
    public AllOf(Simulation environment, params Event[] events) : base(environment, events) { }

    public AllOf(Simulation environment, IEnumerable<Event> events) : base(environment, events) { }

    protected override bool Evaluate() => FiredEvents.Count == Events.Count;
}
