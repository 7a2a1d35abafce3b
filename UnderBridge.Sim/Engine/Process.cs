using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// A body that runs until it yields an event and goes on when that is processed. As an event it happens when the body ends, with the value of
/// the last event or with what the body gave to <c>ActiveProcess.Succeed</c>. A failed event makes the process not ok: before its next
/// yield the body must call <see cref="HandleFault"/>.
/// </summary>
public class Process : Event
{
    // So often at most a process runs ahead before it waits for its turn: a loop that is entered once only would not get the compiler's best code.
    const int RunAhead = 64;

    readonly IEnumerator<Event> body;
    Event? target;
    Action<Event>? callback;

    public Process(Simulation environment, IEnumerable<Event> generator, int priority = 0) : base(environment, isTriggered: false)
    {
        ArgumentNullException.ThrowIfNull(generator);
        body = generator.GetEnumerator();
        // A derived class may override any step of going on.
        if (GetType() != typeof(Process)) Extend();
        IsOk = true;
        target = environment.Starts.Take();
        target.Await(this);
        environment.ScheduleNow(target, priority);
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
    internal string? GivenName { get; set; }

    /// <summary>The tick at which it began to wait.</summary>
    internal long Since { get; private set; }

    /// <summary>The delay it uses again and again.</summary>
    internal Hold? Hold { get; set; }

    /// <summary>Goes on when it is called, for events that know callbacks only.</summary>
    internal Action<Event> Callback => callback ??= Resume;

    internal override string Description => GivenName ?? "Process";

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
        GoOn(@event);
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

    /// <summary>Runs the body on from an event to the next that it has to wait for, or to its end.</summary>
    internal void GoOn(Event @event)
    {
        var env = Environment;
        env.ActiveProcess = this;
        for (var left = RunAhead; ; left--)
        {
            if (env.Tracer is not null) Trace(@event);
            // Read before the body runs, which may put the event to a new use.
            var value = @event.Value;
            if (!@event.IsOk) (IsOk, Value) = (false, value);
            target = null;
            var hasYielded = body.MoveNext();
            if (!IsUndisturbed)
            {
                if (IsTriggered)
                {
                    env.Watch?.Remove(this);
                    break;
                }
                if (hasYielded) throw Refusal("did not react to being faulted");
            }
            if (!hasYielded)
            {
                End(value);
                break;
            }
            if (IsExtended)
            {
                if (ProceedToEvent()) break;
                @event = Target;
            }
            else
            {
                @event = Yielded();
                if (Waits(@event, left > 0)) break;
            }
        }
        env.ActiveProcess = null;
    }

    /// <summary>Waits for an event; false when that is not necessary, since it is processed already or is the next to be processed anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Waits(Event yielded, bool mayRunAhead)
    {
        var value = yielded.Value;
        if (value != Value) Value = value;
        if (yielded.IsProcessed) return false;
        var env = Environment;
        if (mayRunAhead && yielded.IsQuiet && env.TakesNext(yielded))
        {
            yielded.Pass();
            return false;
        }
        Since = env.Queue.Now;
        yielded.Await(this);
        return true;
    }

    void Trace(Event @event) => Environment.Tracer!(new(Environment.Now, this, @event));

    Event Yielded() => body.Current ?? throw Refusal("yielded null in place of an event");

    void End(object? value)
    {
        Environment.Watch?.Remove(this);
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
