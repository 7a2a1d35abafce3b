using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Tests.Models;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// Processes that ask for a resource, lose patience, are called away by an interrupt or lose their unit to somebody more urgent, against
/// a loop over the naive models that looks for whatever happens next. Times are random ticks, so that what happens at one time has one cause; it is
/// compared without order, to which the tests of the resources see.
/// </summary>
public class CustomerModelTests
{
    const int Units = 3;

    static readonly Dictionary<string, (Func<Simulation, Func<Customer, Request>> Engine, Func<NaiveAgenda, NaiveResource> Naive)> kinds = new()
    {
        [nameof(Resource)] = (env =>
        {
            var it = new Resource(env, Units);
            return _ => it.Request();
        }, agenda => new NaiveResource(agenda, Units)),
        [nameof(PriorityResource)] = (env =>
        {
            var it = new PriorityResource(env, Units);
            return c => it.Request(c.Priority);
        }, agenda => new NaivePriorityResource(agenda, Units)),
        [nameof(PreemptiveResource)] = (env =>
        {
            var it = new PreemptiveResource(env, Units);
            return c => it.Request(c.Priority, c.Preempts);
        }, agenda => new NaivePreemptiveResource(agenda, Units)),
        [nameof(ResourcePool)] = (env =>
        {
            var it = new ResourcePool(env, Enumerable.Range(0, Units).Cast<object>());
            return c => it.Request(unit => c.ToClaim().Takes((int)unit));
        }, agenda => new NaivePool(agenda, Units)),
    };

    static IEnumerable<string> Kinds => kinds.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void Customers_come_wait_give_up_are_served_preempted_and_called_away_as_in_the_naive_model(string kind)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var customers = Random(seed, count: 30, span: 30_000_000_000);
            if (Difference(kind, customers) is null) continue;
            var few = Comparison.Shrink(customers, fewer => Difference(kind, fewer) is not null);
            Assert.Fail($"seed {seed}:\n{string.Join('\n', few)}\n{Difference(kind, few)}");
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void More_than_a_thousand_customers_wait_at_one_time_as_in_the_naive_model(string kind)
    {
        var customers = Random(seed: 0, count: 3000, span: 1_000_000_000_000, load: 5);
        var model = new Model(customers, kinds[kind].Naive);
        var log = model.Run();
        Assert.That(Difference(Observe(customers, kinds[kind].Engine), log), Is.Null);
        Assert.That(model.MostWaiting, Is.GreaterThan(1000));
        foreach (var what in new[] { "gives up", "is served", "is done", "is called away" }) Assert.That(log.Count(line => line.What.StartsWith(what, StringComparison.Ordinal)), Is.GreaterThan(20), what);
        if (kind == nameof(PreemptiveResource)) Assert.That(log.Count(line => line.What == "is preempted"), Is.GreaterThan(20));
    }

