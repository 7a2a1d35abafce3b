namespace UnderBridge.Sim.Engine;

/// <summary>
/// What all stores have in common: room for items, a line of those who put, hooks on what happens, monitors. SimSharp has no such class, so models do not name it.
/// </summary>
public abstract class ItemStore : IWithdraws
{
    private protected ItemStore(Simulation environment, int capacity)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Environment = environment;
        Capacity = capacity;
    }

    public int Capacity { get; protected set; }

    /// <summary>Items in the store.</summary>
    public int Count => Held;

    protected Simulation Environment { get; }

    protected Queue<StorePut> PutQueue { get; } = new();

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

    private protected abstract int Held { get; }

    private protected abstract int GetLineLength { get; }

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
        Admit(Arrived(put.Value!), put);
        put.Succeed(put.Value);
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

    private protected abstract void Admit(StoreItem item, StorePut put);

    /// <summary>A getter leaves the line; false when it is not in it.</summary>
    private protected abstract bool LeaveLine(StoreGet get);

    /// <summary>From now on somebody sees each step.</summary>
    private protected virtual void ShowSteps() { }

    private protected void Hand(StoreItem item, StoreGet get)
    {
        GetWaitingTime?.Add(Since(get.Time));
        LeadTime?.Add(Since(item.AdmissionDate));
        get.Succeed(item.Item);
    }

    private protected StoreItem Arrived(object item) => new() { AdmissionDate = Environment.Now, Item = item };

    private protected void UpdateMonitors()
    {
        Utilization?.UpdateTo(Count / (double)Capacity);
        WIP?.UpdateTo(Count + PutQueue.Count);
        PutQueueLength?.UpdateTo(PutQueue.Count);
        GetQueueLength?.UpdateTo(GetLineLength);
    }

    bool IWithdraws.Withdraw(Event waiting)
    {
        if (waiting.IsTriggered || !(waiting is StorePut put ? PutQueue.Remove(put) : LeaveLine((StoreGet)waiting))) return false;
        UpdateMonitors();
        return true;
    }

    Event Hook(List<Event> queue)
    {
        ShowSteps();
        return queue.Add(Environment);
    }

    void Observe<T>(ref T? monitor, T? value)
    {
        ShowSteps();
        monitor = value;
    }

    double Since(DateTime time) => Environment.ToDouble(Environment.Now - time);
}
