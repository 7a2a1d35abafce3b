namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the item is in the store; the value is the item.</summary>
public class StorePut : Event
{
    readonly object origin;

    public StorePut(Simulation environment, Action<Event> callback, object value) : base(environment, isTriggered: false, isFollowed: true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        origin = callback;
        if (GetType() != typeof(StorePut)) Extend();
        Value = value;
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    internal StorePut(Simulation environment, Store store, object value) : base(environment, isTriggered: false, isFollowed: true)
    {
        origin = store;
        Value = value;
        Time = environment.Instant;
        Owner = environment.ActiveProcess;
    }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }

    internal double Priority { get; init; }

    internal override object Origin => origin;

    private protected override void Follow()
    {
        if (origin is Store store) store.Follow(this);
        else base.Follow();
    }
}
