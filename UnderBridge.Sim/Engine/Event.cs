using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// Something that happens once: alive, then triggered (it has a value and is scheduled), then processed (its callbacks have been called).
/// </summary>
public class Event
{
    const byte Ok = 1, Triggered = 2, Processed = 4, Unwatched = 8, Extended = 16;

    // Who goes on when the event is processed, in order: one in `first`, a second in `more`; beyond that, or once a derived class has seen the list, all
    // sit in a list in `more`. A process stands for its own callback.
    object? first;
    object? more;
    byte flags;

    public Event(Simulation environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
        // A class derived elsewhere may override what a process does when it waits.
        if (GetType() != typeof(Event)) flags = Extended;
    }

    /// <summary>For the classes of the engine, which override nothing of that. Those that others may derive from say so by <see cref="Extend"/>.</summary>
    private protected Event(Simulation environment, Action<Event>? callback)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
        first = callback;
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

    internal bool HasCallbacks => first is not null || (more is not null && ((List<Action<Event>>)more).Count > 0);

    /// <summary>Whose callback is called first: for a put or get, what it waits for.</summary>
    internal object? Origin => (more is List<Action<Event>> list ? list.FirstOrDefault() : first as Action<Event>)?.Target;

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
        if (IsProcessed) throw Refusal("has already been processed, so nothing can wait for it");
        Append(callback);
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
        if (IsProcessed) throw Refusal("has already been processed, so nothing waits for it");
        Drop(callback);
    }

    /// <summary>Calls the callbacks. Throws InvalidOperationException when the event is already processed.</summary>
    public virtual void Process()
    {
        if (IsProcessed) throw Refusal("has already been processed");
        flags |= Processed;
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
    internal virtual void Await(Process process)
    {
        if ((flags & Extended) != 0) AddCallback(process.Callback);
        else Append(process);
    }

    /// <summary>A process waits no longer.</summary>
    internal virtual void Abandon(Process process)
    {
        if ((flags & Extended) != 0) RemoveCallback(process.Callback);
        else Drop(process);
    }

    /// <summary>Processed for a process that did not have to wait for its turn, and goes on after the callbacks there are.</summary>
    internal virtual void Pass() => Process();

    internal void PrefetchWaiter() => Prefetch.Object(first);

    internal void PrefetchBody() => (first as Process)?.PrefetchOwn();

    internal void CallBack()
    {
        var (one, others) = (first, more);
        first = null;
        more = null;
        if (others is null && !IsExtended)
        {
            if (one is not null) Call(one);
        }
        else CallInTurn(one, others);
    }

    /// <summary>Alive again, without callbacks, for events that are used many times.</summary>
    internal void Renew(bool triggered)
    {
        flags = triggered ? (byte)(Ok | Triggered) : (byte)0;
        first = null;
        more = null;
    }

    /// <summary>Triggered, or triggered again, where nobody waits.</summary>
    internal void Rearm() => flags = Ok | Triggered;

    /// <summary>From now on a process that waits is a callback like any other.</summary>
    private protected void Extend() => flags |= Extended;

    /// <summary>What the event refuses, with its kind, the process that asks and the time.</summary>
    internal InvalidOperationException Refusal(string why) => new(Environment.Said($"{Description} {why}", about: this));

    /// <summary>Taken out of the queue: it can be triggered again.</summary>
    internal void Untrigger() => SetFlag(Triggered, false);

    /// <summary>Looks again at what it depends on.</summary>
    internal virtual void Watch() { }

    /// <summary>Of a class that may override any step.</summary>
    internal bool IsExtended => (flags & Extended) != 0;

    internal bool IsPending => (flags & (Triggered | Processed)) == Triggered;

    /// <summary>Neither triggered nor failed: what a process is while its body runs undisturbed.</summary>
    internal bool IsUndisturbed => (flags & (Ok | Triggered)) == Ok;

    internal void MarkProcessed() => flags |= Processed;

    /// <summary>Happens now, for an event of the engine that has its value already and is not triggered.</summary>
    internal void Happen()
    {
        flags |= Ok | Triggered;
        Environment.ScheduleNow(this, 0);
    }

    void Settle(bool ok, object? value, int priority)
    {
        if (IsTriggered) throw Refusal("has already been triggered");
        Value = value;
        flags |= ok ? (byte)(Ok | Triggered) : Triggered;
        Environment.ScheduleNow(this, priority);
    }

    void SetFlag(byte flag, bool on) => flags = (byte)(on ? flags | flag : flags & ~flag);

    void Append(object waiter)
    {
        if (first is null & more is null) first = waiter;
        else if (first is not null & more is null) more = waiter;
        else Callbacks().Add(CallbackOf(waiter));
    }

    void Drop(object waiter)
    {
        if (more is List<Action<Event>> list) list.Remove(CallbackOf(waiter));
        else if (Equals(first, waiter)) (first, more) = (more, null);
        else if (Equals(more, waiter)) more = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Call(object waiter)
    {
        // An exact type is one comparison; a variant delegate type asks a lot more.
        if (waiter.GetType() == typeof(Action<Event>)) Unsafe.As<Action<Event>>(waiter)(this);
        else if (waiter is Process process) process.GoOn(this);
        else ((Action<Event>)waiter)(this);
    }

    /// <summary>While callbacks are left no process may run ahead of them; nor while a derived class has something left to do after them.</summary>
    void CallInTurn(object? one, object? others)
    {
        var env = Environment;
        var left = env.CallbacksLeft;
        env.CallbacksLeft = left + 1;
        if (one is not null) Call(one);
        var list = others as List<Action<Event>>;
        for (var i = 0; i < list?.Count - 1; i++) list![i](this);
        if (!IsExtended) env.CallbacksLeft = left;
        if (list is { Count: > 0 }) list[^1](this);
        else if (others is not null && list is null) Call(others);
        env.CallbacksLeft = left;
    }

    List<Action<Event>> Callbacks()
    {
        if (more is List<Action<Event>> list) return list;
        list = [];
        if (first is not null) list.Add(CallbackOf(first));
        if (more is not null) list.Add(CallbackOf(more));
        (first, more) = (null, list);
        return list;
    }

    static Action<Event> CallbackOf(object waiter) => waiter is Process process ? process.Callback : (Action<Event>)waiter;
}
