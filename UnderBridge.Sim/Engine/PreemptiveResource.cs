namespace UnderBridge.Sim.Engine;

/// <summary>
/// A resource whose requests are granted by priority, lower values first. A request that preempts takes the unit of the worst user, by priority,
/// time and preempt flag, when that is worse than the request; the owner of that unit is interrupted with <see cref="Preempted"/>.
/// </summary>
public class PreemptiveResource : SharedResource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    // Of equals the one that came last, as in every line.
    static readonly Comparer<PreemptiveRequest> order = Comparer<PreemptiveRequest>.Create((a, b) =>
        a.CompareTo(b) is var byRank and not 0 ? byRank : a.Turn.CompareTo(b.Turn));

    long turns;

    public PreemptiveResource(Simulation environment, int capacity = 1) : base(environment, capacity)
    {
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
    }

    protected SimplePriorityQueue<PreemptiveRequest> RequestQueue { get; } = new();

    protected HashSet<PreemptiveRequest> Users { get; } = new(RequestNumbers.Comparer);

    /// <summary>From grant to preemption.</summary>
    public ISampleMonitor? InterruptTime { get; set; }

    private protected override int Lent => Users.Count;

    private protected override int LineLength => RequestQueue.Count;

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

    /// <summary>Takes a unit back. Throws InvalidOperationException when the request does not hold one and has lost none.</summary>
    protected override void DoRelease(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (((PreemptiveRequest)release.Request).IsPreempted) release.Succeed();
        else base.DoRelease(release);
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

    private protected override bool Return(Request request) => Users.Remove((PreemptiveRequest)request);

    private protected override bool LeaveLine(Request request) => RequestQueue.TryRemove((PreemptiveRequest)request);

    void Preempt(PreemptiveRequest user, PreemptiveRequest by)
    {
        // First, since a process that would preempt itself is refused.
        if (user.Owner is { IsTriggered: false } owner) owner.Interrupt(new Preempted(by.Owner, user.Granted));
        Users.Remove(user);
        user.IsPreempted = true;
        InterruptTime?.Add(Since(user.Granted));
    }
}
