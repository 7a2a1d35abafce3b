namespace UnderBridge.Sim.Engine;

/// <summary>Happens when an item is handed over; the value is the item.</summary>
public class StoreGet : Event
{
    readonly object origin;

    public StoreGet(Simulation environment, Action<Event> callback) : base(environment, isTriggered: false, isFollowed: true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        origin = callback;
        if (GetType() != typeof(StoreGet)) Extend();
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    internal StoreGet(Simulation environment, Store store) : base(environment, isTriggered: false, isFollowed: true)
    {
        origin = store;
        Time = environment.Instant;
        Owner = environment.ActiveProcess;
    }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }

    internal override object Origin => origin;

    private protected override void Follow()
    {
        if (origin is Store store) store.Follow(this);
        else base.Follow();
    }
}