    static Customer[] Random(int seed, int count, long span, int load = 1)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(number => new Customer(number, Arrival: random.NextInt64(1, span), Service: random.NextInt64(1, 2 * load * Units * span / count),
                Patience: random.Next(3) == 0 ? Customer.Never : random.NextInt64(1, span), Called: random.Next(4) == 0 ? random.NextInt64(1, 2 * span) : Customer.Never,
                Priority: random.Next(count / 8 + 1), Preempts: random.Next(2) == 0, Colour: random.Next(3))),
        ];
    }

    static string? Difference(string kind, IReadOnlyList<Customer> customers) =>
        Difference(Observe(customers, kinds[kind].Engine), new Model(customers, kinds[kind].Naive).Run());

    static string? Difference(List<(long Time, int Number, string What)> seen, List<(long Time, int Number, string What)> expected)
    {
        seen.Sort();
        expected.Sort();
        for (var i = 0; i < Math.Max(seen.Count, expected.Count); i++)
            if (seen.ElementAtOrDefault(i) != expected.ElementAtOrDefault(i)) return $"expected {expected.ElementAtOrDefault(i)} but saw {seen.ElementAtOrDefault(i)}";
        return null;
    }

    static List<(long Time, int Number, string What)> Observe(IReadOnlyList<Customer> customers, Func<Simulation, Func<Customer, Request>> create)
    {
        var (env, log) = (new Simulation(), new List<(long, int, string)>());
        var demand = create(env);
        foreach (var customer in customers) env.Process(CallAway(customer, env.Process(Visit(customer))));
        env.Run();
        return log;

        IEnumerable<Event> Visit(Customer customer)
        {
            yield return env.Timeout(TimeSpan.FromTicks(customer.Arrival));
            if (env.ActiveProcess!.HandleFault())
            {
                Say(customer, "does not come");
                yield break;
            }
            using var request = demand(customer);
            yield return customer.Patience == Customer.Never ? request : request | env.Timeout(TimeSpan.FromTicks(customer.Patience));
            if (env.ActiveProcess.HandleFault()) Say(customer, "is called away from the line");
            else if (!request.IsTriggered) Say(customer, "gives up");
            else
            {
                Say(customer, $"is served {request.Value}");
                yield return env.Timeout(TimeSpan.FromTicks(customer.Service));
                if (!env.ActiveProcess.HandleFault()) Say(customer, "is done");
                else Say(customer, env.ActiveProcess.Value is Preempted ? "is preempted" : "is called away");
            }
        }

        IEnumerable<Event> CallAway(Customer customer, Process visit)
        {
            if (customer.Called == Customer.Never) yield break;
            yield return env.Timeout(TimeSpan.FromTicks(customer.Called));
            if (!visit.IsTriggered) visit.Interrupt("called");
        }

        void Say(Customer customer, string what) => log.Add((env.Ticks, customer.Number, what.TrimEnd()));
    }

    readonly record struct Customer(int Number, long Arrival, long Service, long Patience, long Called, int Priority, bool Preempts, int Colour)
    {
        public const long Never = long.MaxValue / 4;

        public Claim ToClaim() => new($"{Number}", Priority, Preempts, Colour);
    }

    sealed class Model(IReadOnlyList<Customer> customers, Func<NaiveAgenda, NaiveResource> create)
    {
        enum State { Comes, Waits, Served, Gone }

        readonly NaiveAgenda agenda = new();
        readonly List<(long, int, string)> log = [];
        readonly Claim[] claims = [.. customers.Select(customer => customer.ToClaim())];
        readonly State[] states = new State[customers.Count];

        public int MostWaiting { get; private set; }

        public List<(long Time, int Number, string What)> Run()
        {
            var resource = create(agenda);
            while (true)
            {
                var next = Enumerable.Range(0, customers.Count).Where(i => states[i] != State.Gone).DefaultIfEmpty(-1).MinBy(i => i < 0 ? 0 : NextTime(i));
                if (next < 0) return log;
                agenda.Advance(NextTime(next) - agenda.Now);
                Happen(next, resource);
                agenda.RunDry();
                Look();
                MostWaiting = Math.Max(MostWaiting, resource.Waiting.Count);
            }
        }

        long NextTime(int i) => Math.Min(customers[i].Called, states[i] switch
        {
            State.Comes => customers[i].Arrival,
            State.Waits => claims[i].Made + customers[i].Patience,
            _ => claims[i].Granted + customers[i].Service,
        });

        void Happen(int i, NaiveResource resource)
        {
            var isCalled = agenda.Now == customers[i].Called;
            if (states[i] == State.Comes && !isCalled)
            {
                states[i] = State.Waits;
                resource.Request(claims[i]);
                return;
            }
            Leave(i, states[i] switch
            {
                State.Comes => "does not come",
                State.Waits => isCalled ? "is called away from the line" : "gives up",
                _ => isCalled ? "is called away" : "is done",
            });
            resource.GiveBack(claims[i]);
        }

        /// <summary>Who has lost a unit, and who has got one.</summary>
        void Look()
        {
            for (var i = 0; i < states.Length; i++)
                if (states[i] == State.Served && claims[i].IsPreempted) Leave(i, "is preempted");
            for (var i = 0; i < states.Length; i++)
            {
                if (states[i] != State.Waits || claims[i].State == 'a') continue;
                states[i] = State.Served;
                log.Add((agenda.Now, customers[i].Number, $"is served {claims[i].Unit}".TrimEnd()));
            }
        }

        void Leave(int i, string how)
        {
            states[i] = State.Gone;
            log.Add((agenda.Now, customers[i].Number, how));
        }
    }
}
