using System.Collections.Specialized;
using UnderBridge.Sim.Engine;
using Timeout = UnderBridge.Sim.Engine.Timeout;

namespace UnderBridge.Sim.Tests;

public class ConditionTests
{
    readonly Simulation env = new();

    [SetUp]
    public void Start() => env.Reset(0);

    Timeout After(long ticks, object? value = null) => new Timeout(env, TimeSpan.FromTicks(ticks), value);

    static object?[] Values(Condition condition) => [.. condition.Value!.Values.Cast<object?>()];

    [Test]
    public void Any_happens_with_the_first_and_all_with_the_last()
    {
        var any = After(3, "a") | After(5, "b");
        var all = After(3, "a") & After(5, "b");
        env.Run(any);
        Assert.That(env.Ticks, Is.EqualTo(3));
        Assert.That(Values(any), Is.EqualTo(new[] { "a" }));
        var value = (OrderedDictionary)env.Run(all)!;
        Assert.That(env.Ticks, Is.EqualTo(5));
        Assert.That(value.Values, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Empty_conditions_happen_at_once()
    {
        var any = new AnyOf(env);
        var all = new AllOf(env, []);
        Assert.That((any.IsTriggered, all.IsTriggered), Is.EqualTo((true, true)));
        env.Run();
        Assert.That((any.Value!.Count, all.Value!.Count, env.Ticks), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void Conditions_look_at_processed_events_not_at_triggered_ones()
    {
        var triggered = new Event(env);
        triggered.Succeed();
        var any = new AnyOf(env, triggered);
        Assert.That(any.IsTriggered, Is.False);
        env.Run();
        Assert.That(new AnyOf(env, triggered, new Event(env)).IsTriggered);
    }

    [Test]
    public void The_values_are_taken_when_the_condition_is_processed()
    {
        var any = After(3, "a") | After(3, "b");
        env.Run(any);
        Assert.That(Values(any), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void The_values_of_nested_conditions_are_flattened()
    {
        var (a, b, c, d) = (After(1, "a"), After(2, "b"), After(3, "c"), After(9, "d"));
        var all = (a | d) & (b & c);
        env.Run(all);
        Assert.That(all.Value!.Keys, Is.EqualTo(new[] { a, b, c }));
        Assert.That(Values(all), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public void A_failed_event_makes_the_condition_fail_with_its_cause()
    {
        var all = new AllOf(env, After(2), new Timeout(env, TimeSpan.FromTicks(1), "cause", isOk: false));
        Assert.That(env.Run(all), Is.EqualTo("cause"));
        Assert.That((all.IsOk, env.Ticks), Is.EqualTo((false, 1L)));
    }

    [Test]
    public void A_failure_after_the_condition_was_processed_is_no_longer_its_concern()
    {
        var failing = new Timeout(env, TimeSpan.FromTicks(1), "cause", isOk: false, priority: 1);
        _ = new AnyOf(env, After(1), failing);
        Assert.DoesNotThrow(() => env.Run());
    }

    [Test]
    public void A_failure_between_the_trigger_of_a_condition_and_its_processing_throws()
    {
        var ok = After(1);
        var failing = new Timeout(env, TimeSpan.FromTicks(1), "cause", isOk: false);
        _ = new AnyOf(env, ok, failing);
        Assert.Throws<InvalidOperationException>(() => env.Run());
    }

    [Test]
    public void Events_of_two_simulations_do_not_combine()
    {
        var other = new Event(new Simulation());
        Assert.Throws<ArgumentException>(() => _ = other & After(1));
    }

    [Test]
    public void A_long_lived_event_keeps_nothing_of_the_conditions_that_are_over()
    {
        var shutdown = new Watched(env);
        env.Process(Body());
        env.Run();
        Assert.That(shutdown.Callbacks, Is.Zero);

        IEnumerable<Event> Body()
        {
            for (var i = 0; i < 100; i++)
            {
                yield return shutdown | After(1);
                yield return shutdown | new Event(env) | After(1);
                yield return (shutdown & new Event(env)) | After(1);
            }
        }
    }

    [Test]
    public void A_nested_condition_that_lost_its_condition_still_tells_the_truth_when_asked_or_waited_for()
    {
        var (a, b) = (After(5), After(6));
        var asked = a & b;
        var awaited = a & b;
        env.Process(Body());
        env.Run();
        Assert.That(asked.IsTriggered);

        IEnumerable<Event> Body()
        {
            yield return asked | After(1);
            yield return awaited | After(1);
            Assert.That((env.Ticks, asked.IsTriggered, awaited.IsTriggered), Is.EqualTo((2L, false, false)));
            yield return awaited;
            Assert.That(env.Ticks, Is.EqualTo(6));
        }
    }

    sealed class Watched(Simulation env) : Event(env)
    {
        public int Callbacks => CallbackList!.Count;
    }
}
