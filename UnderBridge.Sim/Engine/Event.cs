using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// Something that happens once: alive, then triggered (it has a value and is scheduled), then processed (its callbacks have been called).
/// </summary>
public class Event
{
    const byte Ok = 1, Triggered = 2, Processed = 4, Unwatched = 8, Extended = 16, Followed = 32;

    // Who goes on when the event is processed: a process, which stands for its own callback; a callback; or, if they are several or a derived class has seen
    // it, the list of all.
    object? waiting;
    byte flags;

    public Event(Simulation environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
        // A class derived elsewhere may override what a process does when it waits.
        if (GetType() != typeof(Event)) flags = Extended;
    }

    /// <summary>For the classes of the engine, which override nothing of that. Those that others may derive from say so by <c>Extend</c>.</summary>
    private protected Event(Simulation environment, bool isTriggered, bool isFollowed = false)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
        flags = (byte)((isTriggered ? Ok | Triggered : 0) | (isFollowed ? Followed : 0));
    }

    protected Simulation Environment { get; }

    internal Simulation Simulation => Environment;

    /// <summary>The callbacks in the order in which they will be called; null once the event is processed.</summary>
    protected List<Action<Event>>? CallbackList
    {
        get => IsProcessed ? null : Callbacks();
        set => waiting = value;
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
    internal int Slot { get; set; }

    /// <summary>What reports call it.</summary>
    internal virtual string Description => GetType().Name;

    internal bool HasCallbacks => waiting is not null and not List<Action<Event>> { Count: 0 };

    /// <summary>What the event is made for, which goes on before all who wait: a store or resource, or the callback of one.</summary>
    internal virtual object? Origin => null;

    /// <summary>Gives up waiting in the line of its origin; false when it is in none.</summary>
    internal bool LeaveLine() => (Origin is Delegate callback ? callback.Target : Origin) is IWithdraws line && line.Withdraw(this);

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
        if ((flags & Followed) != 0 && callback.Equals(Origin)) SetFlag(Followed, false);
        else Drop(callback);
    }

    /// <summary>Calls the callbacks. Throws InvalidOperationException when the event is already processed.</summary>
    public virtual void Process()
    {
        if (IsProcessed) throw Refusal("has already been processed");
        Pass();
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

    /// <summary>Calls the callbacks, by the short way where no derived class wants to know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ProcessSoon()
    {
        if ((flags & (Extended | Processed)) != 0) Process();
        else
        {
            Pass();
            CallBack();
        }
    }

    /// <summary>Processed, as far as the engine itself has something to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Pass()
    {
        flags |= Processed;
        if ((flags & Followed) != 0) Follow();
    }

    /// <summary>A process waits. Apart from AddCallback so that an event can tell a process from other callbacks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Await(Process process)
    {
        if (waiting is null && (flags & Extended) == 0) waiting = process;
        else AwaitInTurn(process);
    }

    /// <summary>A process waits no longer.</summary>
    internal virtual void Abandon(Process process)
    {
        if ((flags & Extended) != 0) RemoveCallback(process.Callback);
        else Drop(process);
    }

    internal void PrefetchWaiter() => Prefetch.Object(waiting);

    internal void PrefetchBody() => (waiting as Process)?.PrefetchOwn();

    /// <summary>Alive again, without callbacks, for events that are used many times.</summary>
    internal void Renew(bool triggered)
    {
        flags = (byte)((flags & Followed) | (triggered ? Ok | Triggered : 0));
        waiting = null;
    }

    /// <summary>Triggered, or triggered again, where nobody waits.</summary>
    internal void Rearm() => flags = Ok | Triggered;

    /// <summary>From now on a process that waits is a callback like any other, and so is what follows.</summary>
    private protected void Extend()
    {
        flags = (byte)((flags | Extended) & ~Followed);
        waiting = Origin;
    }

    /// <summary>What is done first when the event is processed.</summary>
    private protected virtual void Follow() => FollowBy((Action<Event>)Origin!);

    /// <summary>A process that runs ahead does not count as active while it is called.</summary>
    internal void FollowBy(Action<Event> callback)
    {
        var env = Environment;
        var active = env.ActiveProcess;
        env.ActiveProcess = null;
        callback(this);
        if (active is not null) env.ActiveProcess = active;
    }

    /// <summary>Processed without anybody who waited.</summary>
    private protected virtual void PassUnseen() { }

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

    /// <summary>Whether nobody else has to be called when a process that waits for it goes on.</summary>
    internal bool IsQuiet => waiting is null && (flags & Extended) == 0;

    /// <summary>Happens now, for an event of the engine, which does not override how.</summary>
    internal void Happen(object? value) => Settle(true, value, priority: 0);

    /// <summary>The same for one that was just made and has its value already.</summary>
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
        if (waiting is null) waiting = waiter;
        else Callbacks().Add(CallbackOf(waiter));
    }

    void Drop(object waiter)
    {
        if (waiting is List<Action<Event>> list) list.Remove(CallbackOf(waiter));
        else if (Equals(waiting, waiter)) waiting = null;
    }

    void AwaitInTurn(Process process)
    {
        if ((flags & Extended) != 0) AddCallback(process.Callback);
        else Append(process);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void CallBack()
    {
        var waiter = waiting;
        waiting = null;
        if (waiter is null) PassUnseen();
        else if (waiter.GetType() == typeof(Process)) Unsafe.As<Process>(waiter).GoOn(this);
        else CallInTurn(waiter);
    }

    /// <summary>While callbacks are left no process may run ahead of them; nor while a derived class has something left to do after them.</summary>
    void CallInTurn(object waiter)
    {
        var env = Environment;
        var left = env.CallbacksLeft;
        if (waiter is List<Action<Event>> list)
        {
            env.CallbacksLeft = left + 1;
            for (var i = 0; i < list.Count - 1; i++) list[i](this);
            if (!IsExtended) env.CallbacksLeft = left;
            if (list.Count > 0) list[^1](this);
            else PassUnseen();
        }
        else
        {
            if (IsExtended) env.CallbacksLeft = left + 1;
            CallbackOf(waiter)(this);
        }
        env.CallbacksLeft = left;
    }

    List<Action<Event>> Callbacks()
    {
        if (waiting is List<Action<Event>> list) return list;
        list = waiting is null ? [] : [CallbackOf(waiting)];
        waiting = list;
        return list;
    }

    static Action<Event> CallbackOf(object waiter) => waiter is Process process ? process.Callback : (Action<Event>)waiter;
}
