namespace UnderBridge.Sim.Engine;

/// <summary>
/// A number of like units that are lent and given back. Requests are granted in the order in which they were made.
/// </summary>
public class Resource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    // Neither derived, nor monitored, nor hooked: then nobody sees the steps in between.
    bool isPlain;
    LinkedListNode<Request>? spareNode;
    Release? spareRelease;

    public Resource(Simulation environment, int capacity = 1)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
        Capacity = capacity;
        isPlain = GetType() == typeof(Resource);
    }

    public int Capacity { get; protected set; }

    public int InUse => Users.Count;

    public int Remaining => Capacity - InUse;

    protected Simulation Environment { get; }

    protected LinkedList<Request> RequestQueue { get; } = new();

    protected Queue<Release> ReleaseQueue { get; } = new();

    protected HashSet<Request> Users { get; } = new(RequestNumbers.Comparer);

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

    public virtual Request Request()
    {
        var request = new Request(Environment, triggerRelease, disposeCallback);
        if (isPlain && RequestQueue.Count == 0 && InUse < Capacity) Grant(request);
        else
        {
            Enqueue(request);
            TriggerRequest();
        }
        return request;
    }

    /// <summary>Gives a unit back, or gives up waiting for it. Throws InvalidOperationException when the request holds nothing and does not wait.</summary>
    public virtual Release Release(Request request)
    {
        var release = new Release(Environment, request, triggerRequest);
        if (!isPlain || !TakeBack(release))
        {
            ReleaseQueue.Enqueue(release);
            TriggerRelease();
        }
        return release;
    }

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

    protected virtual void DisposeCallback(Event @event)
    {
        if (@event is not Request request) return;
        // Nobody sees this release, so it can be used again.
        if (isPlain && request.IsTriggered)
        {
            if (spareRelease is not { IsProcessed: true }) spareRelease = new Release(Environment, request, triggerRequest);
            else spareRelease.Renew(request, triggerRequest);
            if (TakeBack(spareRelease)) return;
        }
        Release(request);
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

    /// <summary>Takes a unit back. Throws InvalidOperationException when the request does not hold one.</summary>
    protected virtual void DoRelease(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!Users.Remove(release.Request)) throw Refuse("is released but holds nothing");
        LeadTime?.Add(Since(release.Request.Time));
        release.Succeed();
    }

    protected virtual void TriggerRequest(Event? @event = null)
    {
        if (isPlain)
        {
            while (InUse < Capacity && RequestQueue.First is { } next) Grant(Dequeue(next));
            return;
        }
        while (RequestQueue.First is { Value: var request })
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

    void Enqueue(Request request)
    {
        if (spareNode is null) RequestQueue.AddLast(request);
        else
        {
            spareNode.Value = request;
            RequestQueue.AddLast(spareNode);
            spareNode = null;
        }
    }

    Request Dequeue(LinkedListNode<Request> node)
    {
        var request = node.Value;
        RequestQueue.Remove(node);
        node.Value = null!;
        spareNode = node;
        return request;
    }

    void Grant(Request request)
    {
        Users.Add(request);
        request.Happen();
    }

    bool TakeBack(Release release)
    {
        if (!Users.Remove(release.Request)) return false;
        release.Request.IsOver = true;
        release.Happen();
        return true;
    }

    Event Hook(List<Event> queue)
    {
        isPlain = false;
        return queue.Add(Environment);
    }

    void Observe<T>(ref T? monitor, T? value)
    {
        isPlain = false;
        monitor = value;
    }

    void GiveUp(Release release)
    {
        if (!RequestQueue.Remove(release.Request)) throw Refuse("is released but neither waits nor holds anything");
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
