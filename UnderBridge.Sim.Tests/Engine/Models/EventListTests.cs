using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Tests.Models;

namespace UnderBridge.Sim.Tests;

/// <summary>The event list against a sorted list, by itself and through everything in a simulation that schedules.</summary>
public class EventListTests
{
    // Delays in ticks: many at one time, near, and spread so widely that most pending events are far away.
    static readonly long[] spreads = [1, 10, 1000, 1_000_000, 1_000_000_000_000];

    [TestCaseSource(nameof(spreads))]
    public void The_queue_gives_out_what_a_sorted_list_gives_out(long spread)
    {
        for (var seed = 0; seed < 20; seed++) CompareQueue(seed, spread, count: 200);
        CompareQueue(seed: 20, spread, count: 2000);
    }

    [TestCaseSource(nameof(spreads))]
    public void A_simulation_processes_in_the_order_of_a_sorted_list(long spread)
    {
        for (var seed = 0; seed < 20; seed++) new ScheduleTwins(seed, spread).Compare(count: 400);
        var many = new ScheduleTwins(seed: 20, spread);
        many.Compare(count: 30_000);
        Assert.That(many.MostPending, Is.GreaterThan(2000));
    }

    [Test]
    public void Events_that_a_run_leaves_at_its_end_are_left_even_if_more_urgent_ones_of_that_time_schedule_them()
    {
        var env = new Simulation();
        var late = new Event(env);
        env.Timeout(TimeSpan.FromTicks(5), -1).AddCallback(_ => late.Succeed());
        env.Run(TimeSpan.FromTicks(5));
        Assert.That((late.IsTriggered, late.IsProcessed), Is.EqualTo((true, false)));
        env.Run();
        Assert.That(late.IsProcessed);
    }

    static void CompareQueue(int seed, long spread, int count)
    {
        var (random, env) = (new Random(seed), new Simulation());
        var (queue, list) = (new EventQueue(16), new SortedEvents());
        var nodes = new Dictionary<Event, EventQueueNode>();
        var now = env.Now;
        for (var i = 0; i < count; i++)
        {
            // The first half grows to thousands, the second shrinks.
            var choice = random.Next(i < count / 2 ? 10 : 20);
            var other = choice is 7 or 8 && list.Count > 0 ? list.Any(random) : null;
            if (choice < 7)
            {
                var (time, priority, added) = (now.AddTicks(random.NextInt64(spread)), Priority(random), new Event(env));
                nodes[added] = queue.Enqueue(time, added, priority);
                list.Add(time.Ticks, priority, added);
            }
            else if (choice == 7 && other is not null)
            {
                queue.Remove(nodes[other]);
                list.Remove(other);
            }
            else if (choice == 8 && other is not null)
            {
                var (time, priority) = (now.AddTicks(random.NextInt64(spread)), Priority(random));
                queue.UpdatePriority(nodes[other], time, priority);
                list.Remove(other);
                list.Add(time.Ticks, priority, other);
            }
            else if (list.Count > 0)
            {
                var (next, expected) = (queue.Dequeue(), list.TakeFirst());
                now = next.PrimaryPriority;
                Assert.That((next.Event, now.Ticks, next.SecondaryPriority), Is.EqualTo((expected.Event, expected.Time, expected.Priority)), $"seed {seed}, operation {i}");
            }
            if (queue.Count != list.Count) Assert.Fail($"seed {seed}, operation {i}: {queue.Count} pending instead of {list.Count}");
        }
        Assert.That(queue.Select(node => node.Event), Is.EqualTo(list.Events), $"seed {seed}: what remains");
        Assert.That(queue.IsValidQueue());
    }

    internal static int Priority(Random random) => random.Next(4) == 0 ? random.Next(-2, 3) : 0;
}

/// <summary>Pending events in order, the first inserted of equals first.</summary>
sealed class SortedEvents
{
    readonly List<(long Time, int Priority, long Insertion, Event Event)> events = [];
    readonly Dictionary<Event, (long, int, long)> ranks = [];
    long insertions;

    public int Count => events.Count;

    public IEnumerable<Event> Events => events.Select(e => e.Event);

    public (long Time, int Priority, long Insertion, Event Event) First => events[0];

    public void Add(long time, int priority, Event added)
    {
        var rank = (time, priority, insertions++);
        events.Insert(Place(rank), (time, priority, rank.Item3, added));
        ranks[added] = rank;
    }

    public void Remove(Event removed)
    {
        events.RemoveAt(Place(ranks[removed]));
        ranks.Remove(removed);
    }

    public (long Time, int Priority, long Insertion, Event Event) TakeFirst()
    {
        var first = events[0];
        events.RemoveAt(0);
        return first;
    }

