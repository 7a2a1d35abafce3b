namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the resource is granted. Disposing of it gives the resource back, or gives up waiting for it.</summary>
public class Request : Event, IDisposable
{
    readonly Action<Event> onDispose;

    public Request(Simulation environment, Action<Event> callback, Action<Event> disposeCallback) : base(environment)
    {
        ArgumentNullException.ThrowIfNull(disposeCallback);
        AddCallback(callback);
        onDispose = disposeCallback;
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }

    /// <summary>Set once it was given back or given up.</summary>
    internal bool IsOver { get; set; }

    /// <summary>Does nothing when that was done before.</summary>
    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        if (!IsOver) onDispose(this);
    }
}
