using System.Globalization;
using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// The engine leaves steps out where nobody can see it: a process whose event is the next to come goes on at once, and plain stores and resources take a short way.
/// Random models must not be able to tell.
/// </summary>
public class ShortWayTests
{
    const int Models = 300;

    [Test]
    public void A_run_shows_the_same_as_one_step_after_the_other() => Same(Play(new Model(seed => new Simulation(seed)), env => env.Run()), Play(new Model(seed => new Simulation(seed)), Step));

    [Test]
    public void Many_short_runs_show_the_same_as_one() => Same(Play(new Model(seed => new Simulation(seed)), env => env.Run()), Play(new Model(seed => new Simulation(seed)), env =>
    {
        while (env.Peek() != DateTime.MaxValue) env.Run(TimeSpan.FromTicks(3));
    }));

    [Test]
    public void A_derived_simulation_shows_the_same() => Same(Play(new Model(seed => new Simulation(seed)), env => env.Run()), Play(new Model(seed => new Derived(seed)), env => env.Run()));

    [Test]
    public void Derived_stores_and_resources_show_the_same() =>
        Same(Play(new Model(seed => new Simulation(seed)), env => env.Run()), Play(new Model(seed => new Simulation(seed)) { Store = env => new OwnStore(env), Resource = env => new OwnResource(env) }, env => env.Run()));

    [Test]
    public void Monitored_stores_and_resources_show_the_same() =>
        Same(Play(new Model(seed => new Simulation(seed)), env => env.Run()), Play(new Model(seed => new Simulation(seed))
        {
            Store = env => new Store(env, capacity: 2) { WIP = new TimeSeriesMonitor(env) },
            Resource = env => new Resource(env, capacity: 2) { WaitingTime = new SampleMonitor() },
        }, env => env.Run()));

    [Test]
    public void A_run_counts_as_many_events_as_there_are_steps()
    {
        for (var seed = 1; seed <= Models; seed++)
        {
            var (run, stepped) = (new Simulation(seed), new Simulation(seed));
            new Model(s => new Simulation(s)).Start(run, seed, []);
            new Model(s => new Simulation(s)).Start(stepped, seed, []);
            run.Run();
            Assert.That(run.EventCount, Is.EqualTo(Step(stepped)), $"seed {seed}");
        }
    }

    static IEnumerable<(int Seed, List<string> Log)> Play(Model model, Action<Simulation> run)
    {
        for (var seed = 1; seed <= Models; seed++)
        {
            var log = new List<string>();
            var env = model.Make(seed);
            model.Start(env, seed, log);
            run(env);
            log.Add("end");
            yield return (seed, log);
        }
    }

    static IEnumerable<(int Seed, List<string> Log)> Play(Model model, Func<Simulation, long> run) => Play(model, env => { run(env); });

    static void Same(IEnumerable<(int Seed, List<string> Log)> one, IEnumerable<(int Seed, List<string> Log)> other)
    {
        var lines = 0;
        foreach (var (a, b) in one.Zip(other))
        {
            Assert.That(b.Log, Is.EqualTo(a.Log), $"seed {a.Seed}");
            lines += a.Log.Count;
        }
        Assert.That(lines, Is.GreaterThan(20 * Models), "the models do something");
    }

    static long Step(Simulation env)
    {
        var steps = 0L;
        for (; env.Peek() != DateTime.MaxValue; steps++) env.Step();
        return steps;
    }

    sealed class Derived(int seed) : Simulation(seed);

    sealed class OwnStore(Simulation env) : Store(env, capacity: 2);

    sealed class OwnResource(Simulation env) : Resource(env, capacity: 2);

    /// <summary>Some processes that wait, hand things over, share, interrupt and start each other, by a stream of numbers of their own each.</summary>
    sealed record Model(Func<int, Simulation> Make)
    {
        const int First = 5, Most = 12, Turns = 14;

        public Func<Simulation, Store> Store { get; init; } = env => new Store(env, capacity: 2);
        public Func<Simulation, Resource> Resource { get; init; } = env => new Resource(env, capacity: 2);

        public void Start(Simulation env, int seed, List<string> log) => new Run(env, Store(env), Resource(env), seed, log).Start();

        sealed class Run(Simulation env, Store store, Resource resource, int seed, List<string> log)
        {
            readonly List<Process> processes = [];
            readonly List<UnderBridge.Sim.Engine.Timeout> timeouts = [];
            Event bell = new(env);

            public void Start()
            {
                for (var i = 0; i < First; i++) Spawn();
            }

            void Spawn() => processes.Add(env.Process(Body(processes.Count), priority: processes.Count % 4 == 3 ? 1 : 0));

            void Say(int who, string what) =>
                log.Add(string.Create(CultureInfo.InvariantCulture, $"{env.Ticks} {who} {what} {(env.ActiveProcess is { } p ? processes.IndexOf(p) : -1)} {store.Count} {resource.InUse} {(env.ActiveProcess?.Value is string s ? s : "")}"));

            IEnumerable<Event> Body(int who)
            {
                var random = new RandomStream(seed, $"process {who}");
                if (env.ActiveProcess!.HandleFault()) Say(who, "interrupted before it began");
                for (var turn = 0; turn < Turns; turn++)
                {
                    switch (random.Next(13))
                    {
                        case 0: yield return env.Hold(random.Next(4)); break;
                        case 1: yield return env.Hold(0); break;
                        case 2: yield return Noted(who, env.Timeout(TimeSpan.FromTicks(random.Next(5)))); break;
                        case 3: yield return env.Timeout(TimeSpan.FromTicks(random.Next(3)), random.Next(3) - 1); break;
                        case 4: yield return store.Put($"item {who}.{turn}") | env.Timeout(TimeSpan.FromTicks(4)); break;
                        case 5: yield return store.Get() | env.Hold(3); break;
                        case 6:
                            using (var request = resource.Request())
                            {
                                yield return request | env.Timeout(TimeSpan.FromTicks(2));
                                Say(who, "asked");
                                if (env.ActiveProcess!.HandleFault()) break;
                                if (request.IsTriggered) yield return env.Hold(random.Next(4));
                            }
                            break;
                        case 7:
                            if (processes[random.Next(processes.Count)] is { IsTriggered: false } other && other != env.ActiveProcess) other.Interrupt($"cause {who}.{turn}", random.Next(2));
                            break;
                        case 8:
                            if (processes.Count < Most) Spawn();
                            break;
                        case 9:
                            bell.Succeed($"bell {who}.{turn}");
                            bell = new Event(env);
                            break;
                        case 10: yield return bell | Noted(who, env.Timeout(TimeSpan.FromTicks(6))); break;
                        case 11:
                            if (timeouts.Count > 0) Say(who, timeouts[random.Next(timeouts.Count)].Cancel() ? "cancelled" : "too late");
                            yield return env.Hold(1);
                            break;
                        default:
                            var put = store.Put($"loose {who}.{turn}");
                            yield return env.Hold(random.Next(3)) & env.Hold(random.Next(3));
                            Say(who, put.Withdraw() ? "withdrawn" : "there");
                            break;
                    }
                    Say(who, env.ActiveProcess!.HandleFault() ? "interrupted" : "goes on");
                }
            }

            UnderBridge.Sim.Engine.Timeout Noted(int who, UnderBridge.Sim.Engine.Timeout timeout)
            {
                timeouts.Add(timeout);
                timeout.AddCallback(_ => Say(who, "sees its timeout"));
                return timeout;
            }
        }
    }
}
