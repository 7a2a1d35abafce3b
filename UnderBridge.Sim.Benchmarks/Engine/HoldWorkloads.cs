namespace UnderBridge.Sim.Benchmarks;

/// <summary>The same models with <c>Hold</c> in place of timeouts.</summary>
static class HoldWorkloads
{
    static readonly ExponentialTime second = new(TimeSpan.FromSeconds(1));

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("tick", "hold", 10_000_000, Tick),
        new("hold-1k", "hold", 4_000_000, n => Workloads.Waiting(1_000, n, Hold)),
        new("hold-100k", "hold", 4_000_000, n => Workloads.Waiting(100_000, n, Hold)),
    ];

    static Event Hold(Simulation env) => env.Hold(env.Rand(second).Ticks);

    static Simulation Tick(int holds)
    {
        var env = new Simulation(randomSeed: 1);
        env.Process(Clock());
        return env;

        IEnumerable<Event> Clock()
        {
            for (var i = 0; i < holds; i++) yield return env.Hold(1);
        }
    }
}
