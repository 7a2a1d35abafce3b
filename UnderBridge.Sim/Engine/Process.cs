namespace UnderBridge.Sim.Engine;

/// <summary>
/// A body that runs until it yields an event and goes on when that is processed. As an event it happens when the body ends, with the value of
/// the last event or with what the body gave to <c>ActiveProcess.Succeed</c>. A failed event makes the process not ok: before its next
/// yield the body must call <see cref="HandleFault"/>.
/// </summary>
public class Process : Event
{
    readonly IEnumerator<Event> body;
    readonly Action<Event> resume;

    public Process(Simulation environment, IEnumerable<Event> generator, int priority = 0) : base(environment)
    {
        ArgumentNullException.ThrowIfNull(generator);
        body = generator.GetEnumerator();
        resume = Resume;
        IsOk = true;
        Target = new Event(environment);
        Target.AddCallback(resume);
        Target.Succeed(priority: priority);
        Since = environment.Queue.Now;
        environment.Watch?.Add(this);
    }

    /// <summary>What the process waits for, or last waited for.</summary>
    public Event Target { get; protected set; }

    /// <summary>What reports call the process.</summary>
    internal string? Name { get; set; }

    /// <summary>The tick at which it began to wait.</summary>
    internal long Since { get; private set; }

    internal override string Description => Name ?? "Process";

    /// <summary>
    /// Lets the process go on with a failure at the current time, after what is already scheduled for it.
    /// Throws InvalidOperationException for a process that has ended and for the active one.
    /// </summary>
    public virtual void Interrupt(object? cause = null, int priority = 0)
    {
        if (IsTriggered) throw new InvalidOperationException("The process has terminated and cannot be interrupted.");
        if (Environment.ActiveProcess == this) throw new InvalidOperationException("A process is not allowed to interrupt itself.");
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
        while (true)
        {
            Environment.Tracer?.Invoke(new(Environment.Now, this, @event));
            // Read before the body runs, which may put the event to a new use.
            var value = @event.Value;
            if (!@event.IsOk) (IsOk, Value) = (false, value);
            var yielded = body.MoveNext();
            if (IsTriggered) break;
            if (!yielded)
            {
                End(value);
                break;
            }
            if (!IsOk) throw new InvalidOperationException("The process did not react to being faulted.");
            if (ProceedToEvent()) break;
            @event = Target;
        }
        if (IsTriggered) Environment.Watch?.Remove(this);
        Environment.ActiveProcess = null;
    }

    /// <summary>Takes the event the body has yielded as target; false when that is already processed.</summary>
    protected virtual bool ProceedToEvent()
    {
        Target = body.Current;
        Value = Target.Value;
        if (Target.IsProcessed) return false;
        Since = Environment.Queue.Now;
        Target.Await(resume);
        return true;
    }

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
        if (!Target.IsProcessed) Target.RemoveCallback(resume);
    }
}
