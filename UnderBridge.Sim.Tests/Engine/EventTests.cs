using UnderBridge.Sim.Engine;
using Timeout = UnderBridge.Sim.Engine.Timeout;

namespace UnderBridge.Sim.Tests;

public class EventTests
{
    readonly Simulation env = new();

    [Test]
    public void An_event_is_alive_then_triggered_then_processed()
    {
        var e = new Event(env);
        Assert.That((e.IsAlive, e.IsTriggered, e.IsProcessed), Is.EqualTo((true, false, false)));
        e.Succeed(5);
        Assert.That((e.IsAlive, e.IsTriggered, e.IsProcessed, e.IsOk, e.Value), Is.EqualTo((false, true, false, true, (object)5)));
        env.Run();
        Assert.That((e.IsAlive, e.IsTriggered, e.IsProcessed), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void An_event_happens_only_once()
    {
        var e = new Event(env);
        e.Fail("cause");
        Assert.Throws<InvalidOperationException>(() => e.Succeed());
        Assert.Throws<InvalidOperationException>(() => e.Fail());
        Assert.Throws<InvalidOperationException>(() => e.Trigger(e));
        env.Run();
        Assert.Throws<InvalidOperationException>(() => e.Process());
        Assert.Throws<InvalidOperationException>(() => e.AddCallback(_ => { }));
        Assert.Throws<InvalidOperationException>(() => e.RemoveCallback(_ => { }));
    }

    [Test]
    public void An_event_can_take_the_outcome_of_another()
    {
        var e = new Event(env);
        new Timeout(env, TimeSpan.FromTicks(3), "cause", isOk: false).AddCallback(t => e.Trigger(t));
        env.Run();
        Assert.That((e.IsOk, e.Value), Is.EqualTo((false, (object)"cause")));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(9)]
    public void Callbacks_are_called_in_the_order_in_which_they_were_added(int count)
    {
        var e = new Event(env);
        var order = new List<int>();
        e.AddCallbacks(Enumerable.Range(0, count).Select(i => (Action<Event>)(_ => order.Add(i))));
        e.Succeed();
        env.Run();
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void Removing_one_callback_leaves_the_order_of_the_others([Values(1, 2, 3, 4)] int count, [Values(0, 1, 2, 3)] int removed)
    {
        if (removed >= count) return;
        var e = new Event(env);
        var order = new List<int>();
        var callbacks = Enumerable.Range(0, count).Select(i => (Action<Event>)(_ => order.Add(i))).ToArray();
        e.AddCallbacks(callbacks);
        e.RemoveCallback(callbacks[removed]);
        e.RemoveCallback(callbacks[removed]);
        e.AddCallback(_ => order.Add(99));
        e.Succeed();
        env.Run();
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, count).Where(i => i != removed).Append(99)));
    }

    [Test]
    public void The_callback_an_event_is_made_with_comes_first_until_it_is_removed([Values] bool isRemoved)
    {
        var order = new List<string>();
        Action<Event> own = _ => order.Add("own");
        Event[] events = [new StorePut(env, own, "item"), new StoreGet(env, own), new ContainerPut(env, own, 1), new ContainerGet(env, own, 1), new Request(env, own, own)];
        foreach (var e in events)
        {
            e.AddCallback(_ => order.Add("other"));
            if (isRemoved) e.RemoveCallback(own);
            e.Succeed();
        }
        env.Run();
        Assert.That(order, Is.EqualTo(events.SelectMany(_ => isRemoved ? new[] { "other" } : ["own", "other"])));
    }

    [Test]
    public void A_derived_class_sees_and_changes_the_list_of_callbacks([Values(0, 1, 2, 3)] int before)
    {
        var e = new Open(env);
        var order = new List<int>();
        for (var i = 0; i < before; i++)
        {
            var number = i;
            e.AddCallback(_ => order.Add(number));
        }
        Assert.That(e.List!, Has.Count.EqualTo(before));
        e.List!.Insert(0, _ => order.Add(-1));
        e.AddCallback(_ => order.Add(99));
        Assert.That(e.List, Has.Count.EqualTo(before + 2));
        e.Succeed();
        env.Run();
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, before).Prepend(-1).Append(99)));
        Assert.That(e.List, Is.Null);
    }

    [Test]
    public void A_timeout_is_triggered_from_the_start_and_carries_its_value()
    {
        var timeout = new Timeout(env, TimeSpan.FromTicks(2), "value");
        Assert.That((timeout.IsTriggered, timeout.IsProcessed, timeout.Value), Is.EqualTo((true, false, (object)"value")));
        Assert.That(env.Run(timeout), Is.EqualTo("value"));
    }

    [Test]
    public void A_timeout_takes_no_more_than_64_bytes()
    {
        const int count = 1000;
        var sim = new Simulation();
        Repeat();
        sim.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat();
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / (double)count, Is.InRange(24, 64));

        void Repeat()
        {
            for (var i = 0; i < count; i++) sim.Timeout(TimeSpan.FromTicks(1));
        }
    }

    [Test]
    public void A_cancelled_timeout_neither_fires_nor_keeps_the_run_going()
    {
        var sim = new Simulation();
        var fired = false;
        var far = sim.Timeout(TimeSpan.FromTicks(1000));
        far.AddCallback(_ => fired = true);
        sim.Timeout(TimeSpan.FromTicks(3)).AddCallback(_ => Assert.That(far.Cancel()));
        sim.Run();
        Assert.That((fired, sim.Ticks, sim.EventCount), Is.EqualTo((false, 3L, 1L)));
        Assert.That(far.IsAlive);
        Assert.That(far.Cancel(), Is.False);
    }

    [Test]
    public void Timeouts_of_any_delay_and_priority_can_be_cancelled([Values(0, 5)] int delay, [Values(-1, 0, 1)] int priority)
    {
        var sim = new Simulation();
        var gone = sim.Timeout(TimeSpan.FromTicks(delay), priority);
        var stays = sim.Timeout(TimeSpan.FromTicks(delay), priority);
        Assert.That(gone.Cancel());
        sim.Run();
        Assert.That((gone.IsProcessed, stays.IsProcessed, sim.EventCount), Is.EqualTo((false, true, 1L)));
        Assert.That(stays.Cancel(), Is.False);
        Assert.Throws<ArgumentException>(() => new Event(sim).Cancel());
    }

    [Test]
    public void Many_cancelled_timeouts_do_not_pile_up()
    {
        var sim = new Simulation();
        // One that is due before them: an event alone is not queued at all.
        sim.Timeout(TimeSpan.FromTicks(5));
        for (var i = 0; i < 100_000; i++) sim.Timeout(TimeSpan.FromTicks(1_000_000 + i)).Cancel();
        Assert.That(sim.Queue.MaxSize, Is.LessThanOrEqualTo(256));
        sim.Run();
        Assert.That(sim.Ticks, Is.EqualTo(5));
    }

    [Test]
    public void A_hold_that_nobody_waited_for_does_not_make_the_next_ones_allocate()
    {
        var sim = new Simulation();
        var bytes = 0L;
        sim.Process(Body());
        sim.Run();
        Assert.That(bytes, Is.LessThan(1_000), "not 56 for each of 1,000 holds");

        IEnumerable<Event> Body()
        {
            sim.Hold(1);
            sim.Hold(7).Cancel();
            for (var i = 0; i < 10; i++) yield return sim.Hold(3);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++) yield return sim.Hold(3);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    sealed class Open(Simulation env) : Event(env)
    {
        public List<Action<Event>>? List => CallbackList;
    }
}
