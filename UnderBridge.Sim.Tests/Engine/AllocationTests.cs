using System.Globalization;
using System.Text.RegularExpressions;
using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

/// <summary>docs/engine.md says how many bytes each operation takes; the expected values are there and nowhere else.</summary>
public partial class AllocationTests
{
    const int Times = 1000;

    static readonly Dictionary<string, Func<Simulation, int, IEnumerable<Event>>> operations = new()
    {
        ["Hold"] = Hold,
        ["Timeout"] = Timeout,
        ["Event, waited for and succeeded"] = Succeed,
        ["Process, without its body"] = Start,
        ["Interrupt"] = Interrupt,
        ["Request and Release of a Resource"] = RequestAndRelease,
        ["Request and Release of a PriorityResource"] = RequestAndReleaseByPriority,
        ["Put and Get of a Store"] = PutAndGet,
        ["Put and Get of a Container"] = Pour,
        ["AnyOf two Timeouts, with these"] = (env, times) => Combine(env, times, (a, b) => a | b),
        ["AllOf two Timeouts, with these"] = (env, times) => Combine(env, times, (a, b) => a & b),
        ["Signal, set and waited for"] = SetSignal,
    };

    static IEnumerable<TestCaseData> Documented() =>
        Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "engine.md"))).Select(row => new TestCaseData(row.Groups[1].Value, int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture)));

    [TestCaseSource(nameof(Documented))]
    public void An_operation_takes_as_many_bytes_as_documented(string operation, int bytes) => Assert.That(BytesOf(operations[operation]), Is.EqualTo(bytes));

    [Test]
    public void Every_operation_is_documented_once() => Assert.That(Documented().Select(row => row.Arguments[0]), Is.EqualTo(operations.Keys));

    [Test]
    public void A_hold_takes_no_bytes_whoever_holds_and_however_many_do()
    {
        var env = new Simulation();
        for (var i = 0; i < 3000; i++) env.Process(Body(i));
        env.Run(TimeSpan.FromTicks(100_000));
        var events = env.EventCount;
        Assert.That(Allocated.Least(() => env.Run(TimeSpan.FromTicks(100_000))), Is.Zero);
        Assert.That(env.EventCount - events, Is.GreaterThan(1_500_000));

        IEnumerable<Event> Body(int number)
        {
            for (var i = number; ; i++) yield return env.Hold(i % 7 == 0 ? 0 : i % 1000);
        }
    }

    /// <summary>Of one operation, when all that is allocated once has been.</summary>
    static double BytesOf(Func<Simulation, int, IEnumerable<Event>> operation)
    {
        var env = new Simulation();
        Bytes(20 * Times);
        return (Least(2 * Times) - Least(Times)) / (double)Times;

        // A collection in between would count the rest of this thread's allocation buffer as allocated.
        long Least(int times) => Enumerable.Range(0, 5).Min(_ => Bytes(times));

        long Bytes(int times)
        {
            var process = env.Process(operation(env, times));
            var before = GC.GetAllocatedBytesForCurrentThread();
            env.Run(process);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    static IEnumerable<Event> Hold(Simulation env, int times)
    {
        for (var i = 0; i < times; i++) yield return env.Hold(3);
    }

    static IEnumerable<Event> Timeout(Simulation env, int times)
    {
        for (var i = 0; i < times; i++) yield return env.Timeout(TimeSpan.FromTicks(3));
    }

    static IEnumerable<Event> Succeed(Simulation env, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var happening = new Event(env);
            happening.Succeed();
            yield return happening;
        }
    }

    static IEnumerable<Event> Start(Simulation env, int times)
    {
        // An empty array has one enumerator for all.
        for (var i = 0; i < times; i++) yield return env.Process(Array.Empty<Event>());
    }

    static IEnumerable<Event> Interrupt(Simulation env, int times)
    {
        var never = new Event(env);
        var victim = env.Process(Wait());
        yield return env.Hold(1);
        for (var i = 0; i < times; i++)
        {
            victim.Interrupt();
            yield return env.Hold(1);
        }

        IEnumerable<Event> Wait()
        {
            while (true)
            {
                yield return never;
                env.ActiveProcess!.HandleFault();
            }
        }
    }

    static IEnumerable<Event> RequestAndRelease(Simulation env, int times)
    {
        var resource = new Resource(env);
        for (var i = 0; i < times; i++)
        {
            var request = resource.Request();
            yield return request;
            yield return resource.Release(request);
        }
    }

    static IEnumerable<Event> RequestAndReleaseByPriority(Simulation env, int times)
    {
        var resource = new PriorityResource(env);
        for (var i = 0; i < times; i++)
        {
            var request = resource.Request();
            yield return request;
            yield return resource.Release(request);
        }
    }

    static IEnumerable<Event> PutAndGet(Simulation env, int times)
    {
        var store = new Store(env);
        for (var i = 0; i < times; i++)
        {
            yield return store.Put(env);
            yield return store.Get();
        }
    }

    static IEnumerable<Event> Pour(Simulation env, int times)
    {
        var container = new Container(env);
        for (var i = 0; i < times; i++)
        {
            yield return container.Put(1);
            yield return container.Get(1);
        }
    }

    static IEnumerable<Event> Combine(Simulation env, int times, Func<Event, Event, Event> combine)
    {
        for (var i = 0; i < times; i++) yield return combine(env.Timeout(TimeSpan.FromTicks(1)), env.Timeout(TimeSpan.FromTicks(2)));
    }

    static IEnumerable<Event> SetSignal(Simulation env, int times)
    {
        var signal = new Signal(env);
        for (var i = 0; i < times; i++)
        {
            signal.Set();
            yield return signal.Wait();
        }
    }

    [GeneratedRegex(@"^\| ([^|]+) \| (\d+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
