using System.Globalization;
using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// The clock and the pending events. Time is counted in ticks of 100 ns from the start date, 1970-01-01 unless said otherwise; the members whose
/// names end in D count in steps of one second unless said otherwise, and truncate to ticks.
/// </summary>
public class Simulation
{
    static readonly DateTime epoch = new(1970, 1, 1);

    readonly DateTimeKind kind;
    // Of events that a run processes in one go: a loop that is entered once only would not get the compiler's best code.
    const int Batch = 256;

    // A derived class may override any step of scheduling and running; this class itself takes the short way.
    readonly bool isPlain;
    int numbersTaken;
    volatile bool stopRequested;

    public Simulation() : this(epoch) { }

    public Simulation(TimeSpan? defaultStep) : this(epoch, defaultStep) { }

    public Simulation(int randomSeed, TimeSpan? defaultStep = null) : this(epoch, randomSeed, defaultStep) { }

    public Simulation(DateTime initialDateTime, TimeSpan? defaultStep = null) : this(new PcgRandom(), initialDateTime, defaultStep) { }

    public Simulation(DateTime initialDateTime, int randomSeed, TimeSpan? defaultStep = null) : this(new PcgRandom(randomSeed), initialDateTime, defaultStep) => Seed = randomSeed;

    public Simulation(IRandom random, DateTime initialDateTime, TimeSpan? defaultStep = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        DefaultTimeStepSeconds = (defaultStep ?? TimeSpan.FromSeconds(1)).TotalSeconds;
        Random = random;
        StartDate = initialDateTime;
        kind = initialDateTime.Kind;
        isPlain = GetType() == typeof(Simulation);
        Starts = new(this);
        Queue.AdvanceTo(initialDateTime.Ticks);
    }

    public event EventHandler? RunStarted;
    public event EventHandler? RunFinished;

    protected double DefaultTimeStepSeconds { get; }

    /// <summary>Steps since the start date.</summary>
    public double NowD => ToDouble(Now - StartDate);

    public virtual DateTime Now
    {
        get => new(Queue.Now, kind);
        protected set => Queue.AdvanceTo(value.Ticks);
    }

    public DateTime StartDate { get; protected set; }

    protected IRandom Random { get; set; }

    /// <summary>The process whose body runs; null between bodies.</summary>
    public Process? ActiveProcess { get; set; }

    /// <summary>Where <see cref="Log"/> writes; the console unless set.</summary>
    public TextWriter? Logger { get; set; } = Console.Out;

    /// <summary>Events processed by runs; throws OverflowException when it does not fit.</summary>
    public int ProcessedEvents
    {
        get => checked((int)Processed);
        protected set => Processed = value;
    }

    protected EventQueue ScheduleQ => Queue;

    internal EventQueue Queue { get; } = new(64);

    internal long Processed { get; set; }

    internal int Seed { get; private set; }

    internal Action<Resumption>? Tracer { get; set; }

    internal StallWatch? Watch { get; set; }

    /// <summary>Above 0 while something is left to be called when the body that runs has come to its next wait, and outside of runs.</summary>
    internal int CallbacksLeft { get; set; } = 1;

    /// <summary>For processes to come.</summary>
    internal SpareStarts Starts { get; }

    /// <summary>The current time, by the short way where no derived class has a say in it.</summary>
    internal DateTime Instant => isPlain ? new(Queue.Now, kind) : Now;

    internal Dictionary<string, RandomStream> Streams { get; } = [];

    /// <summary>Steps in a span.</summary>
    public double ToDouble(TimeSpan span) => span.TotalSeconds / DefaultTimeStepSeconds;

    /// <summary>A span of so many steps, truncated to ticks.</summary>
    public TimeSpan ToTimeSpan(double span) => TimeSpan.FromSeconds(DefaultTimeStepSeconds * span);

    /// <summary>Starts a process at the current time, after what is already scheduled for it with this priority.</summary>
    public Process Process(IEnumerable<Event> generator, int priority = 0) => new(this, generator, priority);

    public Timeout TimeoutD(double delay, int priority = 0) => Timeout(ToTimeSpan(delay), priority);

    public Timeout Timeout(TimeSpan delay, int priority = 0)
    {
        if (!isPlain || priority != 0 || delay < TimeSpan.Zero) return new(this, delay, priority: priority);
        var timeout = new Timeout(this);
        Queue.AddUnranked(Later(delay.Ticks), timeout);
        return timeout;
    }

