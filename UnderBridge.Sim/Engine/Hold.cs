namespace UnderBridge.Sim.Engine;

/// <summary>
/// A delay that goes back to its simulation when a process has waited for it to its end. One that was watched otherwise, or abandoned by an
/// interrupted process, is not used again, since somebody may still hold it.
/// </summary>
sealed class Hold(Simulation environment) : Event(environment)
{
    bool shared;
    Hold? next;

    internal static Hold Take(Simulation environment)
    {
        var hold = environment.SpareHolds;
        if (hold is null) hold = new(environment);
        else environment.SpareHolds = hold.next;
        hold.Renew(triggered: true);
        return hold;
    }

    public override void AddCallback(Action<Event> callback)
    {
        shared = true;
        base.AddCallback(callback);
    }

    public override void RemoveCallback(Action<Event> callback)
    {
        shared = true;
        base.RemoveCallback(callback);
    }

    public override void Process()
    {
        IsProcessed = true;
        if (!shared && HasCallbacks) GiveBack();
        CallBack();
    }

    internal override void Await(Action<Event> resume) => base.AddCallback(resume);

    void GiveBack()
    {
        next = Environment.SpareHolds;
        Environment.SpareHolds = this;
    }
}
