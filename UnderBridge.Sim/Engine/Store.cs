namespace UnderBridge.Sim.Engine;

/// <summary>
/// Items that are put in and taken out, the oldest first.
/// </summary>
public class Store : ItemStore
{
    readonly Action<Event> triggerPut, triggerGet;
    readonly bool isDerived;
    // Neither derived, nor monitored, nor hooked: then nobody sees the steps in between.
    bool isPlain;

    public Store(Simulation environment, int capacity = int.MaxValue) : base(environment, capacity)
    {
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

    protected Queue<StoreGet> GetQueue { get; } = new();

    protected Queue<StoreItem> Items { get; } = new();

    private protected override int Held => Items.Count;

    private protected override int GetLineLength => GetQueue.Count;

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

    /// <summary>Hands an item over when there is one.</summary>
    protected virtual void DoGet(StoreGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        if (Count == 0) return;
        Hand(Items.Dequeue(), get);
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

    private protected override void Admit(StoreItem item, StorePut put) => Items.Enqueue(item);

    private protected override bool LeaveLine(StoreGet get) => GetQueue.Remove(get);

    private protected override void ShowSteps() => isPlain = false;
}
