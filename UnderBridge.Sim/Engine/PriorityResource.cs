namespace UnderBridge.Sim.Engine;

/// <summary>
/// A resource whose requests are granted by priority, lower values first, those of one priority in the order in which they were made.
/// </summary>
public class PriorityResource : SharedResource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;

    public PriorityResource(Simulation environment, int capacity = 1) : base(environment, capacity)
    {
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
    }

    protected SimplePriorityQueue<Request, double> RequestQueue { get; } = new();

    protected HashSet<Request> Users { get; } = new(RequestNumbers.Comparer);

    private protected override int Lent => Users.Count;

    private protected override int LineLength => RequestQueue.Count;

    public virtual Request Request(double priority = 1)
    {
        var request = new Request(Environment, triggerRelease, disposeCallback);
        RequestQueue.Enqueue(request, priority);
        TriggerRequest();
        return request;
    }

    /// <summary>Gives a unit back, or gives up waiting for it. Throws InvalidOperationException when the request holds nothing and does not wait.</summary>
    public virtual Release Release(Request request)
    {
        var release = new Release(Environment, request, triggerRequest);
        ReleaseQueue.Enqueue(release);
        TriggerRelease();
        return release;
    }

    protected void DisposeCallback(Event @event)
    {
        if (@event is Request request) Release(request);
    }

    /// <summary>Grants the request when it can be granted.</summary>
    protected virtual void DoRequest(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Users.Count >= Capacity) return;
        WaitingTime?.Add(Since(request.Time));
        Users.Add(request);
        request.Succeed();
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

    private protected override bool Return(Request request) => Users.Remove(request);

    private protected override bool LeaveLine(Request request) => RequestQueue.TryRemove(request);
}
