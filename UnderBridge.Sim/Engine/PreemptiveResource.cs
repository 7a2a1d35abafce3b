namespace UnderBridge.Sim.Engine;

/// <summary>
/// A resource whose requests are granted by priority, lower values first. A request that preempts takes the unit of the worst user, by priority,
/// time and preempt flag, when that is worse than the request; the owner of that unit is interrupted with <see cref="Preempted"/>.
/// </summary>
public class PreemptiveResource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    // Of equals the one that came last, as in every line.
    static readonly Comparer<PreemptiveRequest> order = Comparer<PreemptiveRequest>.Create((a, b) =>
        a.CompareTo(b) is var byRank and not 0 ? byRank : a.Turn.CompareTo(b.Turn));

    long turns;

    public PreemptiveResource(Simulation environment, int capacity = 1)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
        Capacity = capacity;
    }

    public int Capacity { get; protected set; }

    public int InUse => Users.Count;

    public int Remaining => Capacity - InUse;

    protected Simulation Environment { get; }

    protected SimplePriorityQueue<PreemptiveRequest> RequestQueue { get; } = new();

    protected Queue<Release> ReleaseQueue { get; } = new();

    protected HashSet<PreemptiveRequest> Users { get; } = new(RequestNumbers.Comparer);

    protected List<Event> WhenAnyQueue { get; } = [];

    protected List<Event> WhenFullQueue { get; } = [];

    protected List<Event> WhenEmptyQueue { get; } = [];

    protected List<Event> WhenChangeQueue { get; } = [];

    /// <summary>The share of the units that is in use.</summary>
    public ITimeSeriesMonitor? Utilization { get; set; }

    /// <summary>Requests that wait and requests that are served.</summary>
    public ITimeSeriesMonitor? WIP { get; set; }

    public ITimeSeriesMonitor? QueueLength { get; set; }

    /// <summary>From request to release.</summary>
    public ISampleMonitor? LeadTime { get; set; }

    /// <summary>From request to grant.</summary>
    public ISampleMonitor? WaitingTime { get; set; }

    /// <summary>From request to giving up.</summary>
    public ISampleMonitor? BreakOffTime { get; set; }

    /// <summary>From grant to preemption.</summary>
    public ISampleMonitor? InterruptTime { get; set; }

    public virtual PreemptiveRequest Request(double priority = 1, bool preempt = false)
    {
        var request = new PreemptiveRequest(Environment, triggerRelease, disposeCallback, priority, preempt);
        RequestQueue.Enqueue(request);
        TriggerRequest();
        return request;
    }

    /// <summary>Gives a unit back, or gives up waiting for it. Throws InvalidOperationException when the request holds nothing and does not wait.</summary>
    public virtual Release Release(PreemptiveRequest request)
    {
        var release = new Release(Environment, request, triggerRequest);
        ReleaseQueue.Enqueue(release);
        TriggerRelease();
        return release;
    }

    /// <summary>Happens as soon as a unit is free.</summary>
    public virtual Event WhenAny()
    {
        var hook = WhenAnyQueue.Add(Environment);
        TriggerWhenAny();
        return hook;
    }

    /// <summary>Happens as soon as all units are free: the stock of units is full.</summary>
    public virtual Event WhenFull()
    {
        var hook = WhenFullQueue.Add(Environment);
        TriggerWhenFull();
        return hook;
    }

    /// <summary>Happens as soon as no unit is free.</summary>
    public virtual Event WhenEmpty()
    {
        var hook = WhenEmptyQueue.Add(Environment);
        TriggerWhenEmpty();
        return hook;
    }

    /// <summary>Happens with the next unit taken or given back.</summary>
    public virtual Event WhenChange() => WhenChangeQueue.Add(Environment);

    protected void DisposeCallback(Event @event)
    {
        if (@event is PreemptiveRequest request) Release(request);
    }

    /// <summary>Grants the request when it can be granted.</summary>
    protected virtual void DoRequest(PreemptiveRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Users.Count >= Capacity && request.Preempt && Users.Max(order) is { } worst && worst.CompareTo(request) > 0) Preempt(worst, request);
        if (Users.Count >= Capacity) return;
        WaitingTime?.Add(Since(request.Time));
        Users.Add(request);
        request.Granted = Environment.Now;
        request.Turn = turns++;
        request.Succeed();
    }

    /// <summary>Takes a unit back. Throws InvalidOperationException when the request does not hold one.</summary>
    protected virtual void DoRelease(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        var request = (PreemptiveRequest)release.Request;
        if (!request.IsPreempted)
        {
            if (!Users.Remove(request)) throw Refuse("is released but holds nothing");
            LeadTime?.Add(Since(request.Time));
        }
        release.Succeed();
    }

    void Preempt(PreemptiveRequest user, PreemptiveRequest by)
    {
        // First, since a process that would preempt itself is refused.
        if (user.Owner is { IsTriggered: false } owner) owner.Interrupt(new Preempted(by.Owner, user.Granted));
        Users.Remove(user);
        user.IsPreempted = true;
        InterruptTime?.Add(Since(user.Granted));
    }

    protected virtual void TriggerRequest(Event? @event = null)
    {
        while (RequestQueue.TryFirst(out var request))
        {
            DoRequest(request);
            if (!request.IsTriggered) break;
            RequestQueue.Remove(request);
            TriggerWhenEmpty();
            TriggerWhenChange();
        }
        UpdateMonitors();
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

    void GiveUp(Release release)
    {
        if (!RequestQueue.TryRemove((PreemptiveRequest)release.Request)) throw Refuse("is released but neither waits nor holds anything");
        BreakOffTime?.Add(Since(release.Request.Time));
        release.Succeed();
    }

    // A release that is refused must not stay in the way of those after it.
    InvalidOperationException Refuse(string why)
    {
        var request = ReleaseQueue.Dequeue().Request;
        return request.Refusal(why);
    }

    double Since(DateTime time) => Environment.ToDouble(Environment.Now - time);

    void UpdateMonitors()
    {
        Utilization?.UpdateTo(InUse / (double)Capacity);
        WIP?.UpdateTo(InUse + RequestQueue.Count);
        QueueLength?.UpdateTo(RequestQueue.Count);
    }
}
