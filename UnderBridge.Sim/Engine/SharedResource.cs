namespace UnderBridge.Sim.Engine;

/// <summary>
/// What all resources have in common: units that are lent and given back, hooks on what happens, monitors. SimSharp has no such class, so models do not name it.
/// </summary>
public abstract class SharedResource
{
    private protected SharedResource(Simulation environment, int capacity)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        Capacity = capacity;
    }

    public int Capacity { get; protected set; }

    public int InUse => Lent;

    public int Remaining => Capacity - InUse;

    protected Simulation Environment { get; }

    protected Queue<Release> ReleaseQueue { get; } = new();

    protected List<Event> WhenAnyQueue { get; } = [];

    protected List<Event> WhenFullQueue { get; } = [];

    protected List<Event> WhenEmptyQueue { get; } = [];

    protected List<Event> WhenChangeQueue { get; } = [];

    /// <summary>The share of the units that is in use.</summary>
    public ITimeSeriesMonitor? Utilization { get; set => Observe(ref field, value); }

    /// <summary>Requests that wait and requests that are served.</summary>
    public ITimeSeriesMonitor? WIP { get; set => Observe(ref field, value); }

    public ITimeSeriesMonitor? QueueLength { get; set => Observe(ref field, value); }

    /// <summary>From request to release.</summary>
    public ISampleMonitor? LeadTime { get; set => Observe(ref field, value); }

    /// <summary>From request to grant.</summary>
    public ISampleMonitor? WaitingTime { get; set => Observe(ref field, value); }

    /// <summary>From request to giving up.</summary>
    public ISampleMonitor? BreakOffTime { get; set => Observe(ref field, value); }

    private protected abstract int Lent { get; }

    private protected abstract int LineLength { get; }

    /// <summary>Happens as soon as a unit is free.</summary>
    public virtual Event WhenAny()
    {
        var hook = Hook(WhenAnyQueue);
        TriggerWhenAny();
        return hook;
    }

    /// <summary>Happens as soon as all units are free: the stock of units is full.</summary>
    public virtual Event WhenFull()
    {
        var hook = Hook(WhenFullQueue);
        TriggerWhenFull();
        return hook;
    }

    /// <summary>Happens as soon as no unit is free.</summary>
    public virtual Event WhenEmpty()
    {
        var hook = Hook(WhenEmptyQueue);
        TriggerWhenEmpty();
        return hook;
    }

    /// <summary>Happens with the next unit taken or given back.</summary>
    public virtual Event WhenChange() => Hook(WhenChangeQueue);

    /// <summary>Takes a unit back. Throws InvalidOperationException when the request does not hold one.</summary>
    protected virtual void DoRelease(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!Return(release.Request)) throw Refuse("is released but holds nothing");
        LeadTime?.Add(Since(release.Request.Time));
        release.Succeed();
    }

    protected virtual void TriggerRelease(Event? @event = null)
    {
        while (ReleaseQueue.TryPeek(out var release))
        {
            var waits = release.Request.IsAlive;
            if (waits) GiveUp(release);
            else DoRelease(release);
            if (!release.IsTriggered) break;
            release.Request.IsOver = true;
            ReleaseQueue.Dequeue();
            if (waits) continue;
            TriggerWhenAny();
            TriggerWhenFull();
            TriggerWhenChange();
        }
        UpdateMonitors();
    }

    protected virtual void TriggerWhenAny()
    {
        if (Remaining > 0) WhenAnyQueue.SucceedAll();
    }

    protected virtual void TriggerWhenFull()
    {
        if (InUse == 0) WhenFullQueue.SucceedAll();
    }

    protected virtual void TriggerWhenEmpty()
    {
        if (Remaining == 0) WhenEmptyQueue.SucceedAll();
    }

    protected virtual void TriggerWhenChange() => WhenChangeQueue.SucceedAll();

    /// <summary>Takes the unit of a request back; false when it holds none.</summary>
    private protected abstract bool Return(Request request);

    /// <summary>A request leaves the line; false when it is not in it.</summary>
    private protected abstract bool LeaveLine(Request request);

    /// <summary>From now on somebody sees each step.</summary>
    private protected virtual void ShowSteps() { }

    // A release that is refused must not stay in the way of those after it.
    private protected InvalidOperationException Refuse(string why) => ReleaseQueue.Dequeue().Request.Refusal(why);

    private protected double Since(DateTime time) => Environment.ToDouble(Environment.Now - time);

    private protected void UpdateMonitors()
    {
        Utilization?.UpdateTo(InUse / (double)Capacity);
        WIP?.UpdateTo(InUse + LineLength);
        QueueLength?.UpdateTo(LineLength);
    }

    void GiveUp(Release release)
    {
        if (!LeaveLine(release.Request)) throw Refuse("is released but neither waits nor holds anything");
        BreakOffTime?.Add(Since(release.Request.Time));
        release.Succeed();
    }

    Event Hook(List<Event> queue)
    {
        ShowSteps();
        return queue.Add(Environment);
    }

    void Observe<T>(ref T? monitor, T? value)
    {
        ShowSteps();
        monitor = value;
    }
}
