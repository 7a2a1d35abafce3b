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

    [Test]
    public void A_process_that_runs_far_ahead_shows_the_same_and_can_be_stopped()
    {
        var (run, stepped) = (Alone(stopAt: 2000), Alone(stopAt: int.MaxValue));
        run.Env.Run();
        for (var i = run.Env.EventCount; i > 0; i--) stepped.Env.Step();
        Assert.That(run.Log, Has.Count.EqualTo(2000));
        Assert.That(stepped.Log, Is.EqualTo(run.Log));

        static (Simulation Env, List<string> Log) Alone(int stopAt)
        {
            var (env, log) = (new Simulation(), new List<string>());
            var (store, resource) = (new Store(env), new Resource(env));
            env.Process(Body());
            return (env, log);

            IEnumerable<Event> Body()
            {
                for (var i = 0; i < 4000; i++)
                {
                    var next = (i % 5) switch
                    {
                        0 => env.Hold(i % 7),
                        1 => store.Put($"item {i}"),
                        2 => store.Get(),
                        3 => env.Timeout(Ticks(i % 3)),
                        _ => resource.Request(),
                    };
                    yield return next;
                    (next as Request)?.Dispose();
                    log.Add(string.Create(CultureInfo.InvariantCulture, $"{env.Ticks} {next.GetType().Name} {next.Value} {store.Count} {resource.InUse}"));
                    if (log.Count == stopAt) env.StopAsync();
                }
            }
        }
    }

    [Test]
    public void A_run_for_an_event_ends_with_it_though_a_process_waits_for_it_too()
    {
        var env = new Simulation();
        var shared = env.Timeout(Ticks(5));
        env.Process(Body());
        env.Run(Ticks(3));
        env.Run(shared);
        Assert.That(env.Ticks, Is.EqualTo(5));

        IEnumerable<Event> Body()
        {
            yield return shared;
            for (var i = 0; i < 3; i++) yield return env.Hold(10);
        }
    }

    [Test]
    public void A_callback_behind_a_process_is_called_before_that_has_gone_on_in_time()
    {
        var env = new Simulation();
        var (shared, seen) = (env.Timeout(Ticks(5)), -1L);
        env.Process(Body());
        env.Run(Ticks(3));
        shared.AddCallback(_ => seen = env.Ticks);
        env.Run();
        Assert.That((seen, env.Ticks), Is.EqualTo((5L, 15L)));

        IEnumerable<Event> Body()
        {
            yield return shared;
            yield return env.Hold(10);
        }
    }

    [Test]
    public void Who_waits_for_the_hold_of_another_goes_on_with_it()
    {
        var env = new Simulation();
        Event hold = null!;
        var went = new List<(string, long)>();
        env.Process(Owner());
        env.Process(Other());
        env.Run();
        Assert.That(went, Is.EquivalentTo(new[] { ("owner", 10L), ("other", 10L) }));

        IEnumerable<Event> Owner()
        {
            yield return env.Hold(0);
            hold = env.Hold(10);
            yield return env.Hold(0);
            yield return env.Hold(0);
            yield return hold;
            went.Add(("owner", env.Ticks));
        }

        IEnumerable<Event> Other()
        {
            yield return env.Hold(0);
            yield return env.Hold(0);
            yield return hold;
            went.Add(("other", env.Ticks));
        }
    }

    [Test]
    public void A_derived_event_ends_its_processing_before_the_body_has_moved_on_in_time()
    {
        var env = new Simulation();
        var done = new Told(env);
        env.Process(Body());
        env.Run();
        Assert.That(done.After, Is.EqualTo(1));

        IEnumerable<Event> Body()
        {
            yield return env.Hold(1);
            done.Succeed();
            yield return done;
            yield return env.Hold(50);
        }
    }

    [Test]
    public void A_long_relay_at_one_time_needs_no_deep_stack()
    {
        const int runners = 100_000;
        var env = new Simulation();
        var batons = Enumerable.Range(0, runners + 1).Select(_ => new Event(env)).ToArray();
        for (var i = 0; i < runners; i++) env.Process(Runner(i));
        batons[0].Succeed();
        env.Run();
        Assert.That(batons[^1].IsProcessed);

        IEnumerable<Event> Runner(int i)
        {
            yield return batons[i];
            batons[i + 1].Succeed();
            yield return batons[i + 1];
        }
    }

    [Test]
    public void An_event_put_between_two_buckets_comes_in_its_turn()
    {
        var env = new Simulation();
        var seen = new List<(string, long)>();
        At(1);
        At(10);
        for (var i = 0; i < 32; i++) At(1_000_000 - i);
        for (var i = 0; i < 60; i++) At(20_000 + 200 * i);
        At(32_779).AddCallback(_ => seen.Add(("last", env.Ticks)));
        At(32_700).AddCallback(_ =>
        {
            seen.Add(("first", env.Ticks));
            At(32_740).AddCallback(_ => seen.Add(("second", env.Ticks)));
            At(32_790).AddCallback(_ => seen.Add(("after", env.Ticks)));
        });
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { ("first", 32_700L), ("second", 32_740L), ("last", 32_779L), ("after", 32_790L) }));

        Event At(long tick) => env.Timeout(Ticks(tick - env.Ticks));
    }

    [Test]
    public void A_stopped_run_for_an_event_does_not_end_the_next()
    {
        var env = new Simulation();
        var late = env.Timeout(Ticks(9));
        env.Timeout(Ticks(2)).AddCallback(_ => env.StopAsync());
        env.Timeout(Ticks(23));
        env.Run(late);
        env.Run();
        Assert.That(env.Ticks, Is.EqualTo(23));
    }

    static TimeSpan Ticks(long ticks) => TimeSpan.FromTicks(ticks);

    sealed class Told(Simulation env) : Event(env)
    {
        public long After { get; private set; }

        public override void Process()
        {
            base.Process();
            After = Environment.Ticks;
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
        const int Turns = 14;

        public Func<Simulation, Store> Store { get; init; } = env => new Store(env, capacity: 2);
        public Func<Simulation, Resource> Resource { get; init; } = env => new Resource(env, capacity: 2);

        public void Start(Simulation env, int seed, List<string> log) => new Run(env, Store(env), Resource(env), seed, log).Start();

        sealed class Run(Simulation env, Store store, Resource resource, int seed, List<string> log)
        {
            readonly List<Process> processes = [];
            readonly List<UnderBridge.Sim.Engine.Timeout> timeouts = [];
            // Half of the models are quiet, so that a process often is alone with the next event.
            readonly int first = seed % 2 == 0 ? 5 : 2, most = seed % 2 == 0 ? 12 : 4, longest = seed % 2 == 0 ? 4 : 60;
            Event bell = new(env);
            Event shared = new(env);

            public void Start()
            {
                for (var i = 0; i < first; i++) Spawn();
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
                    switch (random.Next(17))
                    {
                        case 0: yield return env.Hold(random.Next(longest)); break;
                        case 1: yield return env.Hold(0); break;
                        case 2: yield return shared = Noted(who, env.Timeout(TimeSpan.FromTicks(random.Next(longest)))); break;
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
                            if (processes.Count < most) Spawn();
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
                        case 12:
                            shared = env.Timeout(TimeSpan.FromTicks(random.Next(longest)));
                            yield return env.Hold(random.Next(longest));
                            break;
                        case 13:
                            if (shared is UnderBridge.Sim.Engine.Timeout { IsProcessed: false } timed)
                            {
                                timed.AddCallback(_ => Say(who, "is behind"));
                                yield return timed;
                            }
                            break;
                        case 14:
                            if (processes[random.Next(processes.Count)] is var child && child != env.ActiveProcess) yield return child | env.Hold(longest);
                            break;
                        case 15:
                            Observe(who, random.Next(8));
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

            // From here on there are no short ways. Who watches sees the active process too.
            void Observe(int who, int what)
            {
                var monitor = new TimeSeriesMonitor(env);
                monitor.Updated += (_, _) => Say(who, string.Create(CultureInfo.InvariantCulture, $"sees {monitor.Current}"));
                if (what == 0) store.GetQueueLength = monitor;
                else if (what == 1) resource.QueueLength = monitor;
                else if (what == 2) store.WhenAny().AddCallback(_ => Say(who, "sees an item"));
                else if (what == 3) resource.WhenChange().AddCallback(_ => Say(who, "sees a change"));
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
