using CsCheck;
using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

public class ResourceTests
{
    readonly List<string> seen = [];
    Simulation env = new();

    [SetUp]
    public void Start()
    {
        env = new Simulation(TimeSpan.FromMilliseconds(1));
        seen.Clear();
    }

    void Say(string what) => seen.Add($"{env.NowD} {what}");

    IEnumerable<Event> Use(Resource resource, string name, double arrival, double service)
    {
        yield return env.TimeoutD(arrival);
        using var request = resource.Request();
        yield return request;
        Say(name);
        yield return env.TimeoutD(service);
    }

    IEnumerable<Event> Use(PriorityResource resource, string name, double arrival, double priority)
    {
        yield return env.TimeoutD(arrival);
        using var request = resource.Request(priority);
        yield return request;
        Say(name);
        yield return env.TimeoutD(10);
    }

    IEnumerable<Event> Use(PreemptiveResource resource, string name, double arrival, double priority, bool preempt)
    {
        yield return env.TimeoutD(arrival);
        using var request = resource.Request(priority, preempt);
        yield return request;
        Say(name);
        yield return env.TimeoutD(10);
        if (env.ActiveProcess!.HandleFault())
        {
            var cause = (Preempted)env.ActiveProcess.Value!;
            Say($"{name} lost what it had since {env.ToDouble(cause.UsageSince - env.StartDate)} to {cause.By!.Name}");
        }
        else Say($"{name} ends");
    }

    [Test]
    public void A_resource_serves_in_the_order_of_the_requests()
    {
        var resource = new Resource(env, 2);
        foreach (var name in (string[])["a", "b", "c", "d"]) env.Process(Use(resource, name, 0, 5));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 a", "0 b", "5 c", "5 d" }));
        Assert.That((resource.InUse, resource.Remaining, resource.Capacity), Is.EqualTo((0, 2, 2)));
    }

    [Test]
    public void A_customer_of_a_queue_with_one_server_is_six_events()
    {
        var resource = new Resource(env);
        env.Process(Arrivals());
        env.Run();
        Assert.That(env.ProcessedEvents, Is.EqualTo(2 + 6 * 10), "start and end of the arrivals; arrival, start, request, service, release, end");

        IEnumerable<Event> Arrivals()
        {
            for (var i = 0; i < 10; i++)
            {
                yield return env.TimeoutD(3);
                env.Process(Customer());
            }
        }

        IEnumerable<Event> Customer()
        {
            var request = resource.Request();
            yield return request;
            yield return env.TimeoutD(2);
            resource.Release(request);
        }
    }

    [Test]
    public void A_request_knows_its_time_and_owner()
    {
        var resource = new Resource(env);
        Request? request = null;
        var process = env.Process(Body());
        env.Run();
        Assert.That((request!.Time, request.Owner), Is.EqualTo((env.StartDate.AddMilliseconds(3), process)));

        IEnumerable<Event> Body()
        {
            yield return env.TimeoutD(3);
            request = resource.Request();
        }
    }

    [Test]
    public void Releasing_twice_throws_and_leaves_the_resource_working()
    {
        var resource = new Resource(env);
        var request = resource.Request();
        resource.Release(request);
        Assert.Throws<InvalidOperationException>(() => resource.Release(request));
        Assert.DoesNotThrow(request.Dispose);
        var next = resource.Request();
        Assert.That(next.IsTriggered);
        Assert.DoesNotThrow(() => resource.Release(next));
        env.Run();
        Assert.That(resource.InUse, Is.Zero);
    }

