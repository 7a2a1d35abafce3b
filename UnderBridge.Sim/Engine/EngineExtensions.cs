using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>What this engine offers beyond the interface it shares with SimSharp.</summary>
[SuppressMessage("Naming", "CA1708", Justification = "It takes blocks of extensions for members that differ by case alone.")]
public static class EngineExtensions
{
    extension(Simulation env)
    {
        /// <summary>Events processed by runs, at any number.</summary>
        public long EventCount => env.Processed;

        /// <summary>Ticks (cycles) since the start date.</summary>
        public long Ticks => env.Queue.Now - env.StartDate.Ticks;
    }

    extension(Process process)
    {
        /// <summary>The name of the process; null when it was given none.</summary>
        public string? Name => process.GivenName;
    }

    /// <summary>
    /// A delay in ticks (cycles), at priority 0, that allocates nothing. Keep no reference to one that a process has waited for to its end: it is used again.
    /// Throws ArgumentOutOfRangeException for a negative delay.
    /// </summary>
    public static Event Hold(this Simulation env, long ticks)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (ticks < 0) throw new ArgumentOutOfRangeException(nameof(ticks), env.NegativeDelay(ticks));
        var time = env.Later(ticks, nameof(ticks));
        var hold = Engine.Hold.Take(env);
        env.Queue.AddUnranked(time, hold);
        return hold;
    }

    /// <summary>
    /// Takes a timeout or hold that is not over out of the queue; false when it is over. It then is an event that has not been triggered:
    /// who waits for it goes on waiting. Throws ArgumentException for another kind of event.
    /// </summary>
    public static bool Cancel(this Event delay)
    {
        ArgumentNullException.ThrowIfNull(delay);
        if (delay is not (Timeout or Engine.Hold)) throw new ArgumentException(delay.Simulation.Said($"Only a timeout or a hold can be cancelled, not this {delay.Description}"), nameof(delay));
        if (!delay.IsPending || !delay.Simulation.Queue.Remove(delay)) return false;
        delay.Untrigger();
        (delay as Engine.Hold)?.Cancelled();
        return true;
    }

    /// <summary>Gives up waiting for an item; false when it has been handed over already, and then is the caller's.</summary>
    public static bool Withdraw(this StoreGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return get.LeaveLine();
    }

    /// <summary>Takes back an item that waits for room; false when it is in the store already.</summary>
    public static bool Withdraw(this StorePut put)
    {
        ArgumentNullException.ThrowIfNull(put);
        return put.LeaveLine();
    }

    /// <summary>Gives up waiting for an amount; false when it has been taken already, and then is the caller's.</summary>
    public static bool Withdraw(this ContainerGet get)
    {
        ArgumentNullException.ThrowIfNull(get);
        return get.LeaveLine();
    }

    /// <summary>Takes back an amount that waits for room; false when it is in the container already.</summary>
    public static bool Withdraw(this ContainerPut put)
    {
        ArgumentNullException.ThrowIfNull(put);
        return put.LeaveLine();
    }

    /// <summary>Gives up waiting for a resource; false when it has been granted already, and then must be released.</summary>
    public static bool Withdraw(this Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.IsTriggered || request.IsOver) return false;
        request.Dispose();
        return true;
    }

    /// <summary>The stream of random numbers with this name; depends on the seed of the simulation (0 when given a generator) and on nothing else.</summary>
    public static IRandom Stream(this Simulation env, string name)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (!env.Streams.TryGetValue(name, out var stream)) env.Streams.Add(name, stream = new(env.Seed, name));
        return stream;
    }

    /// <summary>Has a hook called each time a process goes on; null ends that.</summary>
    public static void Trace(this Simulation env, Action<Resumption>? hook)
    {
        ArgumentNullException.ThrowIfNull(env);
        env.Tracer = hook;
    }

    /// <summary>Gives a process the name that reports call it.</summary>
    public static Process Named(this Process process, string name)
    {
        ArgumentNullException.ThrowIfNull(process);
        process.GivenName = name;
        return process;
    }

    /// <summary>
    /// From now on remembers the processes created; when a run finds nothing scheduled while some of them wait, calls <paramref name="onStall"/>.
    /// A run for an event that cannot happen any more then says in its exception who waits.
    /// </summary>
    public static void WatchForStalls(this Simulation env, Action<StallReport>? onStall = null)
    {
        ArgumentNullException.ThrowIfNull(env);
        env.Watch = new(env, onStall);
    }

    /// <summary>Who waits now, of the processes created since <see cref="WatchForStalls"/>; throws InvalidOperationException without that.</summary>
    public static StallReport Waiting(this Simulation env)
    {
        ArgumentNullException.ThrowIfNull(env);
        return env.Watch?.Stall() ?? throw new InvalidOperationException("Call WatchForStalls before the processes are created.");
    }
}
