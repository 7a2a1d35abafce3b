using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Statistics;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// Queues with a known answer, written as any user of the engine would write them. Rates are per second; times are seconds in the system.
/// A run of 40,000 customers, after 2,000 that do not count, gives a 99 % interval (Student-t over 20 batches of consecutive customers). Runs have the
/// seeds 1 to 8; nobody chose them, so some may miss by chance, but no more than a binomial law allows. That an interval holds the theory
/// says little unless it is narrow: the 99.9 % interval of all runs together reaches less than 3 % to each side, holds the theory, and
/// does not hold what the theory says of an arrival rate 5 % higher or lower.
/// Formulas: Kleinrock, "Queueing Systems", volume 1 (1975) and, for priorities, volume 2 (1976).
/// </summary>
public class QueueingTests
{
    const int Customers = 42_000, WarmUp = 2_000, Seeds = 8;
    const double Confidence = 0.99, ConfidenceOfAll = 0.999, WidestHalfWidth = 0.03;

    [Test]
    public void M_M_1() => Agrees(
        rate => 1 / (1 - rate), rate: 0.6, (env, _) => Resource(env, servers: 1, new Exponential(1)));

    [Test]
    public void M_M_1_with_a_store_for_the_queue() => Agrees(
        rate => 1 / (1 - rate), rate: 0.6, (env, _) => StoreAndServer(env, new Exponential(1)));

    [TestCase(2, 1.2)]
    [TestCase(5, 3.8)]
    public void M_M_c(int servers, double rate) => Agrees(
        r => ErlangWait(servers, r) + 1, rate, (env, _) => Resource(env, servers, new Exponential(1)));

    [Test]
    public void M_M_c_with_a_pool() => Agrees(
        rate => ErlangWait(3, rate) + 1, rate: 2.1, (env, _) => Pool(env, units: 3, new Exponential(1)));

    [Test]
    public void M_D_1() => Agrees(
        rate => PollaczekKhinchine(rate, mean: 1, deviation: 0), rate: 0.7, (env, _) => Resource(env, servers: 1, new Constant<double>(1)));

    [Test]
    public void M_G_1_with_an_Erlang_service() => AgreesWithPollaczekKhinchine(new Erlang(3, 3), 1, 1 / Math.Sqrt(3));

    [Test]
    public void M_G_1_with_a_uniform_service() => AgreesWithPollaczekKhinchine(new Uniform(0, 2), 1, 1 / Math.Sqrt(3));

    [Test]
    public void M_G_1_with_a_lognormal_service() => AgreesWithPollaczekKhinchine(new LogNormal(1, 0.7), 1, 0.7);

