using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SimSharp;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// What the engine offers beyond SimSharp's interface, as far as the genuine package can give it. Compiled only with <c>-p:DesEngine=SimSharp</c>.
/// What it can not give is missing here, so that a model which uses it does not compile: cancelled timeouts, withdrawn puts and gets, the trace hook and the stall report.
/// </summary>
[SuppressMessage("Naming", "CA1708", Justification = "It takes blocks of extensions for members that differ by case alone.")]
public static class EngineExtensions
{
    static readonly ConditionalWeakTable<Simulation, Streams> streams = new();
    static readonly ConditionalWeakTable<Process, string> names = new();

    extension(Simulation env)
    {
        /// <summary>Events processed by runs, up to 2^32; the package counts them in an int that wraps around.</summary>
        public long EventCount => (uint)env.ProcessedEvents;

        /// <summary>Ticks (cycles) since the start date.</summary>
        public long Ticks => (env.Now - env.StartDate).Ticks;
    }

    extension(Process process)
    {
        /// <summary>The name of the process; null when it was given none.</summary>
        public string? Name => names.TryGetValue(process, out var name) ? name : null;
    }

    /// <summary>A delay in ticks (cycles), at priority 0. Throws ArgumentOutOfRangeException for a negative delay.</summary>
    public static Event Hold(this Simulation env, long ticks)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentOutOfRangeException.ThrowIfNegative(ticks);
        return env.Timeout(TimeSpan.FromTicks(ticks));
    }

    /// <summary>
    /// Gives up waiting for a resource; false when it has been granted already, and then must be released. Throws InvalidOperationException for a
    /// PriorityResource, which can not be left in the package, and for a request that was given up before.
    /// </summary>
    public static bool Withdraw(this Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.IsTriggered) return false;
        request.Dispose();
        return true;
    }

    /// <summary>
    /// The stream of random numbers with this name. The package does not tell the seed of a simulation: its generator gives one when the first stream is asked for,
    /// so the streams depend on what was drawn before that, and a reset does not start them again.
    /// </summary>
    public static IRandom Stream(this Simulation env, string name)
    {
        ArgumentNullException.ThrowIfNull(env);
        var (seed, known) = streams.GetValue(env, simulation => new(simulation.Rand(new UniformDiscrete(0, int.MaxValue)), []));
        if (!known.TryGetValue(name, out var stream)) known.Add(name, stream = new(seed, name));
        return stream;
    }

    /// <summary>Gives a process a name.</summary>
    public static Process Named(this Process process, string name)
    {
        names.AddOrUpdate(process, name);
        return process;
    }

    sealed record Streams(int Seed, Dictionary<string, RandomStream> Known);
}
