using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// A body that runs until it yields an event and goes on when that is processed. As an event it happens when the body ends, with the value of
/// the last event or with what the body gave to <c>ActiveProcess.Succeed</c>. A failed event makes the process not ok: before its next
/// yield the body must call <see cref="HandleFault"/>.
/// </summary>
public class Process : Event
{
    readonly IEnumerator<Event> body;
    // A derived class may override any step of going on; this class itself takes the short way.
    readonly bool isPlain;
    Event? target;
    Action<Event>? callback;

    public Process(Simulation environment, IEnumerable<Event> generator, int priority = 0) : base(environment, callback: null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        body = generator.GetEnumerator();
        isPlain = GetType() == typeof(Process);
        if (!isPlain) Extend();
        IsOk = true;
        target = Start.Take(environment);
        target.Await(this);
        target.Succeed(priority: priority);
        Since = environment.Queue.Now;
        environment.Watch?.Add(this);
    }

    /// <summary>What the process waits for, or last waited for.</summary>
    public Event Target
    {
        get
        {
            if (target is Start start) start.IsShared = true;
            return target ?? body.Current;
        }
        protected set => target = value;
    }

    /// <summary>What reports call the process.</summary>
    internal string? Name { get; set; }

    /// <summary>The tick at which it began to wait.</summary>
    internal long Since { get; private set; }

    /// <summary>The delay it uses again and again.</summary>
    internal Hold? Hold { get; set; }

    /// <summary>Goes on when it is called, for events that know callbacks only.</summary>
    internal Action<Event> Callback => callback ??= GoOn;

    internal override string Description => Name ?? "Process";

    /// <summary>
    /// Lets the process go on with a failure at the current time, after what is already scheduled for it.
    /// Throws InvalidOperationException for a process that has ended and for the active one.
    /// </summary>
    public virtual void Interrupt(object? cause = null, int priority = 0)
    {
        if (IsTriggered) throw Refusal("has terminated and cannot be interrupted");
        if (Environment.ActiveProcess == this) throw Refusal("is not allowed to interrupt itself");
        var interruption = new Event(Environment);
        interruption.AddCallback(DeliverInterrupt);
        interruption.Fail(cause, priority);
        LeaveTarget();
    }

    /// <summary>To be called by the body after each yield that may have failed; true when it has.</summary>
    public virtual bool HandleFault()
    {
        if (IsOk) return false;
        IsOk = true;
        return true;
    }

    /// <summary>Runs the body to the next event that has yet to happen.</summary>
    protected virtual void Resume(Event @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        Environment.ActiveProcess = this;
        for (Event? next = @event; next is not null;) next = GoOnFrom(next);
        if (IsTriggered) Environment.Watch?.Remove(this);
        Environment.ActiveProcess = null;
    }

    /// <summary>Takes the event the body has yielded as target; false when that is already processed.</summary>
    protected virtual bool ProceedToEvent()
    {
        Target = Yielded();
        Value = Target.Value;
        if (Target.IsProcessed) return false;
        Since = Environment.Queue.Now;
        Target.Await(this);
        return true;
    }

    internal void PrefetchOwn()
    {
        Prefetch.Object(body);
        Prefetch.Object(Hold);
    }

    internal void GoOn(Event @event) => Resume(@event);

    /// <summary>Runs the body to its next yield. Null when the process has to wait for the event yielded, or has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    Event? GoOnFrom(Event @event)
    {
        if (Environment.Tracer is not null) Trace(@event);
        // Read before the body runs, which may put the event to a new use.
        var value = @event.Value;
        if (!@event.IsOk) (IsOk, Value) = (false, value);
        target = null;
        var hasYielded = body.MoveNext();
        if (!IsUndisturbed)
        {
            if (IsTriggered) return null;
            if (hasYielded) throw Refusal("did not react to being faulted");
        }
        if (!hasYielded)
        {
            End(value);
            return null;
        }
        if (!isPlain) return ProceedToEvent() ? null : Target;
        var yielded = Yielded();
        return Waits(yielded) ? null : yielded;
    }

    /// <summary>Waits for an event; false when that is not necessary, since it is processed already or is the next to be processed anyway.</summary>
    bool Waits(Event yielded)
    {
        var value = yielded.Value;
        if (value is not null || Value is not null) Value = value;
        if (yielded.IsProcessed) return false;
        var env = Environment;
        Since = env.Queue.Now;
        if (yielded.IsExtended || !env.TakesNext(yielded))
        {
            yielded.Await(this);
            return true;
        }
        if (!yielded.HasCallbacks) yielded.Pass();
        else
        {
            env.ActiveProcess = null;
            env.CallbacksLeft++;
            yielded.Pass();
            env.CallbacksLeft--;
            env.ActiveProcess = this;
        }
        return false;
    }

    void Trace(Event @event) => Environment.Tracer!(new(Environment.Now, this, @event));

    Event Yielded() => body.Current ?? throw Refusal("yielded null in place of an event");

    void End(object? value)
    {
        if (IsOk) Succeed(value);
        else Fail(value);
    }

    void DeliverInterrupt(Event interruption)
    {
        if (IsTriggered) return;
        LeaveTarget();
        Resume(interruption);
    }

    void LeaveTarget()
    {
        // There is none when the body has thrown before its first yield.
        if ((target ?? body.Current) is { IsProcessed: false } left) left.Abandon(this);
    }
}
