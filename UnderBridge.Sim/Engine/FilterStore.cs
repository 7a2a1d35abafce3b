namespace UnderBridge.Sim.Engine;

/// <summary>
/// A store whose getters may name the items they can use. The first getter in line that can use an item gets the oldest such item.
/// </summary>
public class FilterStore : ItemStore
{
    readonly Action<Event> triggerPut, triggerGet;

    public FilterStore(Simulation environment, int capacity = int.MaxValue) : base(environment, capacity)
    {
        (triggerPut, triggerGet) = (TriggerPut, TriggerGet);
    }

    public FilterStore(Simulation environment, IEnumerable<object> items, int capacity = int.MaxValue) : this(environment, capacity)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (var item in items) Items.Add(Arrived(item));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, capacity, nameof(items));
    }

    protected LinkedList<FilterStoreGet> GetQueue { get; } = new();

    protected List<StoreItem> Items { get; } = new();

    private protected override int Held => Items.Count;

    private protected override int GetLineLength => GetQueue.Count;

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

    private protected override void Admit(StoreItem item, StorePut put) => Items.Add(item);

    private protected override bool LeaveLine(StoreGet get) => GetQueue.Remove((FilterStoreGet)get);
}
