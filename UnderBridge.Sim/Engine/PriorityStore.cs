namespace UnderBridge.Sim.Engine;

/// <summary>
/// A store that hands out items by priority, lower values first, those of one priority in the order in which they came in.
/// </summary>
public class PriorityStore : ItemStore
{
    readonly Action<Event> triggerPut, triggerGet;

    public PriorityStore(Simulation environment, int capacity = int.MaxValue) : base(environment, capacity)
    {
        (triggerPut, triggerGet) = (TriggerPut, TriggerGet);
    }

    public PriorityStore(Simulation environment, IEnumerable<object> items, IEnumerable<double> priorities, int capacity = int.MaxValue) : this(environment, capacity)
    {
        object[] all = [.. items];
        double[] ranks = [.. priorities];
        if (all.Length != ranks.Length) throw new ArgumentException("There must be one priority an item.", nameof(priorities));
        for (var i = 0; i < all.Length; i++) Items.Enqueue(Arrived(all[i]), ranks[i]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, capacity, nameof(items));
    }

    protected Queue<StoreGet> GetQueue { get; } = new();

    protected SimplePriorityQueue<StoreItem, double> Items { get; } = new();

    private protected override int Held => Items.Count;

    private protected override int GetLineLength => GetQueue.Count;

    /// <summary>Happens when there is room for the item. Throws ArgumentNullException for null.</summary>
    public virtual StorePut Put(object item, double priority = 1)
    {
        ArgumentNullException.ThrowIfNull(item);
        var put = new StorePut(Environment, triggerGet, item) { Priority = priority };
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
        Hand(Items.Dequeue(), get);
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

    private protected override void Admit(StoreItem item, StorePut put) => Items.Enqueue(item, put.Priority);

    private protected override bool LeaveLine(StoreGet get) => GetQueue.Remove(get);
}