    public Timeout TimeoutD(IRandom random, IDistribution<double> duration)
    {
        ArgumentNullException.ThrowIfNull(duration);
        return TimeoutD(duration.Sample(random));
    }

    public Timeout TimeoutD(IDistribution<double> duration) => TimeoutD(Random, duration);

    public Timeout Timeout(IRandom random, IDistribution<TimeSpan> duration)
    {
        ArgumentNullException.ThrowIfNull(duration);
        return Timeout(duration.Sample(random));
    }

    public Timeout Timeout(IDistribution<TimeSpan> duration) => Timeout(Random, duration);

    /// <summary>Back to the start date, with nothing scheduled.</summary>
    public virtual void Reset(int randomSeed)
    {
        Queue.Clear();
        Queue.AdvanceTo(StartDate.Ticks);
        Processed = 0;
        ActiveProcess = null;
        Random = new PcgRandom(randomSeed);
        Seed = randomSeed;
        Streams.Clear();
        Watch?.Clear();
    }

    public virtual void ScheduleD(double delay, Event @event) => Schedule(ToTimeSpan(delay), @event);

    /// <summary>Has an event processed at the current time, after what is already scheduled for it with this priority.</summary>
    public virtual void Schedule(Event @event, int priority = 0)
    {
        if (isPlain) Queue.Add(Queue.Now, @event, priority);
        else DoSchedule(Now, @event, priority);
    }

    /// <summary>The same, by the short way where no derived class wants to know.</summary>
    internal void ScheduleNow(Event @event, int priority)
    {
        if (isPlain & priority == 0) Queue.AddNow(@event);
        else Schedule(@event, priority);
    }

