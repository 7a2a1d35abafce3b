namespace UnderBridge.Sim.Engine;

/// <summary>
/// Wakes one process, again and again, without allocating. It is binary: set while nobody waits, it is remembered once, and the next wait
/// goes on at the current time. Set while a woken process is still on its way, it is remembered for the wait after. No set is lost
/// when a waiter is interrupted: the next one finds it.
/// </summary>
public sealed class Signal
{
    readonly Wake wake;
    bool isSet;

    public Signal(Simulation env, string? name = null) => wake = new(this, env, name);

    /// <summary>To be yielded at once, or as one of several events. Throws InvalidOperationException when another process waits.</summary>
    public Event Wait()
    {
        if (!wake.IsProcessed)
        {
            if (wake.HasCallbacks) throw wake.Refusal("has a process that waits for it already");
        }
        else if (isSet) isSet = false;
        else wake.Renew(triggered: false);
        return wake;
    }

    /// <summary>Wakes the waiting process at the current time, after what is already scheduled for it.</summary>
    public void Set()
    {
        if (wake.IsProcessed || wake.IsTriggered) isSet = true;
        else wake.Succeed();
    }

    sealed class Wake : Event
    {
        readonly Signal signal;
        readonly string? name;

        internal Wake(Signal signal, Simulation environment, string? name) : base(environment, isTriggered: true)
        {
            (this.signal, this.name) = (signal, name);
            IsProcessed = true;
        }

        internal override string Description => name ?? "Signal";

        private protected override void PassUnseen() => signal.isSet = true;
    }
}
