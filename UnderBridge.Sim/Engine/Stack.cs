namespace UnderBridge.Sim.Engine;

/// <summary>
/// A store that hands out the newest item first.
/// </summary>
public class Stack : ItemStore
{
    readonly Action<Event> triggerPut, triggerGet;

    public Stack(Simulation environment, int capacity = int.MaxValue) : base(environment, capacity)
    {
        (triggerPut, triggerGet) = (TriggerPut, TriggerGet);
    }

    public Stack(Simulation environment, IEnumerable<object> items, int capacity = int.MaxValue) : this(environment, capacity)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items) Items.Push(Arrived(item));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, capacity, nameof(items));
    }

    protected Queue<StoreGet> GetQueue { get; } = new();

    protected Stack<StoreItem> Items { get; } = new();

    private protected override int Held => Items.Count;

    private protected override int GetLineLength => GetQueue.Count;

    /// <summary>Happens when there is room for the item. Throws ArgumentNullException for null.</summary>
    public virtual StorePut Put(object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var put = new StorePut(Environment, triggerGet, item);
        PutQueue.Enqueue(put);
        TriggerPut();
        return put;
    }

    /// <summary>Happens when an item is taken, with that item as value.</summary>
    public virtual StoreGet Get()
    {
        var get = new StoreGet(Environment, triggerPut);
        GetQueue.Enqueue(get);
        TriggerGet();
        return get;
    }

    /// <summary>Hands an item over when there is one.</summary>
    protected virtual void DoGet(StoreGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        if (Count == 0) return;
        Hand(Items.Pop(), get);
    }

    protected virtual void TriggerGet(Event? @event = null)
    {
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

    private protected override void Admit(StoreItem item, StorePut put) => Items.Push(item);

    private protected override bool LeaveLine(StoreGet get) => GetQueue.Remove(get);
}
