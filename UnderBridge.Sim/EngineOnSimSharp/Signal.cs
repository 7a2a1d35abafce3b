using SimSharp;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// Wakes one process, again and again, on the genuine package; each wait for something that has yet to come takes an event of its own. It is binary:
/// set while nobody waits, it is remembered once, and no set is lost when a waiter is interrupted.
/// </summary>
public sealed class Signal
{
    readonly Simulation env;
    Wake wake;
    bool isSet;

    /// <summary>The name is not used: this engine has no reports that would call it so.</summary>
    public Signal(Simulation env, string? name = null)
    {
        this.env = env;
        wake = new(this, over: true);
    }

    /// <summary>To be yielded at once, or as one of several events. Throws InvalidOperationException when another process waits.</summary>
    public Event Wait()
    {
        if (!wake.IsProcessed)
        {
            if (wake.IsAwaited) throw new InvalidOperationException("A process already waits for this signal.");
        }
        else if (isSet) isSet = false;
        else wake = new(this, over: false);
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

        internal Wake(Signal signal, bool over) : base(signal.env)
        {
            this.signal = signal;
            IsOk = IsTriggered = IsProcessed = over;
        }

        internal bool IsAwaited => CallbackList.Count > 0;

        public override void Process()
        {
            if (!IsAwaited) signal.isSet = true;
            base.Process();
        }
    }
}
