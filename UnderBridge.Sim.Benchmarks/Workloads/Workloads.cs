namespace UnderBridge.Sim.Benchmarks;

/// <summary>
/// Models that use nothing but the interface of SimSharp, so they compile unchanged against any engine that has it. Delays are
/// exponential with a mean of a second, which is 10 million ticks: hardly two events share a time.
/// </summary>
static class Workloads
{
    const double Load = 0.8;

    static readonly ExponentialTime second = new(TimeSpan.FromSeconds(1));
    static readonly ExponentialTime service = new(Load * TimeSpan.FromSeconds(1));

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("tick", "timeout", 10_000_000, Tick),
        new("hold-1k", "timeout", 4_000_000, n => Waiting(1_000, n, env => env.Timeout(second))),
        new("hold-100k", "timeout", 4_000_000, n => Waiting(100_000, n, env => env.Timeout(second))),
        new("mm1", "customer", 1_000_000, Queue),
        new("ping-pong", "round trip", 1_000_000, PingPong),
    ];

    /// <summary>Many processes that do nothing but wait, at a time when all have begun to.</summary>
    internal static Simulation Waiting(int processes, int waits, Func<Simulation, Event> wait)
    {
        var env = new Simulation(randomSeed: 1);
        var left = int.MaxValue;
        for (var i = 0; i < processes; i++) env.Process(Body());
        env.Run(TimeSpan.FromSeconds(1));
        left = waits;
        return env;

        IEnumerable<Event> Body()
        {
            while (left-- > 0) yield return wait(env);
        }
    }

    static Simulation Tick(int timeouts)
    {
        var env = new Simulation(randomSeed: 1);
        env.Process(Clock());
        return env;

        IEnumerable<Event> Clock()
        {
            var tick = TimeSpan.FromTicks(1);
            for (var i = 0; i < timeouts; i++) yield return env.Timeout(tick);
        }
    }

    static Simulation Queue(int customers)
    {
        var env = new Simulation(randomSeed: 1);
        var server = new Resource(env, capacity: 1);
        env.Process(Source());
        return env;

        IEnumerable<Event> Source()
        {
            for (var i = 0; i < customers; i++)
            {
                env.Process(Customer());
                yield return env.Timeout(second);
            }
        }

        IEnumerable<Event> Customer()
        {
            using var request = server.Request();
            yield return request;
            yield return env.Timeout(service);
        }
    }

    static Simulation PingPong(int roundTrips)
    {
        var env = new Simulation(randomSeed: 1);
        Store there = new(env), back = new(env);
        var ball = new object();
        env.Process(Client());
        env.Process(Server());
        return env;

        IEnumerable<Event> Client()
        {
            for (var i = 0; i < roundTrips; i++)
            {
                yield return there.Put(ball);
                yield return back.Get();
            }
        }

        IEnumerable<Event> Server()
        {
            while (true)
            {
                yield return there.Get();
                yield return back.Put(ball);
            }
        }
    }
}