    [Test]
    public void A_request_that_waits_can_be_given_up_in_every_kind_of_resource()
    {
        var (fifo, priority, preemptive, pool) = (new Resource(env), new PriorityResource(env), new PreemptiveResource(env), new ResourcePool(env, ["x"]));
        Request[] held = [fifo.Request(), priority.Request(), preemptive.Request(), pool.Request()];
        Request[] waiting = [fifo.Request(), priority.Request(), preemptive.Request(), pool.Request()];
        Request[] last = [fifo.Request(), priority.Request(), preemptive.Request(), pool.Request()];
        env.Run();
        foreach (var request in waiting) Assert.That(request.Withdraw());
        foreach (var request in waiting) Assert.That(request.Withdraw(), Is.False);
        foreach (var request in held) Assert.That(request.Withdraw(), Is.False);
        foreach (var request in held) request.Dispose();
        env.Run();
        Assert.That(waiting, Has.None.Property(nameof(Event.IsTriggered)).True);
        Assert.That(last, Has.All.Property(nameof(Event.IsProcessed)).True);
    }

    [Test]
    public void Who_gives_up_waiting_for_a_priority_resource_just_leaves()
    {
        var resource = new PriorityResource(env) { BreakOffTime = new SampleMonitor() };
        env.Process(Use(resource, "holder", 0, 1));
        env.Process(Impatient());
        env.Process(Use(resource, "next", 2, 1));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 holder", "4 gone", "10 next" }));
        Assert.That((resource.BreakOffTime.Last, resource.InUse), Is.EqualTo((3.0, 0)));

        IEnumerable<Event> Impatient()
        {
            yield return env.TimeoutD(1);
            var request = resource.Request();
            yield return request | env.TimeoutD(3);
            if (!request.IsTriggered) yield return resource.Release(request);
            Say("gone");
        }
    }

    [Test]
    public void A_priority_resource_serves_lower_priorities_first_and_equal_ones_in_order()
    {
        var resource = new PriorityResource(env);
        env.Process(Use(resource, "first", 0, 9));
        env.Process(Use(resource, "late", 1, 2));
        env.Process(Use(resource, "one", 2, 1));
        env.Process(Use(resource, "two", 3, 1));
        env.Process(Use(resource, "urgent", 4, -5.5));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 first", "10 urgent", "20 one", "30 two", "40 late" }));
    }

    [Test]
    public void A_preempting_request_takes_the_unit_of_the_worst_user()
    {
        var resource = new PreemptiveResource(env, 2) { InterruptTime = new SampleMonitor() };
        env.Process(Use(resource, "a", 0, 1, false)).Named("a");
        env.Process(Use(resource, "b", 1, 2, false)).Named("b");
        env.Process(Use(resource, "c", 3, 0, true)).Named("c");
        env.Process(Use(resource, "d", 4, 5, true)).Named("d");
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 a", "1 b", "3 b lost what it had since 1 to c", "3 c", "10 a ends", "10 d", "13 c ends", "20 d ends" }));
        Assert.That(resource.InterruptTime.Last, Is.EqualTo(2.0));
        Assert.That(resource.InUse, Is.Zero);
    }

    [Test]
    public void Among_users_of_one_priority_the_latest_is_the_worst_and_among_those_of_one_time_one_that_does_not_preempt()
    {
        var resource = new PreemptiveResource(env, 3);
        env.Process(Use(resource, "early", 0, 1, false)).Named("early");
        env.Process(Use(resource, "mild", 1, 1, false)).Named("mild");
        env.Process(Use(resource, "wild", 1, 1, true)).Named("wild");
        env.Process(Use(resource, "x", 2, 0, true)).Named("x");
        env.Process(Use(resource, "y", 3, 0, true)).Named("y");
        env.Run(TimeSpan.FromMilliseconds(5));
        Assert.That(seen, Is.EqualTo(new[] { "0 early", "1 mild", "1 wild", "2 mild lost what it had since 1 to x", "2 x", "3 wild lost what it had since 1 to y", "3 y" }));
    }

    [Test]
    public void A_request_that_does_not_preempt_waits()
    {
        var resource = new PreemptiveResource(env);
        env.Process(Use(resource, "a", 0, 2, false));
        env.Process(Use(resource, "b", 1, 1, false));
        env.Run();
        Assert.That(seen, Is.EqualTo(new[] { "0 a", "10 a ends", "10 b", "20 b ends" }));
    }

