namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the item is in the store; the value is the item.</summary>
public class StorePut : Event
{
    public StorePut(Simulation environment, Action<Event> callback, object value) : base(environment, callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (GetType() != typeof(StorePut)) Extend();
        Value = value;
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }

    internal double Priority { get; init; }
}
