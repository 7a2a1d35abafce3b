using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

/// <summary>What is done wrong is refused at once, in a sentence with the event, the process and the time.</summary>
public class RefusalTests
{
    Simulation env = null!;

    [SetUp]
    public void Start() => env = new();

    [Test]
    public void A_negative_delay() =>
        Refused<ArgumentException>(() => env.Timeout(TimeSpan.FromTicks(-4)), "A delay must not be negative, and -4 ticks are (tick 7, asked by clerk). (Parameter 'delay')");

    [Test]
    public void A_negative_hold() =>
        Refused<ArgumentOutOfRangeException>(() => env.Hold(-4), "A delay must not be negative, and -4 ticks are (tick 7, asked by clerk). (Parameter 'ticks')");

    [Test]
    public void A_delay_past_the_end_of_time() =>
        Refused<ArgumentOutOfRangeException>(() => env.Hold(long.MaxValue), "A delay must end before the year 10000, and 9223372036854775807 ticks do not (tick 7, asked by clerk). (Parameter 'ticks')");

    [Test]
    public void An_event_that_happens_twice()
    {
        var done = new Event(env);
        done.Succeed();
        Refused<InvalidOperationException>(() => done.Succeed(), "Event has already been triggered (tick 7, asked by clerk).");
    }

    [Test]
    public void A_callback_of_what_is_over()
    {
        var done = env.Timeout(TimeSpan.FromTicks(2));
        Refused<InvalidOperationException>(() => done.AddCallback(_ => { }), "Timeout has already been processed, so nothing can wait for it (tick 7, asked by clerk).");
    }

    [Test]
    public void An_interrupt_of_oneself() =>
        Refused<InvalidOperationException>(() => env.ActiveProcess!.Interrupt(), "clerk is not allowed to interrupt itself (tick 7).");

    [Test]
    public void An_interrupt_of_one_who_has_gone()
    {
        var gone = env.Process(Nothing()).Named("customer");
        Refused<InvalidOperationException>(() => gone.Interrupt(), "customer has terminated and cannot be interrupted (tick 7, asked by clerk).");
    }

    [Test]
    public void A_run_into_the_past()
    {
        env.Run(TimeSpan.FromTicks(9));
        Assert.That(() => env.Run(env.StartDate.AddTicks(5)), Throws.InvalidOperationException.With.Message.EqualTo("A run must end in the future, not at tick 5 (tick 9)."));
    }

    [Test]
    public void A_run_for_what_cannot_happen_any_more() =>
        Assert.That(() => env.Run(new Event(env)), Throws.InvalidOperationException.With.Message.EqualTo("Nothing is scheduled any more, but the Event to run for has not happened (tick 0)."));

    [Test]
    public void A_step_when_nothing_is_scheduled() =>
        Assert.That(() => env.Step(), Throws.InvalidOperationException.With.Message.EqualTo("No event is scheduled (tick 0)."));

    [Test]
    public void A_resource_given_back_twice()
    {
        var resource = new Resource(env);
        var request = resource.Request();
        resource.Release(request);
        Refused<InvalidOperationException>(() => resource.Release(request), "Request is released but holds nothing (tick 7, asked by clerk).");
    }

    [Test]
    public void A_resource_that_one_never_held()
    {
        Resource mine = new(env), other = new(env);
        Refused<InvalidOperationException>(() => mine.Release(other.Request()), "Request of clerk is released but holds nothing (tick 7, asked by clerk).");
    }

    [Test]
    public void A_refused_release_does_not_stand_in_the_way_of_the_next()
    {
        var resource = new PriorityResource(env);
        var held = resource.Request();
        Assert.Throws<InvalidOperationException>(() => resource.Release(new PriorityResource(env).Request()));
        resource.Release(held);
        Assert.That(resource.InUse, Is.Zero);
    }

    /// <summary>A process named clerk does it at tick 7.</summary>
    void Refused<T>(Action wrong, string message)
        where T : Exception
    {
        env.Process(Clerk()).Named("clerk");
        Assert.That(() => env.Run(), Throws.TypeOf<T>().With.Message.EqualTo(message));

        IEnumerable<Event> Clerk()
        {
            yield return env.Timeout(TimeSpan.FromTicks(7));
            wrong();
        }
    }

    static IEnumerable<Event> Nothing()
    {
        yield break;
    }
}
