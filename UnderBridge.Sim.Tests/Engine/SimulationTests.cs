using UnderBridge.Sim.Engine;
using Timeout = UnderBridge.Sim.Engine.Timeout;

namespace UnderBridge.Sim.Tests;

public class SimulationTests
{
    readonly Simulation env = new();
    readonly List<string> seen = [];

    [SetUp]
    public void Start()
    {
        env.Reset(0);
        seen.Clear();
    }

    static TimeSpan Ticks(long n) => TimeSpan.FromTicks(n);

    IEnumerable<Event> Say(string what, params Event[] after)
    {
        foreach (var e in after) yield return e;
        seen.Add(what);
        yield break;
    }

    IEnumerable<Event> SayAfter(string what, long ticks, int priority = 0)
    {
        yield return env.Timeout(Ticks(ticks), priority);
        seen.Add(what);
    }

    [Test]
    public void The_clock_starts_at_1970_in_steps_of_a_second()
    {
        Assert.That(env.Now, Is.EqualTo(new DateTime(1970, 1, 1)));
        Assert.That(env.ToTimeSpan(2.5), Is.EqualTo(TimeSpan.FromSeconds(2.5)));
        Assert.That(env.ToDouble(TimeSpan.FromMinutes(1)), Is.EqualTo(60.0));
    }

