using System.Collections.Specialized;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// An event that depends on others. It looks at them when they are processed; a failed one makes it fail. One that fails between the trigger
/// of the condition and its processing throws InvalidOperationException; after that the condition has let go of its events.
/// </summary>
public abstract class Condition : Event
{
    readonly Action<Event> check;

    protected Condition(Simulation environment, params Event[] events) : this(environment, (IEnumerable<Event>)events) { }

    protected Condition(Simulation environment, IEnumerable<Event> events) : base(environment)
    {
        Events = [.. events];
        if (Events.Exists(e => e.Simulation != environment)) throw new ArgumentException("The events of a condition must belong to one simulation.", nameof(events));
        check = Check;
        foreach (var child in Events) Follow(child);
        if (Events.Count == 0) Succeed();
    }

    /// <summary>The values of the events that had happened when the condition was processed, by event; those of nested conditions among them.</summary>
    public new OrderedDictionary? Value
    {
        get => base.Value as OrderedDictionary;
        set => base.Value = value;
    }

    protected List<Event> Events { get; }

    protected List<Event> FiredEvents { get; } = [];

    public override void AddCallback(Action<Event> callback)
    {
        if (IsUnwatched) Watch();
        base.AddCallback(callback);
    }

    public override void Process()
    {
        if (!IsProcessed) CollectValues(this);
        base.Process();
    }

    /// <summary>Called with each event that is processed.</summary>
    protected void Check(Event @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (IsTriggered)
        {
            if (!@event.IsOk) throw Refusal($"had been triggered when its {@event.Description} failed");
            return;
        }
        FiredEvents.Add(@event);
        if (!@event.IsOk) Fail(@event.Value);
        else if (Evaluate()) Succeed();
    }

    protected virtual IEnumerable<KeyValuePair<object, object?>> GetValues()
    {
        foreach (var child in Events)
        {
            if (child is Condition nested)
                foreach (var pair in nested.GetValues()) yield return pair;
            else if (child.IsProcessed) yield return new(child, child.Value);
        }
    }

    /// <summary>Called once, when the condition is about to be processed.</summary>
    protected virtual void CollectValues(Event @event)
    {
        LetGo();
        if (!IsOk) return;
        var values = new OrderedDictionary();
        foreach (var (child, value) in GetValues()) values[child] = value;
        Value = values;
    }

    /// <summary>Whether enough of the events have happened.</summary>
    protected abstract bool Evaluate();

    internal override void Watch()
    {
        IsUnwatched = false;
        foreach (var child in Events)
            if (!child.IsProcessed || !FiredEvents.Contains(child)) Follow(child);
    }

    void Follow(Event child)
    {
        if (child.IsProcessed) Check(child);
        else child.AddCallback(check);
    }

    /// <summary>Without this, each condition on a long-lived event would be kept by that event for as long as it lives.</summary>
    void LetGo()
    {
        foreach (var child in Events)
        {
            if (child.IsProcessed) continue;
            child.RemoveCallback(check);
            if (child is Condition { HasCallbacks: false, IsUnwatched: false, IsTriggered: false } nested)
            {
                nested.LetGo();
                nested.IsUnwatched = true;
            }
        }
    }
}
