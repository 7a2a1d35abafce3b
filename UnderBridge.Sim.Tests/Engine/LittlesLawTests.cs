using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// L = λ W holds exactly over any window in which a system starts and ends empty: both sides count the same customer-seconds, one over time, the other by customer.
/// The monitors of length and those of times know nothing of each other.
/// </summary>
public class LittlesLawTests
{
    const int Customers = 5000;
    const double Rounding = 1e-9;

    readonly Simulation env = new(randomSeed: 3);
    TimeSeriesMonitor number = null!, queue = null!;
    SampleMonitor times = null!, waits = null!, breakOffs = null!;

    [SetUp]
    public void Start()
    {
        env.Reset(3);
        (number, queue) = (new(env), new(env));
        (times, waits, breakOffs) = (new(), new(), new());
    }

    [Test]
    public void In_a_resource_that_some_give_up_waiting_for()
    {
        var it = new Resource(env, 2) { WIP = number, QueueLength = queue, LeadTime = times, WaitingTime = waits, BreakOffTime = breakOffs };
        Run(_ => Visit(() => it.Request()));
        Holds();
        Assert.That(breakOffs.Count, Is.InRange(Customers / 10, Customers / 2));
    }

    [Test]
    public void In_a_priority_resource_that_some_give_up_waiting_for()
    {
        var it = new PriorityResource(env, 2) { WIP = number, QueueLength = queue, LeadTime = times, WaitingTime = waits, BreakOffTime = breakOffs };
        Run(customer => Visit(() => it.Request(customer % 3)));
        Holds();
        Assert.That(breakOffs.Count, Is.InRange(Customers / 10, Customers / 2));
    }

    [Test]
    public void In_a_pool_that_some_give_up_waiting_for()
    {
        var it = new ResourcePool(env, ["red", "green"]) { WIP = number, QueueLength = queue, LeadTime = times, WaitingTime = waits, BreakOffTime = breakOffs };
        Run(customer => Visit(() => it.Request(customer % 3 == 0 ? unit => (string)unit == "red" : null)));
        Holds();
        Assert.That(breakOffs.Count, Is.InRange(Customers / 10, Customers / 2));
    }

    [Test]
    public void In_a_preemptive_resource_without_preemption()
    {
        var it = new PreemptiveResource(env, 2) { WIP = number, QueueLength = queue, LeadTime = times, WaitingTime = waits, BreakOffTime = breakOffs };
        Run(customer => Visit(() => it.Request(customer % 3)));
        Holds();
    }

    [Test]
    public void Among_the_items_and_the_getters_of_a_store()
    {
        var (getters, getWaits, putters, putWaits) = (new TimeSeriesMonitor(env), new SampleMonitor(), new TimeSeriesMonitor(env), new SampleMonitor());
        var store = new Store(env, 3)
        {
            WIP = number, LeadTime = times, GetQueueLength = getters, GetWaitingTime = getWaits, PutQueueLength = putters, PutWaitingTime = putWaits,
        };
        env.Process(Consumer());
        Run(Producer);
        Assert.That(times.Count, Is.EqualTo(Customers));
        Same(number.Area, times.Total + putWaits.Total, "items in the store and before it");
        Same(putters.Area, putWaits.Total, "items before the store");
        Same(getters.Area, getWaits.Total, "getters");
        Assert.That(putWaits.Max, Is.GreaterThan(0), "the store was full at times");
        Assert.That(getWaits.Max, Is.GreaterThan(0), "and empty at others");

        IEnumerable<Event> Producer(int item)
        {
            yield return store.Put(item);
        }

        IEnumerable<Event> Consumer()
        {
            for (var i = 0; i < Customers; i++)
            {
                yield return store.Get();
                yield return env.TimeoutD(new Exponential(0.95));
            }
        }
    }

    void Run(Func<int, IEnumerable<Event>> visit)
    {
        env.Process(Arrivals());
        env.Run();

        IEnumerable<Event> Arrivals()
        {
            for (var i = 0; i < Customers; i++)
            {
                yield return env.TimeoutD(new Exponential(1));
                env.Process(visit(i));
            }
        }
    }

    IEnumerable<Event> Visit(Func<Request> demand)
    {
        using var request = demand();
        yield return request | env.TimeoutD(new Exponential(4));
        if (request.IsProcessed) yield return env.TimeoutD(new Exponential(1.8));
    }

    void Holds()
    {
        Assert.That(times.Count + breakOffs.Count, Is.EqualTo(Customers), "who came has left");
        Same(number.Area, times.Total + breakOffs.Total, "customers in the system");
        Same(queue.Area, waits.Total + breakOffs.Total, "customers in the queue");
        var (rate, mean) = (Customers / number.TotalTimeD, (times.Total + breakOffs.Total) / Customers);
        Same(number.Mean, rate * mean, "L = λ W");
    }

    static void Same(double overTime, double byCustomer, string what)
    {
        Assert.That(overTime, Is.GreaterThan(0), what);
        Assert.That(overTime, Is.EqualTo(byCustomer).Within(Rounding * byCustomer), what);
    }
}