    /// <summary>Has an event processed after a delay. Throws ArgumentException for a negative one, ArgumentOutOfRangeException past the year 9999.</summary>
    public virtual void Schedule(TimeSpan delay, Event @event, int priority = 0)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentException(NegativeDelay(delay.Ticks), nameof(delay));
        if (isPlain) Queue.Add(Later(delay.Ticks), @event, priority);
        else DoSchedule(Now + delay, @event, priority);
    }

    /// <summary>What both forms of Schedule come down to in a derived class.</summary>
    protected virtual EventQueueNode DoSchedule(DateTime date, Event @event, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return Queue.Enqueue(date, @event, priority);
    }

    /// <summary>Runs for so many steps from now, or until nothing is scheduled.</summary>
    public virtual object? RunD(double? until = null) => until is { } steps ? Run(Now + ToTimeSpan(steps)) : Run();

    /// <summary>Runs for a span from now.</summary>
    public virtual object? Run(TimeSpan span) => Run(Now + span);

    /// <summary>
    /// Runs to a time, which is then the current one, whether or not anything is scheduled for it. Events at just that time are left, unless
    /// their priority is below 0. Throws InvalidOperationException unless the time lies ahead.
    /// </summary>
    public virtual object? Run(DateTime until)
    {
        if (until <= Now) throw new InvalidOperationException(Said(string.Create(CultureInfo.InvariantCulture, $"A run must end in the future, not at tick {(until - StartDate).Ticks}")));
        stopRequested = false;
        OnRunStarted();
        Queue.Horizon = until.Ticks;
        try
        {
            Go();
        }
        catch (StopSimulationException stop)
        {
            OnRunFinished();
            return stop.Value;
        }
        finally
        {
            Queue.Horizon = long.MaxValue;
        }
        if (!stopRequested) Now = until;
        OnRunFinished();
        ReportStall();
        return null;
    }

    /// <summary>
    /// Runs until an event is processed, and returns its value; without one, until nothing is scheduled.
    /// Throws InvalidOperationException when nothing is scheduled and the event has not happened.
    /// </summary>
    public virtual object? Run(Event? stopEvent = null)
    {
        stopRequested = false;
        if (stopEvent is not null)
        {
            if (stopEvent.IsProcessed) return stopEvent.Value;
            stopEvent.AddCallback(StopSimulation);
        }
        OnRunStarted();
        try
        {
            Go();
        }
        catch (StopSimulationException stop)
        {
            OnRunFinished();
            return stop.Value;
        }
        finally
        {
            // Else the event would end a later run.
            if (stopEvent is { IsProcessed: false }) stopEvent.RemoveCallback(StopSimulation);
        }
        OnRunFinished();
        ReportStall();
        if (stopEvent is null || stopRequested) return null;
        throw new InvalidOperationException(Said($"Nothing is scheduled any more, but the {stopEvent.Description} to run for has not happened") + (Watch is null ? "" : $"\n{Watch.Stall()}"));
    }

    /// <summary>Ends the run after the current event. May be called from any thread.</summary>
    public virtual void StopAsync() => stopRequested = true;

    protected void OnRunStarted() => RunStarted?.Invoke(this, EventArgs.Empty);

    protected void OnRunFinished() => RunFinished?.Invoke(this, EventArgs.Empty);

    /// <summary>Processes the next event. Throws InvalidOperationException when there is none.</summary>
    public virtual void Step()
    {
        var next = Queue.Take() ?? throw new InvalidOperationException(Said("No event is scheduled"));
        next.Process();
    }

    /// <summary>The time of the next event in steps since the start date, or double.MaxValue.</summary>
    public virtual double PeekD() => Queue.Count == 0 ? double.MaxValue : ToDouble(Peek() - StartDate);

    /// <summary>The time of the next event, or DateTime.MaxValue.</summary>
    public virtual DateTime Peek() => Queue.TryPeek(out var time) ? new(time, kind) : DateTime.MaxValue;

    /// <summary>The callback of the event that a run waits for.</summary>
    protected virtual void StopSimulation(Event @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        throw new StopSimulationException(@event.Value);
    }

    /// <summary>Writes a line to the logger, formatted with the invariant culture.</summary>
    public virtual void Log(string message, params object?[] args) =>
        Logger?.WriteLine(args.Length == 0 ? message : string.Format(CultureInfo.InvariantCulture, message, args));

    public T Rand<T>(IDistribution<T> distribution)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        return distribution.Sample(Random);
    }

    public IEnumerable<T> Rand<T>(IDistribution<T> distribution, int count)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        return distribution.Sample(Random, count);
    }

    public bool TryRand<T>(IRejectionSampledDistribution<T> distribution, out T sample)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        return distribution.TrySample(Random, out sample);
    }

    /// <summary>Ticks after the current time, as a time. Throws ArgumentOutOfRangeException past the year 9999.</summary>
    internal long Later(long ticks, string name = "delay")
    {
        var now = Queue.Now;
        if (ticks > DateTime.MaxValue.Ticks - now) throw new ArgumentOutOfRangeException(name, Said($"A delay must end before the year 10000, and {ticks.ToString(CultureInfo.InvariantCulture)} ticks do not"));
        return now + ticks;
    }

    /// <summary>What there is to say of a negative delay.</summary>
    internal string NegativeDelay(long ticks) => Said($"A delay must not be negative, and {ticks.ToString(CultureInfo.InvariantCulture)} ticks are");

    /// <summary>Another number each time.</summary>
    internal int TakeNumber() => numbersTaken++;

    void ReportStall()
    {
        if (!stopRequested && Queue.Count == 0) Watch?.Report();
    }

    /// <summary>During a run, takes an event out of the queue and counts it if it is the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TakesNext(Event @event)
    {
        if (CallbacksLeft > 0 || stopRequested || !Queue.TakeIfNext(@event)) return false;
        Processed++;
        return true;
    }

    /// <summary>A message with the time, and the active process if it is not the one that the message is about.</summary>
    internal string Said(string message, Event? about = null)
    {
        var asking = ActiveProcess is null || ActiveProcess == about ? "" : $", asked by {ActiveProcess.Description}";
        return string.Create(CultureInfo.InvariantCulture, $"{message} (tick {Queue.Now - StartDate.Ticks}{asking}).");
    }

    void Go()
    {
        var outer = CallbacksLeft;
        try
        {
            CallbacksLeft = isPlain ? 0 : 1;
            while (isPlain ? ProcessSome() : StepNext()) { }
        }
        finally
        {
            CallbacksLeft = outer;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool ProcessSome()
    {
        for (var left = Batch; left > 0; left--)
        {
            if (stopRequested || Queue.Take() is not { } next) return false;
            next.ProcessSoon();
            Processed++;
        }
        return true;
    }

    bool StepNext()
    {
        if (stopRequested || !Queue.TryPeek(out _)) return false;
        Step();
        Processed++;
        return true;
    }
}
