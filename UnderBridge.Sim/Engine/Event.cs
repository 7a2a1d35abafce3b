namespace UnderBridge.Sim.Engine;

/// <summary>
/// Something that happens once: alive, then triggered (it has a value and is scheduled), then processed (its callbacks have been called).
/// </summary>
public class Event
{
    const byte Ok = 1, Triggered = 2, Processed = 4, Unwatched = 8;

    // One callback sits in `first`, two in `first` and `more`; beyond that, or once a derived class has seen the list, all sit in a list in `more`.
    Action<Event>? first;
    object? more;
    byte flags;

    public Event(Simulation environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
    }

    protected Simulation Environment { get; }

    internal Simulation Simulation => Environment;

    /// <summary>The callbacks in the order in which they will be called; null once the event is processed.</summary>
    protected List<Action<Event>>? CallbackList
    {
        get => IsProcessed ? null : Callbacks();
        set => (first, more) = (null, value);
    }

    public object? Value { get; protected set; }

    /// <summary>False when the event failed; its value is then the cause.</summary>
    public bool IsOk
    {
        get => (flags & Ok) != 0;
        protected set => SetFlag(Ok, value);
    }

    public bool IsAlive => !IsTriggered && !IsProcessed;

    public bool IsProcessed
    {
        get => (flags & Processed) != 0;
        protected set => SetFlag(Processed, value);
    }

    public bool IsTriggered
    {
        get
        {
            if ((flags & Unwatched) != 0) Watch();
            return (flags & Triggered) != 0;
        }
        protected set => SetFlag(Triggered, value);
    }

    /// <summary>Where the queue keeps it; only the queue gives this a meaning.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>What reports call it.</summary>
    internal virtual string Description => GetType().Name;

    internal bool HasCallbacks => first is not null || (more is not null && (more is not List<Action<Event>> list || list.Count > 0));

    /// <summary>Set when nobody looks at what this event depends on; asking whether it is triggered sees to that.</summary>
    internal bool IsUnwatched
    {
        get => (flags & Unwatched) != 0;
        set => SetFlag(Unwatched, value);
    }

    /// <summary>Takes outcome and value of another event. Throws InvalidOperationException when already triggered.</summary>
    public virtual void Trigger(Event @event, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(@event);
        Settle(@event.IsOk, @event.Value, priority);
    }

    /// <summary>Happens now. Throws InvalidOperationException when already triggered.</summary>
    public virtual void Succeed(object? value = null, int priority = 0) => Settle(true, value, priority);

    /// <summary>Fails now, with a cause. Throws InvalidOperationException when already triggered.</summary>
    public virtual void Fail(object? value = null, int priority = 0) => Settle(false, value, priority);

    /// <summary>Throws InvalidOperationException when the event is already processed.</summary>
    public virtual void AddCallback(Action<Event> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (IsProcessed) throw new InvalidOperationException("Event is already processed.");
        if (more is not null) Callbacks().Add(callback);
        else if (first is null) first = callback;
        else more = callback;
    }

    public virtual void AddCallbacks(IEnumerable<Action<Event>> callbacks)
    {
        ArgumentNullException.ThrowIfNull(callbacks);
        foreach (var callback in callbacks) AddCallback(callback);
    }

    /// <summary>Does nothing when the callback is not there. Throws InvalidOperationException when the event is already processed.</summary>
    public virtual void RemoveCallback(Action<Event> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (IsProcessed) throw new InvalidOperationException("Event is already processed.");
        if (more is List<Action<Event>> list) list.Remove(callback);
        else if (first == callback) (first, more) = ((Action<Event>?)more, null);
        else if (Equals(more, callback)) more = null;
    }

    /// <summary>Calls the callbacks. Throws InvalidOperationException when the event is already processed.</summary>
    public virtual void Process()
    {
        if (IsProcessed) throw new InvalidOperationException("Event has already been processed.");
        IsProcessed = true;
        CallBack();
    }

    /// <summary>Both events have happened.</summary>
    public static Condition operator &(Event event1, Event event2)
    {
        ArgumentNullException.ThrowIfNull(event1);
        return new AllOf(event1.Environment, event1, event2);
    }

    /// <summary>One of the events, or both, have happened.</summary>
    public static Condition operator |(Event event1, Event event2)
    {
        ArgumentNullException.ThrowIfNull(event1);
        return new AnyOf(event1.Environment, event1, event2);
    }

    /// <summary>A process waits. Apart from AddCallback so that an event can tell a process from other callbacks.</summary>
    internal virtual void Await(Action<Event> resume) => AddCallback(resume);

    internal void CallBack()
    {
        var (one, others) = (first, more);
        first = null;
        more = null;
        one?.Invoke(this);
        if (others is null) return;
        if (others is Action<Event> two) two(this);
        else CallAll((List<Action<Event>>)others);
    }

    /// <summary>Alive again, without callbacks, for events that are used many times.</summary>
    internal void Renew(bool triggered)
    {
        flags = triggered ? (byte)(Ok | Triggered) : (byte)0;
        first = null;
        more = null;
    }

    /// <summary>Taken out of the queue: it can be triggered again.</summary>
    internal void Untrigger() => SetFlag(Triggered, false);

    /// <summary>Looks again at what it depends on.</summary>
    internal virtual void Watch() { }

    internal bool IsPending => (flags & (Triggered | Processed)) == Triggered;

    void Settle(bool ok, object? value, int priority)
    {
        if (IsTriggered) throw new InvalidOperationException("Event has already been triggered.");
        IsOk = ok;
        Value = value;
        IsTriggered = true;
        Environment.Schedule(this, priority);
    }

    void SetFlag(byte flag, bool on) => flags = (byte)(on ? flags | flag : flags & ~flag);

    List<Action<Event>> Callbacks()
    {
        if (more is List<Action<Event>> list) return list;
        list = [];
        if (first is not null) list.Add(first);
        if (more is Action<Event> second) list.Add(second);
        (first, more) = (null, list);
        return list;
    }

    void CallAll(List<Action<Event>> callbacks)
    {
        for (var i = 0; i < callbacks.Count; i++) callbacks[i](this);
    }
}
