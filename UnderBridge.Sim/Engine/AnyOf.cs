namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the first of its events has happened, or at once without any.</summary>
public class AnyOf : Condition
{
    public AnyOf(Simulation environment, params Event[] events) : base(environment, events) { }

    public AnyOf(Simulation environment, IEnumerable<Event> events) : base(environment, events) { }

    protected override bool Evaluate() => FiredEvents.Count > 0 || Events.Count == 0;
}