    public Event Any(Random random) => events[random.Next(Count)].Event;

    public long TimeOfAny(Random random) => events[random.Next(Count)].Time;

    /// <summary>How many come before.</summary>
    int Place((long, int, long) rank)
    {
        var (from, to) = (0, Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if ((events[middle].Time, events[middle].Priority, events[middle].Insertion).CompareTo(rank) < 0) from = middle + 1;
            else to = middle;
        }
        return from;
    }
}

/// <summary>A simulation and a sorted list in which the same is scheduled, also from within the events as they are processed.</summary>
sealed class ScheduleTwins(int seed, long spread)
{
    readonly Random random = new(seed);
    readonly Simulation env = new(new DateTime(2000, 1, 1));
    readonly SortedEvents list = new();
    readonly List<Event> delays = [];
    int left;
    int burst;
    int processed;
    long horizon = long.MaxValue;

    public int MostPending { get; private set; }

    public void Compare(int count)
    {
        (left, burst) = (count, count / 10);
        while (left > 0 || list.Count > 0)
        {
            for (var i = random.Next(burst); i > 0 && left > 0; i--) Schedule();
            MostPending = Math.Max(MostPending, list.Count);
            if (random.Next(3) == 0) Cancel();
            switch (random.Next(3))
            {
                case 0:
                    RunTo(SomeTime(), isStop: random.Next(2) == 0);
                    break;
                case 1 when list.Count > 0:
                    Assert.That(env.Peek().Ticks, Is.EqualTo(list.First.Time), At);
                    env.Step();
                    break;
                case 2 when left == 0:
                    env.Run();
                    Assert.That(list.Count, Is.Zero, At);
                    break;
            }
        }
    }

    string At => $"seed {seed}, spread {spread}, event {processed}";

    /// <summary>Ahead, and mostly just when something is pending.</summary>
    DateTime SomeTime()
    {
        var pending = list.Count > 0 ? list.TimeOfAny(random) : 0;
        return pending > env.Now.Ticks && random.Next(4) > 0 ? new(pending) : env.Now.AddTicks(1 + random.NextInt64(spread));
    }

    /// <summary>Runs to a time, or for an event at that time which comes after all others.</summary>
    void RunTo(DateTime until, bool isStop)
    {
        horizon = until.Ticks;
        if (!isStop) env.Run(until);
        else
        {
            var stop = env.Timeout(until - env.Now, int.MaxValue);
            list.Add(until.Ticks, int.MaxValue, stop);
            stop.AddCallback(Happened);
            horizon = long.MaxValue;
            env.Run(stop);
        }
        horizon = long.MaxValue;
        Assert.That(env.Now, Is.EqualTo(until), At);
        if (list.Count > 0) Assert.That(list.First.Time, Is.GreaterThanOrEqualTo(until.Ticks), At);
    }

    void Schedule()
    {
        left--;
        var (kind, delay, priority) = (random.Next(5), TimeSpan.FromTicks(random.NextInt64(spread)), EventListTests.Priority(random));
        switch (kind)
        {
            case 0:
                Delay(env.Hold(delay.Ticks), delay, 0);
                break;
            case 1:
                var now = new Event(env);
                now.Succeed(priority: priority);
                Follow(now, TimeSpan.Zero, priority);
                break;
            case 2:
                var scheduled = new Event(env);
                env.Schedule(delay, scheduled, priority);
                Follow(scheduled, delay, priority);
                break;
            default:
                Delay(env.Timeout(delay, priority), delay, priority);
                break;
        }
    }

    void Delay(Event made, TimeSpan delay, int priority)
    {
        delays.Add(made);
        Follow(made, delay, priority);
    }

    void Follow(Event made, TimeSpan delay, int priority)
    {
        list.Add((env.Now + delay).Ticks, priority, made);
        made.AddCallback(Happened);
    }

    void Cancel()
    {
        for (var i = random.Next(burst / 2); i > 0 && delays.Count > 0; i--)
        {
            var place = random.Next(delays.Count);
            var delay = delays[place];
            delays.RemoveAt(place);
            var pends = !delay.IsProcessed;
            Assert.That(delay.Cancel(), Is.EqualTo(pends), At);
            if (pends) list.Remove(delay);
        }
    }

    void Happened(Event happened)
    {
        var expected = list.TakeFirst();
        processed++;
        if (expected.Time > horizon || (expected.Time == horizon && expected.Priority >= 0)) Assert.Fail($"{At}: beyond the end of the run");
        if (happened != expected.Event || env.Now.Ticks != expected.Time) Assert.Fail($"{At}: not the next, or not at {expected.Time}");
        if (random.Next(4) == 0 && left > 0) Schedule();
        if (random.Next(50) == 0) Cancel();
    }
}
