namespace UnderBridge.Sim.Engine;

/// <summary>
/// A delay that goes back to its simulation when it is over. One that something other than a process waits for is left to its watchers.
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

    public override void Process()
    {
        IsProcessed = true;
        GiveBack();
        CallBack();
    }

    internal override void Await(Action<Event> resume) => base.AddCallback(resume);

    internal void Cancel()
    {
        IsProcessed = true;
        GiveBack();
    }

    void GiveBack()
    {
        if (shared) return;
        next = Environment.SpareHolds;
        Environment.SpareHolds = this;
    }
}
