namespace UnderBridge.Sim.Engine;

/// <summary>
/// A number of like units that are lent and given back. Requests are granted in the order in which they were made.
/// </summary>
public class Resource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    // A derived class sees the lists below. Else the requests that wait are in this line, and those that are served know it.
    readonly Queue<Request>? line;
    int served;
    // Neither derived, nor monitored, nor hooked: then nobody sees the steps in between.
    bool isPlain;
    Release? spareRelease;

    public Resource(Simulation environment, int capacity = 1)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
        Capacity = capacity;
        isPlain = GetType() == typeof(Resource);
        if (isPlain) line = new();
    }

    public int Capacity { get; protected set; }

    public int InUse => line is null ? Users.Count : served;

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
        var request = line is null ? new Request(Environment, triggerRelease, disposeCallback) : new Request(Environment, this);
        if (isPlain && line!.Count == 0 && served < Capacity) Grant(request);
        else
        {
            if (line is null) RequestQueue.AddLast(request);
            else line.Enqueue(request);
            TriggerRequest();
        }
        return request;
    }

    /// <summary>Gives a unit back, or gives up waiting for it. Throws InvalidOperationException when the request holds nothing and does not wait.</summary>
    public virtual Release Release(Request request)
    {
        var release = line is null ? new Release(Environment, request, triggerRequest) : new Release(Environment, request, this);
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
        if (@event is Request request) Release(request);
    }

    /// <summary>Grants the request when it can be granted.</summary>
    protected virtual void DoRequest(Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (InUse >= Capacity) return;
        WaitingTime?.Add(Since(request.Time));
        Lend(request);
        request.Succeed();
    }

    /// <summary>Takes a unit back. Throws InvalidOperationException when the request does not hold one.</summary>
    protected virtual void DoRelease(Release release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!Return(release.Request)) throw Refuse("is released but holds nothing");
        LeadTime?.Add(Since(release.Request.Time));
        release.Succeed();
    }

    protected virtual void TriggerRequest(Event? @event = null)
    {
        if (isPlain)
        {
            while (served < Capacity && line!.TryDequeue(out var next)) Grant(next);
            return;
        }
        while (FirstInLine() is { } request)
        {
            DoRequest(request);
            if (!request.IsTriggered) break;
            LeaveLine(request);
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

    /// <summary>A request is processed: a release may have waited for that.</summary>
    internal void Follow(Request request)
    {
        if (!isPlain) request.FollowBy(triggerRelease);
    }

    /// <summary>A release is processed: a request may wait for the unit.</summary>
    internal void Follow(Release release)
    {
        if (!isPlain) release.FollowBy(triggerRequest);
        else if (line!.Count > 0) TriggerRequest();
    }

    /// <summary>A request is disposed of.</summary>
    internal void Dispose(Request request)
    {
        // Nobody sees this release, so it can be used again.
        if (isPlain && request.IsTriggered)
        {
            if (spareRelease is not { IsProcessed: true }) spareRelease = new Release(Environment, request, this);
            else spareRelease.Renew(request);
            if (TakeBack(spareRelease)) return;
        }
        Release(request);
    }

    void Grant(Request request)
    {
        Lend(request);
        request.Happen(value: null);
    }

    bool TakeBack(Release release)
    {
        if (!Return(release.Request)) return false;
        release.Request.IsOver = true;
        release.Happen();
        return true;
    }

    void Lend(Request request)
    {
        if (line is null) Users.Add(request);
        else
        {
            request.IsServed = true;
            served++;
        }
    }

    bool Return(Request request)
    {
        if (line is null) return Users.Remove(request);
        if (!request.IsServed || request.Origin != this) return false;
        request.IsServed = false;
        served--;
        return true;
    }

    Request? FirstInLine() => line is null ? RequestQueue.First?.Value : line.TryPeek(out var first) ? first : null;

    bool LeaveLine(Request request)
    {
        if (line is null) return RequestQueue.Remove(request);
        if (!line.TryPeek(out var first) || first != request) return line.Remove(request);
        line.Dequeue();
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
        if (!LeaveLine(release.Request)) throw Refuse("is released but neither waits nor holds anything");
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
        var waiting = line?.Count ?? RequestQueue.Count;
        Utilization?.UpdateTo(InUse / (double)Capacity);
        WIP?.UpdateTo(InUse + waiting);
        QueueLength?.UpdateTo(waiting);
    }
}