    [TestCase(0)]
    [TestCase(1)]
    public void M_M_1_with_two_priorities(int observed)
    {
        // Cobham: the residual service that an arrival finds, over the shares of time that those before it leave. Half of the customers are urgent.
        double Time(double rate) => observed == 0 ? rate / (1 - rate / 2) + 1 : rate / ((1 - rate / 2) * (1 - rate)) + 1;
        Agrees(Time, rate: observed == 0 ? 0.8 : 0.5, (env, priorities) => ByPriority(env, priorities), observed);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void M_M_1_with_two_priorities_and_preemption(int observed)
    {
        double Time(double rate) => observed == 0 ? 1 / (1 - rate / 2) : 1 / ((1 - rate / 2) * (1 - rate));
        // The urgent see but half of the load; less of it and a change of 5 % would hardly move them.
        Agrees(Time, rate: observed == 0 ? 0.9 : 0.5, (env, priorities) => Preemptive(env, priorities), observed);
    }

    [Test]
    public void A_Jackson_network_with_feedback()
    {
        Agrees(rate => Jackson.Of(rate).Time, rate: 0.5, (env, _) => Network(env, new Resource(env), new Resource(env, 2), new Resource(env)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_node_of_a_Jackson_network_is_a_queue_of_its_own(int node)
    {
        Agrees(rate => Jackson.Of(rate).Visits[node], rate: 0.5, seed =>
        {
            var env = new Simulation(seed);
            var visits = new SampleMonitor(collect: true);
            Resource[] nodes = [new(env), new(env, 2), new(env)];
            nodes[node].LeadTime = visits;
            Run(env, rate: 0.5, Network(env, nodes));
            return [.. visits.Samples.Skip(WarmUp)];
        });
    }

    [Test]
    public void The_mean_number_of_customers_in_M_M_1_by_independent_replications()
    {
        const int Replications = 20;
        var numbers = Enumerable.Range(1, Replications).Select(seed =>
        {
            var env = new Simulation(seed);
            var server = new Resource(env) { WIP = new TimeSeriesMonitor(env) };
            Run(env, rate: 0.6, _ => Visit(env, server, new Exponential(1)));
            return server.WIP.Mean;
        }).ToArray();
        Decides(BatchMeans.Mean(numbers, Replications, Confidence), rate => rate / (1 - rate), rate: 0.6);
    }

    static void AgreesWithPollaczekKhinchine(IDistribution<double> service, double mean, double deviation) =>
        Agrees(rate => PollaczekKhinchine(rate, mean, deviation), rate: 0.65, (env, _) => Resource(env, servers: 1, service));

    static void Agrees(Func<double, double> theory, double rate, Func<Simulation, int[], Func<int, IEnumerable<Event>>> model, int observed = 0) => Agrees(theory, rate, seed =>
    {
        var env = new Simulation(seed);
        var priorities = new int[Customers];
        var times = Run(env, rate, model(env, priorities));
        return [.. times.Where((_, customer) => priorities[customer] == observed).Skip(WarmUp)];
    });

    static void Agrees(Func<double, double> theory, double rate, Func<int, double[]> observe)
    {
        double[][] runs = [.. Enumerable.Range(1, Seeds).Select(observe)];
        Estimate[] estimates = [.. runs.Select(times => BatchMeans.Mean(times, confidence: Confidence))];
        Assert.That(estimates.Count(e => !Holds(e, theory(rate))), Is.AtMost(MissesByChance()), $"{theory(rate)}\n{string.Join('\n', estimates)}");
        Decides(BatchMeans.Mean([.. runs.SelectMany(times => times)], Seeds * BatchMeans.DefaultBatches, ConfidenceOfAll), theory, rate);
    }

    /// <summary>An interval that is narrow, holds the theory, and holds no theory that is a little wrong.</summary>
    static void Decides(Estimate estimate, Func<double, double> theory, double rate)
    {
        Assert.That(estimate.HalfWidth, Is.LessThan(WidestHalfWidth * estimate.Value), $"{estimate}");
        Assert.That(theory(rate), Is.InRange(estimate.Low, estimate.High));
        Assert.That(theory(1.05 * rate), Is.Not.InRange(estimate.Low, estimate.High));
        Assert.That(theory(0.95 * rate), Is.Not.InRange(estimate.Low, estimate.High));
    }

    static bool Holds(Estimate estimate, double value) => estimate.Low <= value && value <= estimate.High;

    /// <summary>So many of the seeds may miss, that more would by chance only once in a thousand.</summary>
    static int MissesByChance()
    {
        var (misses, chance) = (0, Math.Pow(Confidence, Seeds));
        for (var more = 1 - chance; more >= 0.001; more -= chance)
        {
            chance *= (1 - Confidence) / Confidence * (Seeds - misses) / (misses + 1);
            misses++;
        }
        return misses;
    }

    /// <summary>Time in the system of an M/G/1 queue.</summary>
    static double PollaczekKhinchine(double rate, double mean, double deviation) =>
        rate * (deviation * deviation + mean * mean) / (2 * (1 - rate * mean)) + mean;

    /// <summary>Time in the queue of an M/M/c queue with services of mean 1: Erlang's C formula.</summary>
    static double ErlangWait(int servers, double rate)
    {
        // Erlang's B formula by its recurrence, then C from B.
        var blocked = 1.0;
        for (var n = 1; n <= servers; n++) blocked = rate * blocked / (n + rate * blocked);
        var waits = blocked / (1 - rate / servers * (1 - blocked));
        return waits / (servers - rate);
    }

    /// <summary>Sends customers with exponential gaps; returns how long each was in the system, by order of arrival.</summary>
    static double[] Run(Simulation env, double rate, Func<int, IEnumerable<Event>> visit)
    {
        var times = new double[Customers];
        env.Process(Arrivals());
        env.Run();
        return times;

        IEnumerable<Event> Arrivals()
        {
            var gap = new Exponential(1 / rate);
            for (var i = 0; i < Customers; i++)
            {
                yield return env.TimeoutD(gap);
                env.Process(Customer(i));
            }
        }

        IEnumerable<Event> Customer(int number)
        {
            var arrival = env.NowD;
            foreach (var wait in visit(number)) yield return wait;
            times[number] = env.NowD - arrival;
        }
    }

    static Func<int, IEnumerable<Event>> Resource(Simulation env, int servers, IDistribution<double> service)
    {
        var resource = new Resource(env, servers);
        return _ => Visit(env, resource, service);
    }

    static IEnumerable<Event> Visit(Simulation env, Resource resource, IDistribution<double> service)
    {
        using var request = resource.Request();
        yield return request;
        yield return env.TimeoutD(service);
    }

    static Func<int, IEnumerable<Event>> Pool(Simulation env, int units, IDistribution<double> service)
    {
        var pool = new ResourcePool(env, Enumerable.Range(0, units).Cast<object>());
        return _ => Visit();

        IEnumerable<Event> Visit()
        {
            using var request = pool.Request();
            yield return request;
            yield return env.TimeoutD(service);
        }
    }

    static Func<int, IEnumerable<Event>> StoreAndServer(Simulation env, IDistribution<double> service)
    {
        var jobs = new Store(env);
        env.Process(Server());
        return _ => Visit();

        IEnumerable<Event> Server()
        {
            while (true)
            {
                var get = jobs.Get();
                yield return get;
                yield return env.TimeoutD(service);
                ((Event)get.Value!).Succeed();
            }
        }

        IEnumerable<Event> Visit()
        {
            var done = new Event(env);
            jobs.Put(done);
            yield return done;
        }
    }

    static Func<int, IEnumerable<Event>> ByPriority(Simulation env, int[] priorities)
    {
        var server = new PriorityResource(env);
        var coin = new UniformDiscrete(0, 2);
        return Visit;

        IEnumerable<Event> Visit(int customer)
        {
            priorities[customer] = env.Rand(coin);
            using var request = server.Request(priorities[customer]);
            yield return request;
            yield return env.TimeoutD(new Exponential(1));
        }
    }

    static Func<int, IEnumerable<Event>> Preemptive(Simulation env, int[] priorities)
    {
        var server = new PreemptiveResource(env);
        var coin = new UniformDiscrete(0, 2);
        return Visit;

        IEnumerable<Event> Visit(int customer)
        {
            priorities[customer] = env.Rand(coin);
            var left = env.Rand(new Exponential(1));
            while (left > 0)
            {
                using var request = server.Request(priorities[customer], preempt: true);
                yield return request;
                if (env.ActiveProcess!.HandleFault()) continue;
                var began = env.NowD;
                yield return env.TimeoutD(left);
                left = env.ActiveProcess.HandleFault() ? left - (env.NowD - began) : 0;
            }
        }
    }

    static Func<int, IEnumerable<Event>> Network(Simulation env, params Resource[] nodes)
    {
        return _ => Travel();

        IEnumerable<Event> Travel()
        {
            for (var node = 0; node < nodes.Length; node = Next(node))
            {
                using var request = nodes[node].Request();
                yield return request;
                yield return env.TimeoutD(new Exponential(Jackson.Service[node]));
            }
        }

        int Next(int node)
        {
            var left = env.Rand(new Uniform(0, 1));
            var next = 0;
            while (next < nodes.Length && (left -= Jackson.Routing[node][next]) >= 0) next++;
            return next;
        }
    }

    /// <summary>Three nodes of 1, 2 and 1 servers; customers come to the first, and go back from the others.</summary>
    sealed record Jackson(double Time, double[] Visits)
    {
        public static readonly double[] Service = [0.9, 2, 1];
        public static readonly double[][] Routing = [[0, 0.6, 0.4], [0.25, 0, 0.25], [0.2, 0, 0]];
        static readonly int[] servers = [1, 2, 1];

        /// <summary>Jackson, "Networks of Waiting Lines", 1957: each node as if alone, at the rate that the traffic equations give.</summary>
        public static Jackson Of(double rate)
        {
            var rates = new double[3];
            for (var round = 0; round < 200; round++)
                rates = [.. Enumerable.Range(0, 3).Select(to => (to == 0 ? rate : 0) + Enumerable.Range(0, 3).Sum(from => rates[from] * Routing[from][to]))];
            double[] visits = [.. rates.Select((r, node) => Service[node] * (ErlangWait(servers[node], r * Service[node]) + 1))];
            return new(rates.Zip(visits, (r, time) => r * time).Sum() / rate, visits);
        }
    }
}
