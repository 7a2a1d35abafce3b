namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the amount is taken from the container.</summary>
public class ContainerGet : Event
{
    readonly Action<Event> callback;

    /// <summary>Throws ArgumentOutOfRangeException unless the amount is above 0.</summary>
    public ContainerGet(Simulation environment, Action<Event> callback, double amount) : base(environment, isTriggered: false, isFollowed: true)
    {
        if (!(amount > 0)) throw new ArgumentOutOfRangeException(nameof(amount), amount, "The amount must be above 0.");
        ArgumentNullException.ThrowIfNull(callback);
        this.callback = callback;
        if (GetType() != typeof(ContainerGet)) Extend();
        Amount = amount;
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    public double Amount { get; protected set; }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }

    internal override object Origin => callback;
}
