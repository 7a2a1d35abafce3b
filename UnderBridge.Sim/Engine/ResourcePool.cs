namespace UnderBridge.Sim.Engine;

/// <summary>
/// Units that differ, lent and given back. A request may name those it can use; the first request in line that can use a free unit gets
/// the one that has been free for longest.
/// </summary>
public class ResourcePool
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    readonly HashSet<Request> users = [];

    public ResourcePool(Simulation environment, IEnumerable<object> resources)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(resources);
        Environment = environment;
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
        Resources = [.. resources];
        Capacity = Resources.Count;
        ArgumentOutOfRangeException.ThrowIfZero(Capacity, nameof(resources));
    }

    public int Capacity { get; protected set; }

    public int InUse => Capacity - Resources.Count;

    public int Remaining => Capacity - InUse;

    protected Simulation Environment { get; }

    protected LinkedList<ResourcePoolRequest> RequestQueue { get; } = new();

    protected Queue<Release> ReleaseQueue { get; } = new();

    /// <summary>The units that are free.</summary>
    protected List<object> Resources { get; }

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

    /// <summary>Whether a unit that passes the filter is free.</summary>
    public virtual bool IsAvailable(Func<object, bool> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Resources.Exists(r => filter(r));
    }

    public virtual ResourcePoolRequest Request(Func<object, bool>? filter = null)
    {
        var request = new ResourcePoolRequest(Environment, triggerRelease, disposeCallback, filter ?? (_ => true));
        RequestQueue.AddLast(request);
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

    protected virtual void DisposeCallback(Event @event)
    {
        if (@event is Request request) Release(request);
    }

    /// <summary>Grants the request when it can be granted.</summary>
    protected virtual void DoRequest(ResourcePoolRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var place = Resources.FindIndex(r => request.Filter(r));
        if (place < 0) return;
        var resource = Resources[place];
        Resources.RemoveAt(place);
        users.Add(request);
        WaitingTime?.Add(Since(request.Time));
        request.Succeed(resource);
    }

    /// <summary>Takes a unit back. Throws InvalidOperationException when the request does not hold one.</summary>
    protected virtual void DoRelease(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!users.Remove(release.Request)) throw Refuse("is released but holds nothing");
        Resources.Add(release.Request.Value!);
        LeadTime?.Add(Since(release.Request.Time));
        release.Succeed();
    }

    protected virtual void TriggerRequest(Event? @event = null)
    {
        for (var node = RequestQueue.First; node is not null && Resources.Count > 0;)
        {
            var next = node.Next;
            DoRequest(node.Value);
            if (node.Value.IsTriggered)
            {
                RequestQueue.Remove(node);
                TriggerWhenEmpty();
                TriggerWhenChange();
            }
            node = next;
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
        if (!RequestQueue.Remove((ResourcePoolRequest)release.Request)) throw Refuse("is released but neither waits nor holds anything");
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
