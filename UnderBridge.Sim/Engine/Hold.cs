namespace UnderBridge.Sim.Engine;

/// <summary>
/// A delay that its process uses again once it has waited for it to its end. One that was watched otherwise, or abandoned by an
/// interrupted process, is not used again, since somebody may still hold it.
/// </summary>
sealed class Hold(Simulation environment) : Event(environment, callback: null)
{
    bool isShared;
    bool isFree = true;

    /// <summary>The hold of the active process if that is free, else a new one, which becomes its hold if the one it had will not be free again.</summary>
    internal static Hold Take(Simulation environment)
    {
        var process = environment.ActiveProcess;
        var hold = process?.Hold;
        if (hold is null || !hold.isFree)
        {
            var replace = hold is null or { isShared: true };
            hold = new(environment);
            if (process is not null && replace) process.Hold = hold;
        }
        hold.isFree = false;
        hold.Rearm();
        return hold;
    }

    public override void AddCallback(Action<Event> callback)
    {
        isShared = true;
        base.AddCallback(callback);
    }

    public override void RemoveCallback(Action<Event> callback)
    {
        isShared = true;
        base.RemoveCallback(callback);
    }

    public override void Process()
    {
        MarkProcessed();
        // Where nobody waited, somebody may still want to.
        isShared |= !HasCallbacks;
        isFree = !isShared;
        CallBack();
    }

    /// <summary>Taken out of the queue: whoever did that has it in hand.</summary>
    internal void Cancelled() => isShared = true;

    internal override void Abandon(Process process)
    {
        isShared = true;
        base.Abandon(process);
    }

    internal override void Pass()
    {
        MarkProcessed();
        isFree = !isShared;
        CallBack();
    }
}
