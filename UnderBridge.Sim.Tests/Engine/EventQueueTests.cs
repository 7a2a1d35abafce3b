using CsCheck;
using UnderBridge.Sim.Engine;
using Timeout = UnderBridge.Sim.Engine.Timeout;

namespace UnderBridge.Sim.Tests;

public class EventQueueTests
{
    [TestCase(100)]
    [TestCase(1025)]
    [TestCase(5000)]
    [TestCase(70_000)]
    public void Events_of_one_time_stay_in_order_however_many_are_pending(int count)
    {
        var env = new Simulation();
        var order = new List<int>();
        for (var i = 0; i < count; i++)
        {
            var number = i;
            env.Timeout(TimeSpan.FromTicks(7)).AddCallback(_ => order.Add(number));
        }
        env.Run();
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void The_order_is_that_of_a_stable_sort_whatever_is_scheduled_cancelled_and_processed_meanwhile()
    {
        var operation = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 6], Gen.Int[-3, 3]);
        operation.Array[1, 400].Sample(operations =>
        {
            var env = new Simulation();
            var model = new List<(long Time, int Priority, int Number, Timeout Event)>();
            var number = 0;
            foreach (var (kind, delay, priority) in operations)
            {
                if (kind < 4)
                {
                    var p = Math.Abs(priority) == 1 ? priority : 0;
                    model.Add((env.Ticks + delay, p, number++, env.Timeout(TimeSpan.FromTicks(delay), p)));
                }
                else if (model.Count > 0 && kind == 4)
                {
                    var next = model.MinBy(e => (e.Time, e.Priority, e.Number));
                    env.Step();
                    if (!next.Event.IsProcessed || env.Ticks != next.Time) return false;
                    model.Remove(next);
                }
                else if (model.Count > 0)
                {
                    var victim = model[delay % model.Count];
                    if (!victim.Event.Cancel()) return false;
                    model.Remove(victim);
                }
                if (env.Peek() != (model.Count == 0 ? DateTime.MaxValue : env.StartDate.AddTicks(model.Min(e => e.Time)))) return false;
            }
            foreach (var next in model.OrderBy(e => (e.Time, e.Priority, e.Number)))
            {
                env.Step();
                if (!next.Event.IsProcessed) return false;
            }
            return env.Peek() == DateTime.MaxValue;
        });
    }

    [Test]
    public void The_order_survives_the_overflow_of_the_insertion_numbers()
    {
        var env = new Simulation();
        var queue = new EventQueue(4, uint.MaxValue - 10);
        queue.AdvanceTo(0);
        var events = Enumerable.Range(0, 40).Select(_ => new Event(env)).ToArray();
        foreach (var e in events) queue.Add(5, e, 0);
        Assert.That(queue.IsValidQueue());
        foreach (var e in events)
        {
            var next = queue.Take();
            Assert.That(next, Is.SameAs(e));
        }
    }

    [Test]
    public void Seen_from_outside_the_queue_lists_finds_moves_and_removes_events()
    {
        var env = new Simulation();
        var queue = new EventQueue(2);
        Event[] e = [.. Enumerable.Range(0, 6).Select(_ => new Event(env))];
        var late = queue.Enqueue(env.Now.AddTicks(9), e[0]);
        queue.Enqueue(env.Now.AddTicks(3), e[1]);
        queue.Enqueue(env.Now.AddTicks(3), e[2], -1);
        var gone = queue.Enqueue(env.Now.AddTicks(4), e[3]);
        queue.Enqueue(env.Now.AddTicks(4), e[4], 2);
        Assert.That(queue.Select(n => Array.IndexOf(e, n.Event)), Is.EqualTo(new[] { 2, 1, 3, 4, 0 }));
        queue.Remove(gone);
        Assert.That(queue.Contains(gone), Is.False);
        Assert.Throws<InvalidOperationException>(() => queue.Remove(gone));
        queue.UpdatePriority(late, env.Now.AddTicks(3), 0);
        Assert.That(queue.First.Event, Is.SameAs(e[2]));
        Assert.That(queue.Count, Is.EqualTo(4));
        Assert.That(Enumerable.Range(0, 4).Select(_ => Array.IndexOf(e, queue.Dequeue().Event)), Is.EqualTo(new[] { 2, 1, 0, 4 }));
        Assert.Throws<InvalidOperationException>(() => queue.Dequeue());
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Enqueue(env.Now, e[5]), "the past");
        queue.Enqueue(env.Now.AddTicks(9), e[5]);
        queue.Clear();
        Assert.That(queue, Is.Empty);
    }
}
