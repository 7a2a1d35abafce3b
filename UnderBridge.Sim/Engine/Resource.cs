namespace UnderBridge.Sim.Engine;

/// <summary>
/// A number of like units that are lent and given back. Requests are granted in the order in which they were made.
/// </summary>
public class Resource : SharedResource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    // A derived class sees the lists below. Else the requests that wait are in this line, and those that are served know it.
    readonly Queue<Request>? line;
    int served;
    // Neither derived, nor monitored, nor hooked: then nobody sees the steps in between.
    bool isPlain;
    Release? spareRelease;

    public Resource(Simulation environment, int capacity = 1) : base(environment, capacity)
    {
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
        isPlain = GetType() == typeof(Resource);
        if (isPlain) line = new();
    }

    protected LinkedList<Request> RequestQueue { get; } = new();

    protected HashSet<Request> Users { get; } = new(RequestNumbers.Comparer);

    private protected override int Lent => line is null ? Users.Count : served;

    private protected override int LineLength => line?.Count ?? RequestQueue.Count;

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

    private protected override bool Return(Request request)
    {
        if (line is null) return Users.Remove(request);
        if (!request.IsServed || request.Origin != this) return false;
        request.IsServed = false;
        served--;
        return true;
    }

    Request? FirstInLine() => line is null ? RequestQueue.First?.Value : line.TryPeek(out var first) ? first : null;

    private protected override bool LeaveLine(Request request)
    {
        if (line is null) return RequestQueue.Remove(request);
        if (!line.TryPeek(out var first) || first != request) return line.Remove(request);
        line.Dequeue();
        return true;
    }

    private protected override void ShowSteps() => isPlain = false;
}
