namespace UnderBridge.Sim.Engine;

/// <summary>
/// Units that differ, lent and given back. A request may name those it can use; the first request in line that can use a free unit gets
/// the one that has been free for longest.
/// </summary>
public class ResourcePool : SharedResource
{
    readonly Action<Event> triggerRequest, triggerRelease, disposeCallback;
    readonly HashSet<Request> users = [];

    public ResourcePool(Simulation environment, IEnumerable<object> resources) : this(environment, Some(resources)) { }

    ResourcePool(Simulation environment, List<object> resources) : base(environment, resources.Count)
    {
        (triggerRequest, triggerRelease, disposeCallback) = (TriggerRequest, TriggerRelease, DisposeCallback);
        Resources = resources;
    }

    protected LinkedList<ResourcePoolRequest> RequestQueue { get; } = new();

    /// <summary>The units that are free.</summary>
    protected List<object> Resources { get; }

    private protected override int Lent => Capacity - Resources.Count;

    private protected override int LineLength => RequestQueue.Count;

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

    private protected override bool Return(Request request)
    {
        if (!users.Remove(request)) return false;
        Resources.Add(request.Value!);
        return true;
    }

    private protected override bool LeaveLine(Request request) => RequestQueue.Remove((ResourcePoolRequest)request);

    static List<object> Some(IEnumerable<object> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        List<object> all = [.. resources];
        ArgumentOutOfRangeException.ThrowIfZero(all.Count, nameof(resources));
        return all;
    }
}
