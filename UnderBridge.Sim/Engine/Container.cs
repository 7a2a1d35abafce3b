namespace UnderBridge.Sim.Engine;

/// <summary>A stock of something that has no pieces. Who puts or gets an amount waits until it fits; each queue is served in the order of arrival.</summary>
public class Container : IWithdraws
{
    readonly Action<Event> triggerPut, triggerGet;

    public Container(Simulation environment, double capacity = double.MaxValue, double initial = 0)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(initial);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initial, capacity);
        Environment = environment;
        Capacity = capacity;
        Level = initial;
        (triggerPut, triggerGet) = (TriggerPut, TriggerGet);
    }

    public double Capacity { get; protected set; }

    public double Level { get; protected set; }

    protected Simulation Environment { get; }

    protected Queue<ContainerPut> PutQueue { get; } = new();

    protected Queue<ContainerGet> GetQueue { get; } = new();

    protected SimplePriorityQueue<Event, double> WhenAtLeastQueue { get; } = new();

    protected SimplePriorityQueue<Event, double> WhenAtMostQueue { get; } = new(new ReverseComparer<double>());

    protected List<Event> WhenChangeQueue { get; } = [];

    /// <summary>The share of the capacity that is filled.</summary>
    public ITimeSeriesMonitor? Fillrate { get; set; }

    public ITimeSeriesMonitor? PutQueueLength { get; set; }

    public ISampleMonitor? PutWaitingTime { get; set; }

    public ITimeSeriesMonitor? GetQueueLength { get; set; }

    public ISampleMonitor? GetWaitingTime { get; set; }

    /// <summary>Throws ArgumentOutOfRangeException unless the amount is above 0.</summary>
    public virtual ContainerPut Put(double amount)
    {
        var put = new ContainerPut(Environment, triggerGet, amount);
        PutQueue.Enqueue(put);
        TriggerPut();
        return put;
    }

    /// <summary>Throws ArgumentOutOfRangeException unless the amount is above 0.</summary>
    public virtual ContainerGet Get(double amount)
    {
        var get = new ContainerGet(Environment, triggerPut, amount);
        GetQueue.Enqueue(get);
        TriggerGet();
        return get;
    }

    /// <summary>Happens as soon as the level is this or higher.</summary>
    public virtual Event WhenAtLeast(double level)
    {
        var hook = new Event(Environment);
        WhenAtLeastQueue.Enqueue(hook, level);
        TriggerWhenAtLeast();
        return hook;
    }

    public virtual Event WhenFull() => WhenAtLeast(Capacity);

    /// <summary>Happens as soon as the level is this or lower.</summary>
    public virtual Event WhenAtMost(double level)
    {
        var hook = new Event(Environment);
        WhenAtMostQueue.Enqueue(hook, level);
        TriggerWhenAtMost();
        return hook;
    }

    public virtual Event WhenEmpty() => WhenAtMost(0);

    /// <summary>Happens with the next amount that is put in or taken out.</summary>
    public virtual Event WhenChange() => WhenChangeQueue.Add(Environment);

    /// <summary>Puts the amount in when it fits.</summary>
    protected virtual void DoPut(ContainerPut put)
    {
        ArgumentNullException.ThrowIfNull(put);
        if (Capacity - Level < put.Amount) return;
        Level += put.Amount;
        PutWaitingTime?.Add(Since(put.Time));
        put.Succeed(put.Amount);
    }

    /// <summary>Takes the amount out when it is there.</summary>
    protected virtual void DoGet(ContainerGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        if (Level < get.Amount) return;
        Level -= get.Amount;
        GetWaitingTime?.Add(Since(get.Time));
        get.Succeed(get.Amount);
    }

    protected virtual void TriggerPut(Event? @event = null)
    {
        while (PutQueue.TryPeek(out var put))
        {
            DoPut(put);
            if (!put.IsTriggered) break;
            PutQueue.Dequeue();
            TriggerWhenAtLeast();
            TriggerWhenChange();
        }
        UpdateMonitors();
    }

    protected virtual void TriggerGet(Event? @event = null)
    {
        while (GetQueue.TryPeek(out var get))
        {
            DoGet(get);
            if (!get.IsTriggered) break;
            GetQueue.Dequeue();
            TriggerWhenAtMost();
            TriggerWhenChange();
        }
        UpdateMonitors();
    }

    protected virtual void TriggerWhenAtLeast()
    {
        while (WhenAtLeastQueue.Count > 0 && WhenAtLeastQueue.Peek <= Level) WhenAtLeastQueue.Dequeue().Succeed();
    }

    protected virtual void TriggerWhenAtMost()
    {
        while (WhenAtMostQueue.Count > 0 && WhenAtMostQueue.Peek >= Level) WhenAtMostQueue.Dequeue().Succeed();
    }

    protected virtual void TriggerWhenChange() => WhenChangeQueue.SucceedAll();

    // What was behind the withdrawn amount may fit now.
    bool Withdraw(ContainerPut put)
    {
        if (put.IsTriggered || !PutQueue.Remove(put)) return false;
        TriggerPut();
        return true;
    }

    bool Withdraw(ContainerGet get)
    {
        if (get.IsTriggered || !GetQueue.Remove(get)) return false;
        TriggerGet();
        return true;
    }

    bool IWithdraws.Withdraw(Event waiting) => waiting is ContainerPut put ? Withdraw(put) : Withdraw((ContainerGet)waiting);

    double Since(DateTime time) => Environment.ToDouble(Environment.Now - time);

    void UpdateMonitors()
    {
        Fillrate?.UpdateTo(Level / Capacity);
        PutQueueLength?.UpdateTo(PutQueue.Count);
        GetQueueLength?.UpdateTo(GetQueue.Count);
    }
}
