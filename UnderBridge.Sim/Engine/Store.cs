namespace UnderBridge.Sim.Engine;

/// <summary>
/// Items that are put in and taken out, the oldest first.
/// </summary>
public class Store : IWithdraws
{
    readonly Action<Event> triggerPut, triggerGet;
    readonly bool isDerived;
    // Neither derived, nor monitored, nor hooked: then nobody sees the steps in between.
    bool isPlain;

    public Store(Simulation environment, int capacity = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        Capacity = capacity;
        (triggerPut, triggerGet) = (TriggerPut, TriggerGet);
        isDerived = GetType() != typeof(Store);
        isPlain = !isDerived;
    }

    public Store(Simulation environment, IEnumerable<object> items, int capacity = int.MaxValue) : this(environment, capacity)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items) Items.Enqueue(Arrived(item));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, capacity, nameof(items));
    }

    public int Capacity { get; protected set; }

    /// <summary>Items in the store.</summary>
    public int Count => Items.Count;

    protected Simulation Environment { get; }

    protected Queue<StorePut> PutQueue { get; } = new();

    protected Queue<StoreGet> GetQueue { get; } = new();

    protected Queue<StoreItem> Items { get; } = new();

    protected List<Event> WhenNewQueue { get; } = [];

    protected List<Event> WhenAnyQueue { get; } = [];

    protected List<Event> WhenFullQueue { get; } = [];

    protected List<Event> WhenEmptyQueue { get; } = [];

    protected List<Event> WhenChangeQueue { get; } = [];

    /// <summary>The share of the capacity that is taken.</summary>
    public ITimeSeriesMonitor? Utilization { get; set => Observe(ref field, value); }

    /// <summary>Items in the store and items that wait to get in.</summary>
    public ITimeSeriesMonitor? WIP { get; set => Observe(ref field, value); }

    /// <summary>From the arrival of an item in the store to its leaving.</summary>
    public ISampleMonitor? LeadTime { get; set => Observe(ref field, value); }

    public ITimeSeriesMonitor? PutQueueLength { get; set => Observe(ref field, value); }

    public ISampleMonitor? PutWaitingTime { get; set => Observe(ref field, value); }

    public ITimeSeriesMonitor? GetQueueLength { get; set => Observe(ref field, value); }

    public ISampleMonitor? GetWaitingTime { get; set => Observe(ref field, value); }

    /// <summary>Happens when there is room for the item. Throws ArgumentNullException for null.</summary>
    public virtual StorePut Put(object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var put = isDerived ? new StorePut(Environment, triggerGet, item) : new StorePut(Environment, this, item);
        if (isPlain && PutQueue.Count == 0 && Items.Count < Capacity)
        {
            Items.Enqueue(new() { AdmissionDate = put.Time, Item = item });
            put.Happen();
        }
        else
        {
            PutQueue.Enqueue(put);
            TriggerPut();
        }
        return put;
    }

    /// <summary>Happens when an item is taken, with that item as value.</summary>
    public virtual StoreGet Get()
    {
        var get = isDerived ? new StoreGet(Environment, triggerPut) : new StoreGet(Environment, this);
        GetQueue.Enqueue(get);
        if (!isPlain || Items.Count > 0) TriggerGet();
        return get;
    }

    /// <summary>Happens with the next item that is put in.</summary>
    public virtual Event WhenNew() => Hook(WhenNewQueue);

    /// <summary>Happens as soon as there is an item.</summary>
    public virtual Event WhenAny()
    {
        var hook = Hook(WhenAnyQueue);
        TriggerWhenAny();
        return hook;
    }

    /// <summary>Happens as soon as there is no room.</summary>
    public virtual Event WhenFull()
    {
        var hook = Hook(WhenFullQueue);
        TriggerWhenFull();
        return hook;
    }

    /// <summary>Happens as soon as there is no item.</summary>
    public virtual Event WhenEmpty()
    {
        var hook = Hook(WhenEmptyQueue);
        TriggerWhenEmpty();
        return hook;
    }

    /// <summary>Happens with the next item that is put in or taken out.</summary>
    public virtual Event WhenChange() => Hook(WhenChangeQueue);

    /// <summary>Puts the item in when there is room.</summary>
    protected virtual void DoPut(StorePut put)
    {
        ArgumentNullException.ThrowIfNull(put);
        if (Count >= Capacity) return;
        PutWaitingTime?.Add(Since(put.Time));
        Items.Enqueue(Arrived(put.Value!));
        put.Succeed(put.Value);
    }

    /// <summary>Hands an item over when there is one.</summary>
    protected virtual void DoGet(StoreGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        if (Count == 0) return;
        Hand(Items.Dequeue(), get);
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
        if (isPlain)
        {
            while (GetQueue.Count > 0 && Items.Count > 0) GetQueue.Dequeue().Happen(Items.Dequeue().Item);
            return;
        }
        while (GetQueue.TryPeek(out var get))
        {
            DoGet(get);
            if (!get.IsTriggered) break;
            GetQueue.Dequeue();
            TriggerWhenEmpty();
            TriggerWhenChange();
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

    /// <summary>A put is processed: a getter may wait for its item.</summary>
    internal void Follow(StorePut put)
    {
        if (!isPlain) put.FollowBy(triggerGet);
        else if (GetQueue.Count > 0) TriggerGet();
    }

    /// <summary>A get is processed: an item may wait for its room.</summary>
    internal void Follow(StoreGet get)
    {
        if (!isPlain) get.FollowBy(triggerPut);
        else if (PutQueue.Count > 0) TriggerPut();
    }

    void Hand(StoreItem item, StoreGet get)
    {
        GetWaitingTime?.Add(Since(get.Time));
        LeadTime?.Add(Since(item.AdmissionDate));
        get.Succeed(item.Item);
    }

    StoreItem Arrived(object item) => new() { AdmissionDate = Environment.Now, Item = item };

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

    bool Withdraw(StorePut put)
    {
        if (put.IsTriggered || !PutQueue.Remove(put)) return false;
        UpdateMonitors();
        return true;
    }

    bool Withdraw(StoreGet get)
    {
        if (get.IsTriggered || !GetQueue.Remove(get)) return false;
        UpdateMonitors();
        return true;
    }

    bool IWithdraws.Withdraw(Event waiting) => waiting is StorePut put ? Withdraw(put) : Withdraw((StoreGet)waiting);

    double Since(DateTime time) => Environment.ToDouble(Environment.Now - time);

    void UpdateMonitors()
    {
        Utilization?.UpdateTo(Count / (double)Capacity);
        WIP?.UpdateTo(Count + PutQueue.Count);
        PutQueueLength?.UpdateTo(PutQueue.Count);
        GetQueueLength?.UpdateTo(GetQueue.Count);
    }
}
