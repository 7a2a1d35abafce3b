using UnderBridge.Sim.Engine;
using Timeout = UnderBridge.Sim.Engine.Timeout;

namespace UnderBridge.Sim.Tests;

public class ProcessTests
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

    void Say(string what) => seen.Add($"{env.Ticks} {what}");

    [Test]
    public void A_process_never_starts_inside_its_creation()
    {
        env.Process(Body("first"));
        env.Process(Body("second"));
        env.Process(Body("urgent"), -1);
        Assert.That(seen, Is.Empty);
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 urgent", "0 first", "0 second" }));

        IEnumerable<Event> Body(string name)
        {
            Say(name);
            yield break;
        }
    }

    [Test]
    public void A_processed_event_is_passed_over_without_an_event_and_without_time()
    {
        var past = env.Timeout(Ticks(1));
        env.Run();
        env.Process(Body());
        var before = env.ProcessedEvents;
        env.Run();
        Assert.That(env.ProcessedEvents - before, Is.EqualTo(2), "start and end");
        Assert.That(seen, Is.EqualTo(new[] { "1 on" }));

        IEnumerable<Event> Body()
        {
            yield return past;
            yield return past;
            Say("on");
        }
    }

    [Test]
    public void A_triggered_event_is_waited_for_until_it_is_processed()
    {
        env.Process(Waiter());
        env.Process(Other());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 other", "0 waiter" }));

        IEnumerable<Event> Waiter()
        {
            var e = new Event(env);
            e.Succeed();
            yield return e;
            Say("waiter");
        }

        IEnumerable<Event> Other()
        {
            Say("other");
            yield break;
        }
    }

    [Test]
    public void A_process_ends_with_the_value_of_its_last_event()
    {
        var process = env.Process(Body());
        Assert.That(env.Run(process), Is.EqualTo("last"));

        IEnumerable<Event> Body()
        {
            yield return new Timeout(env, Ticks(1), "first");
            yield return new Timeout(env, Ticks(1), "last");
        }
    }

    [Test]
    public void The_end_of_a_process_is_an_event_after_what_is_already_scheduled_for_its_time()
    {
        var process = env.Process(Body());
        process.AddCallback(_ => Say("end"));
        env.Timeout(Ticks(3)).AddCallback(_ => Say("neighbour"));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "3 neighbour", "3 body", "3 later", "3 end" }));

        IEnumerable<Event> Body()
        {
            yield return env.Timeout(Ticks(3));
            Say("body");
            var later = new Event(env);
            later.AddCallback(_ => Say("later"));
            later.Succeed();
            Assert.That(env.ActiveProcess!.IsAlive);
        }
    }

    [Test]
    public void A_result_given_in_the_body_ends_the_process_whatever_follows()
    {
        var process = env.Process(Body());
        Assert.That(env.Run(process), Is.EqualTo(42));
        env.Run();
        Assert.That(seen, Is.Empty);

        IEnumerable<Event> Body()
        {
            yield return env.Timeout(Ticks(1));
            env.ActiveProcess!.Succeed(42);
            yield return env.Timeout(Ticks(1));
            Say("never");
        }
    }

    [Test]
    public void The_value_of_a_process_follows_that_of_its_target()
    {
        var process = env.Process(Body());
        env.Run(Ticks(1));
        Assert.That(process.Value, Is.EqualTo("a"));
        Assert.That(process.Target.Value, Is.EqualTo("a"));

        IEnumerable<Event> Body()
        {
            yield return new Timeout(env, Ticks(5), "a");
        }
    }

    [Test]
    public void A_process_can_wait_for_another()
    {
        var child = env.Process(Child());
        env.Process(Parent());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "3 done" }));

        IEnumerable<Event> Child()
        {
            yield return env.Timeout(Ticks(3));
            env.ActiveProcess!.Succeed("done");
        }

        IEnumerable<Event> Parent()
        {
            yield return child;
            Say((string)child.Value!);
        }
    }

    [Test]
    public void A_failed_event_that_is_handled_is_a_value_like_another()
    {
        var failing = new Event(env);
        env.Process(Body());
        failing.Fail("cause");
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 cause", "2 on" }));

        IEnumerable<Event> Body()
        {
            yield return failing;
            Assert.That(env.ActiveProcess!.IsOk, Is.False);
            Say((string)env.ActiveProcess.Value!);
            Assert.That(env.ActiveProcess.HandleFault());
            Assert.That(env.ActiveProcess.HandleFault(), Is.False);
            yield return env.Timeout(Ticks(2));
            Say("on");
        }
    }

    [Test]
    public void A_failure_that_the_body_does_not_react_to_comes_out_of_the_run()
    {
        env.Process(Body());
        var thrown = Assert.Throws<InvalidOperationException>(() => env.Run());
        Assert.That(thrown.Message, Is.EqualTo("Process did not react to being faulted (tick 0)."));

        IEnumerable<Event> Body()
        {
            var failing = new Event(env);
            failing.Fail();
            yield return failing;
            yield return env.Timeout(Ticks(1));
        }
    }

    [Test]
    public void A_process_that_ends_on_an_unhandled_failure_fails_with_its_cause()
    {
        var process = env.Process(Body());
        env.Run();
        Assert.That((process.IsOk, process.Value, process.IsProcessed), Is.EqualTo((false, (object)"cause", true)));

        IEnumerable<Event> Body()
        {
            var failing = new Event(env);
            failing.Fail("cause");
            yield return failing;
        }
    }

    [Test]
    public void A_failed_event_that_nobody_waits_for_is_silent()
    {
        new Event(env).Fail("cause");
        Assert.DoesNotThrow(() => env.Run());
    }

    [Test]
    public void An_interrupt_is_delivered_after_what_is_already_scheduled_and_the_timeout_stays_queued()
    {
        var victim = env.Process(Victim());
        env.Process(Interrupter());
        env.Process(Neighbour());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "5 neighbour", "5 now", "6 on" }));
        Assert.That(env.Ticks, Is.EqualTo(10));

        IEnumerable<Event> Victim()
        {
            yield return env.Timeout(Ticks(10));
            env.ActiveProcess!.HandleFault();
            Say((string)env.ActiveProcess.Value!);
            yield return env.Timeout(Ticks(1));
            Say("on");
        }

        IEnumerable<Event> Interrupter()
        {
            yield return env.Timeout(Ticks(5));
            victim.Interrupt("now");
        }

        IEnumerable<Event> Neighbour()
        {
            yield return env.Timeout(Ticks(5));
            Say("neighbour");
        }
    }

    [Test]
    public void An_interrupt_with_a_priority_below_0_overtakes_what_is_already_scheduled_and_one_above_0_lets_pass()
    {
        var (urgent, idle) = (env.Process(Victim("urgent")), env.Process(Victim("idle")));
        env.Timeout(Ticks(5)).AddCallback(_ =>
        {
            idle.Interrupt(priority: 1);
            env.Timeout(TimeSpan.Zero).AddCallback(_ => Say("now"));
            urgent.Interrupt(priority: -1);
        });
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "5 urgent", "5 now", "5 idle" }));

        IEnumerable<Event> Victim(string name)
        {
            yield return env.Timeout(Ticks(10));
            if (env.ActiveProcess!.HandleFault()) Say(name);
        }
    }

    [Test]
    public void Two_interrupts_at_one_time_are_both_delivered_and_nothing_resumes_the_process_twice()
    {
        var victim = env.Process(Victim());
        env.Timeout(Ticks(5)).AddCallback(_ =>
        {
            victim.Interrupt("one");
            victim.Interrupt("two");
        });
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "5 one", "5 two", "25 end" }));

        IEnumerable<Event> Victim()
        {
            yield return env.Timeout(Ticks(10));
            while (env.ActiveProcess!.HandleFault())
            {
                Say((string)env.ActiveProcess.Value!);
                yield return env.Timeout(Ticks(20));
            }
            Say("end");
        }
    }

    [Test]
    public void A_process_interrupted_before_its_start_starts_with_the_failure()
    {
        var victim = env.Process(Victim());
        victim.Interrupt("early");
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 False early" }));

        IEnumerable<Event> Victim()
        {
            Say($"{env.ActiveProcess!.IsOk} {env.ActiveProcess.Value}");
            env.ActiveProcess.HandleFault();
            yield break;
        }
    }

    [Test]
    public void Neither_the_active_process_nor_one_that_has_ended_can_be_interrupted()
    {
        var process = env.Process(Body());
        env.Run();
        Assert.Throws<InvalidOperationException>(() => process.Interrupt());

        IEnumerable<Event> Body()
        {
            Assert.Throws<InvalidOperationException>(() => env.ActiveProcess!.Interrupt());
            yield break;
        }
    }

    [Test]
    public void A_process_interrupted_by_a_waiter_of_the_same_event_gets_both()
    {
        var shared = new Event(env);
        Process second = null!;
        env.Process(First());
        second = env.Process(Second());
        shared.Succeed();
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 event", "0 interrupt" }));

        IEnumerable<Event> First()
        {
            yield return shared;
            second.Interrupt();
        }

        IEnumerable<Event> Second()
        {
            yield return shared;
            Say("event");
            yield return env.Timeout(Ticks(9));
            if (env.ActiveProcess!.HandleFault()) Say("interrupt");
        }
    }

    [Test]
    public void Yielding_null_is_refused_with_the_name_of_the_process()
    {
        env.Process(Body()).Named("clerk");
        Assert.That(() => env.Run(), Throws.InvalidOperationException.With.Message.EqualTo("clerk yielded null in place of an event (tick 0)."));

        static IEnumerable<Event> Body()
        {
            yield return null!;
        }
    }

    [Test]
    public void The_trace_says_who_went_on_when_and_why()
    {
        var trace = new List<(long, string?, Event)>();
        env.Trace(r => trace.Add(((r.When - env.StartDate).Ticks, r.Who.Name, r.Why)));
        var timeout = env.Timeout(Ticks(4));
        var process = env.Process(Body()).Named("core 0");
        var start = process.Target;
        env.Run();
        Assert.That(trace, Is.EqualTo(new[] { (0L, "core 0", start), (4L, "core 0", timeout) }));
        env.Trace(null);

        IEnumerable<Event> Body()
        {
            yield return timeout;
        }
    }

    [Test]
    public void When_nothing_is_left_to_happen_the_stall_report_says_who_waits_for_what_since_when()
    {
        StallReport? report = null;
        var sim = new Simulation();
        sim.WatchForStalls(r => report = r);
        var signal = new Signal(sim, "reply");
        var never = new Event(sim);
        sim.Process(Body(signal.Wait())).Named("client");
        sim.Process(Body(never)).Named("server");
        sim.Process(Body(sim.Timeout(Ticks(2)))).Named("done");
        sim.Run();
        Assert.That(report!.ToString(), Is.EqualTo("client waits for reply since 3\nserver waits for Event since 3"));
        Assert.That(report.Waits[1].For, Is.SameAs(never));
        var thrown = Assert.Throws<InvalidOperationException>(() => sim.Run(never));
        Assert.That(thrown.Message, Does.Contain("client waits for reply since 3"));

        IEnumerable<Event> Body(Event then)
        {
            yield return sim.Timeout(Ticks(3));
            yield return then;
        }
    }
}
