using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

public class SignalTests
{
    readonly List<string> seen = [];
    Simulation env = new();

    [SetUp]
    public void Start()
    {
        env = new Simulation();
        seen.Clear();
    }

    void Say(string what) => seen.Add($"{env.Ticks} {what}");

    [Test]
    public void A_hold_lasts_just_its_ticks()
    {
        env.Process(Body());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 start", "109 held", "109 held for none" }));

        IEnumerable<Event> Body()
        {
            Say("start");
            yield return env.Hold(109);
            Say("held");
            yield return env.Hold(0);
            Say("held for none");
        }
    }

    [Test]
    public void A_signal_wakes_its_waiter_at_the_current_time()
    {
        var signal = new Signal(env);
        env.Process(Waiter());
        env.Process(Setter());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "7 set", "7 woken", "9 woken" }));

        IEnumerable<Event> Waiter()
        {
            yield return signal.Wait();
            Say("woken");
            yield return signal.Wait();
            Say("woken");
        }

        IEnumerable<Event> Setter()
        {
            yield return env.Hold(7);
            signal.Set();
            Say("set");
            yield return env.Hold(2);
            signal.Set();
        }
    }

    [Test]
    public void A_signal_set_twice_before_a_wait_is_remembered_once()
    {
        var signal = new Signal(env);
        signal.Set();
        signal.Set();
        env.Process(Body());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 at once" }));
        Assert.That(env.EventCount, Is.EqualTo(1), "going on at once takes no event");

        IEnumerable<Event> Body()
        {
            yield return signal.Wait();
            Say("at once");
            yield return signal.Wait();
            Say("never");
        }
    }

    [Test]
    public void A_signal_set_while_its_waiter_is_on_the_way_is_remembered()
    {
        var signal = new Signal(env);
        env.Process(Body());
        env.Process(Setter());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 first", "0 second" }));

        IEnumerable<Event> Body()
        {
            yield return signal.Wait();
            Say("first");
            yield return signal.Wait();
            Say("second");
        }

        IEnumerable<Event> Setter()
        {
            signal.Set();
            signal.Set();
            yield break;
        }
    }

    [Test]
    public void A_signal_has_one_waiter()
    {
        var signal = new Signal(env);
        env.Process(Body());
        env.Process(Body());
        Assert.Throws<InvalidOperationException>(() => env.Run());

        IEnumerable<Event> Body()
        {
            yield return signal.Wait();
        }
    }

    [Test]
    public void No_set_is_lost_when_the_waiter_is_interrupted([Values] bool setFirst)
    {
        var signal = new Signal(env);
        var waiter = env.Process(Waiter());
        env.Process(Setter());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "5 interrupted", "6 woken" }));

        IEnumerable<Event> Waiter()
        {
            yield return signal.Wait();
            if (env.ActiveProcess!.HandleFault()) Say("interrupted");
            yield return env.Hold(1);
            yield return signal.Wait();
            Say("woken");
        }

        IEnumerable<Event> Setter()
        {
            yield return env.Hold(5);
            if (setFirst) signal.Set();
            waiter.Interrupt();
            if (!setFirst) signal.Set();
        }
    }

    [Test]
    public void A_signal_set_between_wait_and_yield_is_not_lost()
    {
        var signal = new Signal(env);
        env.Process(Body());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 on" }));

        IEnumerable<Event> Body()
        {
            var wait = signal.Wait();
            signal.Set();
            yield return wait;
            Say("on");
        }
    }

    [Test]
    public void A_signal_and_a_hold_can_be_parts_of_a_condition()
    {
        var signal = new Signal(env);
        env.Process(Body());
        env.Process(Setter());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "3 timeout", "8 signal" }));

        IEnumerable<Event> Body()
        {
            while (seen.Count < 2)
            {
                var wait = signal.Wait();
                yield return wait | env.Hold(seen.Count == 0 ? 3 : 100);
                Say(wait.IsProcessed ? "signal" : "timeout");
            }
        }

        IEnumerable<Event> Setter()
        {
            yield return env.Hold(8);
            signal.Set();
        }
    }

    [Test]
    public void An_interrupted_hold_can_be_cancelled()
    {
        var victim = env.Process(Victim());
        env.Process(Interrupter());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "4 stopped", "6 end" }));
        Assert.That(env.Ticks, Is.EqualTo(6));

        IEnumerable<Event> Victim()
        {
            var slice = env.Hold(1000);
            yield return slice;
            if (env.ActiveProcess!.HandleFault()) slice.Cancel();
            Say("stopped");
            yield return env.Hold(2);
            Say("end");
        }

        IEnumerable<Event> Interrupter()
        {
            yield return env.Hold(4);
            victim.Interrupt();
        }
    }

    [Test]
    public void A_hold_that_was_interrupted_just_when_it_was_over_is_nobody_elses()
    {
        var victim = env.Process(Victim());
        env.Process(Other());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "10 False", "13 over" }));

        IEnumerable<Event> Victim()
        {
            yield return env.Hold(1);
            var slice = env.Hold(9);
            yield return slice;
            env.ActiveProcess!.HandleFault();
            Say(slice.Cancel().ToString());
        }

        IEnumerable<Event> Other()
        {
            yield return env.Timeout(TimeSpan.FromTicks(10), priority: -1);
            victim.Interrupt(priority: 1);
            yield return env.Hold(0);
            yield return env.Hold(3);
            Say("over");
        }
    }

    [Test]
    public void A_hold_that_is_yielded_late_is_over_and_still_ones_own()
    {
        env.Process(Body());
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "5 on" }));

        IEnumerable<Event> Body()
        {
            var early = env.Hold(2);
            yield return env.Hold(5);
            _ = env.Hold(100);
            yield return early;
            Say("on");
        }
    }

    [Test]
    public void Holds_and_signals_allocate_nothing_in_steady_state()
    {
        var (call, reply) = (new Signal(env), new Signal(env));
        var allocated = new List<long>(capacity: 20);
        env.Process(Server());
        env.Process(Client());
        env.Run(TimeSpan.FromTicks(1_000_000_000));
        Assert.That(allocated, Has.Count.EqualTo(11));
        Assert.That(Allocated.Least(allocated.Skip(1)), Is.Zero);
        Assert.That(env.EventCount, Is.GreaterThan(40_000));

        IEnumerable<Event> Client()
        {
            for (var i = 0; i < 11_000; i++)
            {
                if (i % 1000 == 0) allocated.Add(GC.GetAllocatedBytesForCurrentThread());
                yield return env.Hold(55);
                call.Set();
                yield return reply.Wait();
            }
        }

        IEnumerable<Event> Server()
        {
            while (true)
            {
                yield return call.Wait();
                yield return env.Hold(54);
                reply.Set();
            }
        }
    }
}