    [Test]
    public void A_start_date_keeps_its_kind()
    {
        var utc = new Simulation(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        utc.Run(Ticks(5));
        Assert.That(utc.Now.Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(utc.Now, Is.EqualTo(utc.StartDate + Ticks(5)));
    }

    [Test]
    public void A_delay_in_steps_is_truncated_to_ticks()
    {
        env.TimeoutD(1e-8);
        env.Run();
        Assert.That(env.Ticks, Is.Zero);
        env.TimeoutD(1.99e-7);
        env.Run();
        Assert.That(env.Ticks, Is.EqualTo(1));
    }

    [Test]
    public void Delays_in_ticks_are_exact()
    {
        for (var n = 0; n <= 100_000; n += 7)
        {
            var before = env.Ticks;
            env.Timeout(Ticks(n));
            env.Run();
            Assert.That(env.Ticks - before, Is.EqualTo(n));
        }
    }

    // How many of the delays of 0 to 100,000 steps are not that many steps long, as counted on SimSharp 3.4.2.
    [TestCase(10_000_000, 0)]
    [TestCase(10_000, 0)]
    [TestCase(10, 28_651)]
    [TestCase(1, 26_444)]
    public void Delays_in_steps_are_exact_down_to_a_millisecond_and_below_that_short_by_a_tick_for_a_quarter(long ticksOfStep, int expected)
    {
        var sim = new Simulation(Ticks(ticksOfStep));
        var errors = Enumerable.Range(0, 100_001).Select(n => sim.ToTimeSpan(n).Ticks - n * ticksOfStep).Where(error => error != 0).ToArray();
        Assert.That(errors, Has.Length.EqualTo(expected).And.All.EqualTo(-1));
    }

    [Test]
    public void A_delay_beyond_the_year_9999_is_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => env.Timeout(TimeSpan.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => env.Hold(long.MaxValue));
        env.Timeout(DateTime.MaxValue - env.Now);
        env.Run();
        Assert.That(env.Now, Is.EqualTo(DateTime.MaxValue));
    }

    [Test]
    public void A_negative_delay_is_refused()
    {
        Assert.Throws<ArgumentException>(() => env.Timeout(Ticks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => env.Hold(-1));
    }

    [Test]
    public void Events_of_one_time_come_by_priority_and_then_in_the_order_of_insertion()
    {
        env.Process(SayAfter("late", 5, 1));
        env.Process(SayAfter("first", 5));
        env.Process(SayAfter("second", 5));
        env.Process(SayAfter("early", 5, -1));
        env.Process(SayAfter("earliest", 5, -2));
        env.Process(SayAfter("before", 4, 7));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "before", "earliest", "early", "first", "second", "late" }));
    }

    [Test]
    public void An_event_triggered_now_comes_after_those_scheduled_for_now_before()
    {
        var now = new Event(env);
        env.Process(Say("triggered", now));
        env.Process(Trigger());
        env.Process(SayAfter("scheduled", 5));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "scheduled", "triggered" }));

        IEnumerable<Event> Trigger()
        {
            yield return env.Timeout(Ticks(5));
            now.Succeed();
        }
    }

    [Test]
    public void A_priority_below_0_overtakes_and_one_above_0_lets_pass_at_the_current_time()
    {
        Event[] events = [new(env), new(env), new(env)];
        events[0].AddCallback(_ => seen.Add("above"));
        events[1].AddCallback(_ => seen.Add("zero"));
        events[2].AddCallback(_ => seen.Add("below"));
        events[0].Succeed(priority: 1);
        events[1].Succeed();
        events[2].Succeed(priority: -1);
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "below", "zero", "above" }));
    }

    [Test]
    public void Events_at_just_the_end_of_a_run_are_left_unless_their_priority_is_below_0()
    {
        env.Process(SayAfter("zero", 10));
        env.Process(SayAfter("below", 10, -1));
        env.Process(SayAfter("before", 9));
        env.Run(Ticks(10));
        Assert.That(seen, Is.EqualTo(new[] { "before", "below" }));
        Assert.That(env.Ticks, Is.EqualTo(10));
        env.Run();
        Assert.That(seen, Has.Count.EqualTo(3));
        Assert.That(env.Ticks, Is.EqualTo(10));
    }

    [Test]
    public void Events_at_the_end_of_a_run_keep_their_order_with_those_that_the_next_run_adds()
    {
        env.Process(SayAfter("old", 10));
        env.Run(Ticks(10));
        env.Process(Say("new"));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "old", "new" }));
    }

    [Test]
    public void A_run_to_a_time_advances_the_clock_with_nothing_scheduled()
    {
        env.Run(env.StartDate + Ticks(100));
        Assert.That(env.Ticks, Is.EqualTo(100));
        Assert.That(env.ProcessedEvents, Is.Zero);
    }

    [Test]
    public void A_run_to_a_time_that_does_not_lie_ahead_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => env.Run(env.Now));
        Assert.Throws<InvalidOperationException>(() => env.Run(TimeSpan.FromTicks(-1)));
    }

    [Test]
    public void RunD_counts_from_now()
    {
        env.RunD(2);
        env.RunD(3);
        Assert.That(env.NowD, Is.EqualTo(5.0));
    }

    [Test]
    public void A_run_for_an_event_returns_its_value_at_once_when_it_is_over()
    {
        var process = env.Process(SayAfter("done", 10));
        var stop = env.Timeout(Ticks(3));
        var answer = new Timeout(env, Ticks(7), "answer");
        Assert.That(env.Run(answer), Is.EqualTo("answer"));
        Assert.That(env.Ticks, Is.EqualTo(7));
        Assert.That(env.Run(stop), Is.Null);
        Assert.That(env.Ticks, Is.EqualTo(7));
        env.Run(process);
        Assert.That(env.Ticks, Is.EqualTo(10));
    }

    [Test]
    public void A_run_for_an_event_that_cannot_happen_is_refused()
    {
        env.Timeout(Ticks(3));
        Assert.Throws<InvalidOperationException>(() => env.Run(new Event(env)));
        Assert.That(env.Ticks, Is.EqualTo(3));
    }

    [Test]
    public void The_event_that_ends_a_run_is_not_counted()
    {
        var stop = env.Timeout(Ticks(3));
        env.Timeout(Ticks(2));
        env.Run(stop);
        Assert.That(env.ProcessedEvents, Is.EqualTo(1));
        env.Timeout(Ticks(2));
        env.Run(Ticks(5));
        Assert.That(env.ProcessedEvents, Is.EqualTo(2));
        Assert.That(env.EventCount, Is.EqualTo(2L));
    }

    [Test]
    public void Events_are_counted_beyond_what_an_int_holds()
    {
        env.Processed = int.MaxValue;
        Assert.That(env.ProcessedEvents, Is.EqualTo(int.MaxValue));
        env.Timeout(Ticks(1));
        env.Run();
        Assert.That(env.EventCount, Is.EqualTo(2_147_483_648));
        Assert.Throws<OverflowException>(() => _ = env.ProcessedEvents);
    }

    [Test]
    public void A_stopped_run_can_be_taken_up_again()
    {
        env.Timeout(Ticks(3)).AddCallback(_ => env.StopAsync());
        env.Process(SayAfter("later", 4));
        env.Run(Ticks(100));
        Assert.That(env.Ticks, Is.EqualTo(3));
        Assert.That(seen, Is.Empty);
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "later" }));
        Assert.That(env.Ticks, Is.EqualTo(4), "no trace of the end of the stopped run is left");
    }

    [Test]
    public void Peek_and_step_follow_the_queue()
    {
        Assert.That(env.Peek(), Is.EqualTo(DateTime.MaxValue));
        Assert.That(env.PeekD(), Is.EqualTo(double.MaxValue));
        Assert.Throws<InvalidOperationException>(() => env.Step());
        env.TimeoutD(2, 1);
        env.TimeoutD(3);
        Assert.That(env.PeekD(), Is.EqualTo(2.0));
        env.Step();
        Assert.That(env.NowD, Is.EqualTo(2.0));
        Assert.That(env.PeekD(), Is.EqualTo(3.0));
    }

    [Test]
    public void Runs_announce_their_start_and_end()
    {
        var started = 0;
        var finished = 0;
        var sim = new Simulation();
        sim.RunStarted += (_, _) => started++;
        sim.RunFinished += (_, _) => finished++;
        sim.Run();
        sim.RunD(1);
        Assert.That((started, finished), Is.EqualTo((2, 2)));
    }

    [Test]
    public void The_log_goes_to_the_logger()
    {
        using var text = new StringWriter();
        var sim = new Simulation { Logger = text };
        sim.Log("{0:0.0} and {1}", 1.5, "x");
        sim.Log("{}");
        Assert.That(text.ToString().Split(text.NewLine), Is.EqualTo(new[] { "1.5 and x", "{}", "" }));
    }

    [Test]
    public void A_derived_class_sees_every_schedule_and_every_step()
    {
        var sim = new Recording();
        sim.Process(Body());
        sim.Run(Ticks(100));
        Assert.That(sim.Scheduled, Is.EqualTo(4), "start, timeout, interrupting event, end");
        Assert.That(sim.Steps, Is.EqualTo(4));
        Assert.That(sim.ProcessedEvents, Is.EqualTo(4));
        Assert.That(sim.Now, Is.EqualTo(sim.StartDate + Ticks(100)));

        IEnumerable<Event> Body()
        {
            yield return sim.Timeout(Ticks(5));
            var e = new Event(sim);
            e.Succeed();
            yield return e;
        }
    }

    [Test]
    public void A_failure_in_a_body_comes_out_of_the_run_and_the_simulation_can_go_on()
    {
        var faulty = env.Process(Fault());
        env.Process(SayAfter("after", 5));
        var thrown = Assert.Throws<NotSupportedException>(() => env.Run());
        Assert.That(thrown.Message, Is.EqualTo("body"));
        Assert.That(env.ActiveProcess, Is.SameAs(faulty), "who did it");
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "after" }));

        IEnumerable<Event> Fault()
        {
            yield return env.Timeout(Ticks(1));
            throw new NotSupportedException("body");
        }
    }

    sealed class Recording : Simulation
    {
        public int Scheduled { get; private set; }
        public int Steps { get; private set; }

        protected override EventQueueNode DoSchedule(DateTime date, Event @event, int priority = 0)
        {
            Scheduled++;
            return base.DoSchedule(date, @event, priority);
        }

        public override void Step()
        {
            Steps++;
            base.Step();
        }
    }
}