    [Test]
    public void A_pool_gives_each_request_a_unit_that_it_can_use()
    {
        var pool = new ResourcePool(env, ["red", "green", "blue"]);
        Assert.That(pool.IsAvailable(r => (string)r == "green"));
        var green = pool.Request(r => (string)r == "green");
        var any = pool.Request();
        var greenAgain = pool.Request(r => (string)r == "green");
        var behind = pool.Request();
        env.Run();
        Assert.That((green.Value, any.Value, behind.Value), Is.EqualTo(((object)"green", (object)"red", (object)"blue")));
        Assert.That((greenAgain.IsTriggered, pool.Remaining, pool.IsAvailable(_ => true)), Is.EqualTo((false, 0, false)));
        pool.Release(green);
        env.Run();
        Assert.That(greenAgain.Value, Is.EqualTo("green"));
        Assert.Throws<InvalidOperationException>(() => pool.Release(green));
    }

    [Test]
    public void Hooks_tell_when_units_are_free_all_free_none_free_or_when_that_changes()
    {
        var resource = new Resource(env, 2);
        var (any, full, change) = (resource.WhenAny(), resource.WhenFull(), resource.WhenChange());
        var empty = resource.WhenEmpty();
        Assert.That((any.IsTriggered, full.IsTriggered, empty.IsTriggered, change.IsTriggered), Is.EqualTo((true, true, false, false)));
        var (a, b) = (resource.Request(), resource.Request());
        Assert.That((empty.IsTriggered, change.IsTriggered), Is.EqualTo((true, true)));
        (any, full) = (resource.WhenAny(), resource.WhenFull());
        Assert.That((any.IsTriggered, full.IsTriggered), Is.EqualTo((false, false)));
        resource.Release(a);
        Assert.That((any.IsTriggered, full.IsTriggered), Is.EqualTo((true, false)));
        resource.Release(b);
        Assert.That(full.IsTriggered);
    }

    [Test]
    public void Monitors_follow_a_resource()
    {
        var resource = new Resource(env)
        {
            Utilization = new TimeSeriesMonitor(env), WIP = new TimeSeriesMonitor(env), QueueLength = new TimeSeriesMonitor(env),
            LeadTime = new SampleMonitor(), WaitingTime = new SampleMonitor(), BreakOffTime = new SampleMonitor(),
        };
        env.Process(Use(resource, "a", 0, 4));
        env.Process(Use(resource, "b", 2, 4));
        env.Run(TimeSpan.FromMilliseconds(10));
        Assert.That(resource.Utilization.Mean, Is.EqualTo(0.8).Within(1e-12));
        Assert.That(resource.WIP.Sum, Is.EqualTo(10.0).Within(1e-12));
        Assert.That(resource.QueueLength.Mean, Is.EqualTo(0.2).Within(1e-12));
        Assert.That((resource.LeadTime.Sum, resource.WaitingTime.Sum, resource.BreakOffTime.Sum), Is.EqualTo((10.0, 2.0, 0.0)));
    }

    [Test]
    public void No_more_units_are_lent_than_there_are_whatever_is_requested_given_back_and_given_up()
    {
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[-2, 2]).Array[1, 100].Sample(steps =>
        {
            var sim = new Simulation();
            var resource = new PriorityResource(sim, 3);
            var open = new List<(Request Request, int Priority)>();
            foreach (var (kind, which, priority) in steps)
            {
                if (kind < 2) open.Add((resource.Request(priority), priority));
                else if (open.Count > 0)
                {
                    open[which % open.Count].Request.Dispose();
                    open.RemoveAt(which % open.Count);
                }
                sim.Run();
                if (open.Count(o => o.Request.IsTriggered) != Math.Min(3, open.Count)) return false;
            }
            return true;
        });
    }

    [Test]
    public void A_derived_class_reaches_the_queues()
    {
        var resource = new Open(env);
        resource.Request();
        resource.Request();
        Assert.That((resource.Waiting, resource.Releasing), Is.EqualTo((1, 0)));
    }

    sealed class Open(Simulation env) : Resource(env)
    {
        public int Waiting => RequestQueue.Count;
        public int Releasing => ReleaseQueue.Count;
    }
}
