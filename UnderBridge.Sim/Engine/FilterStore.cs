namespace UnderBridge.Sim.Engine;

/// <summary>
/// A store whose getters may name the items they can use. The first getter in line that can use an item gets the oldest such item.
/// </summary>
public class FilterStore : IWithdraws
{
    readonly Action<Event> triggerPut, triggerGet;

    public FilterStore(Simulation environment, int capacity = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        Capacity = capacity;
        (triggerPut, triggerGet) = (TriggerPut, TriggerGet);
    }

    public FilterStore(Simulation environment, IEnumerable<object> items, int capacity = int.MaxValue) : this(environment, capacity)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items) Items.Add(Arrived(item));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, capacity, nameof(items));
    }

    public int Capacity { get; protected set; }

    /// <summary>Items in the store.</summary>
    public int Count => Items.Count;

    protected Simulation Environment { get; }

    protected Queue<StorePut> PutQueue { get; } = new();

    protected LinkedList<FilterStoreGet> GetQueue { get; } = new();

    protected List<StoreItem> Items { get; } = new();

    protected List<Event> WhenNewQueue { get; } = [];

    protected List<Event> WhenAnyQueue { get; } = [];

    protected List<Event> WhenFullQueue { get; } = [];

    protected List<Event> WhenEmptyQueue { get; } = [];

    protected List<Event> WhenChangeQueue { get; } = [];

    /// <summary>The share of the capacity that is taken.</summary>
    public ITimeSeriesMonitor? Utilization { get; set; }

    /// <summary>Items in the store and items that wait to get in.</summary>
    public ITimeSeriesMonitor? WIP { get; set; }

    /// <summary>From the arrival of an item in the store to its leaving.</summary>
    public ISampleMonitor? LeadTime { get; set; }

    public ITimeSeriesMonitor? PutQueueLength { get; set; }

    public ISampleMonitor? PutWaitingTime { get; set; }

    public ITimeSeriesMonitor? GetQueueLength { get; set; }

    public ISampleMonitor? GetWaitingTime { get; set; }

    /// <summary>Whether there is an item that passes the filter.</summary>
    public virtual bool IsAvailable(Func<object, bool> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Items.Exists(i => filter(i.Item));
    }

    /// <summary>Happens when there is room for the item. Throws ArgumentNullException for null.</summary>
    public virtual StorePut Put(object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var put = new StorePut(Environment, triggerGet, item);
        PutQueue.Enqueue(put);
        TriggerPut();
        return put;
    }

    /// <summary>Happens when an item that passes the filter is taken, with that item as value.</summary>
    public virtual FilterStoreGet Get(Func<object, bool>? filter = null)
    {
        var get = new FilterStoreGet(Environment, triggerPut, filter ?? (_ => true));
        GetQueue.AddLast(get);
        TriggerGet();
        return get;
    }

    /// <summary>Happens with the next item that is put in.</summary>
    public virtual Event WhenNew() => WhenNewQueue.Add(Environment);

    /// <summary>Happens as soon as there is an item.</summary>
    public virtual Event WhenAny()
    {
        var hook = WhenAnyQueue.Add(Environment);
        TriggerWhenAny();
        return hook;
    }

    /// <summary>Happens as soon as there is no room.</summary>
    public virtual Event WhenFull()
    {
        var hook = WhenFullQueue.Add(Environment);
        TriggerWhenFull();
        return hook;
    }

    /// <summary>Happens as soon as there is no item.</summary>
    public virtual Event WhenEmpty()
    {
        var hook = WhenEmptyQueue.Add(Environment);
        TriggerWhenEmpty();
        return hook;
    }

    /// <summary>Happens with the next item that is put in or taken out.</summary>
    public virtual Event WhenChange() => WhenChangeQueue.Add(Environment);

    /// <summary>Puts the item in when there is room.</summary>
    protected virtual void DoPut(StorePut put)
    {
        ArgumentNullException.ThrowIfNull(put);
        if (Count >= Capacity) return;
        PutWaitingTime?.Add(Since(put.Time));
        Items.Add(Arrived(put.Value!));
        put.Succeed(put.Value);
    }

    /// <summary>Hands an item over when there is one.</summary>
    protected virtual void DoGet(FilterStoreGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        var place = Items.FindIndex(i => get.Filter(i.Item));
        if (place < 0) return;
        var item = Items[place];
        Items.RemoveAt(place);
        Hand(item, get);
    }

    protected virtual void TriggerPut(Event? @event = null)
    {
        while (PutQueue.TryPeek(out var put))
        {
            DoPut(put);
            if (!put.IsTriggered) break;
            PutQueue.Dequeue();
            TriggerWhenNew();
            TriggerWhenAny();
            TriggerWhenFull();
            TriggerWhenChange();
        }
        UpdateMonitors();
    }

    protected virtual void TriggerGet(Event? @event = null)
    {
        for (var node = GetQueue.First; node is not null && Count > 0;)
        {
            var next = node.Next;
            DoGet(node.Value);
            if (node.Value.IsTriggered)
            {
                GetQueue.Remove(node);
                TriggerWhenEmpty();
                TriggerWhenChange();
            }
            node = next;
        }
        UpdateMonitors();
    }

    protected virtual void TriggerWhenNew() => WhenNewQueue.SucceedAll();

    protected virtual void TriggerWhenAny()
    {
        if (Count > 0) WhenAnyQueue.SucceedAll();
    }

    protected virtual void TriggerWhenFull()
    {
        if (Count >= Capacity) WhenFullQueue.SucceedAll();
    }

    protected virtual void TriggerWhenEmpty()
    {
        if (Count == 0) WhenEmptyQueue.SucceedAll();
    }

    protected virtual void TriggerWhenChange() => WhenChangeQueue.SucceedAll();

    void Hand(StoreItem item, StoreGet get)
    {
        GetWaitingTime?.Add(Since(get.Time));
        LeadTime?.Add(Since(item.AdmissionDate));
        get.Succeed(item.Item);
    }

    StoreItem Arrived(object item) => new() { AdmissionDate = Environment.Now, Item = item };

    bool Withdraw(StorePut put)
    {
        if (put.IsTriggered || !PutQueue.Remove(put)) return false;
        UpdateMonitors();
        return true;
    }

    bool Withdraw(FilterStoreGet get)
    {
        if (get.IsTriggered || !GetQueue.Remove(get)) return false;
        UpdateMonitors();
        return true;
    }

    bool IWithdraws.Withdraw(Event waiting) => waiting is StorePut put ? Withdraw(put) : Withdraw((FilterStoreGet)waiting);

    double Since(DateTime time) => Environment.ToDouble(Environment.Now - time);

    void UpdateMonitors()
    {
        Utilization?.UpdateTo(Count / (double)Capacity);
        WIP?.UpdateTo(Count + PutQueue.Count);
        PutQueueLength?.UpdateTo(PutQueue.Count);
        GetQueueLength?.UpdateTo(GetQueue.Count);
    }
}
