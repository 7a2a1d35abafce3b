namespace UnderBridge.Sim.Engine;

/// <summary>Happens when an item is handed over; the value is the item.</summary>
public class StoreGet : Event
{
    public StoreGet(Simulation environment, Action<Event> callback) : base(environment, callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (GetType() != typeof(StoreGet)) Extend();
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }
}
