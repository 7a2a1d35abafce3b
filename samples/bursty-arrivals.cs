#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
// An arrival process of one's own: requests come when they come, whether the server is free or not. What does a caller wait for, when they come one by one and when
// they come in bursts, and does UnderBridge shorten it? Each replication has streams of its own, and both systems run on the same.
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

const double Gap = 6000;

var catalogue = Catalogue.Load();
string[] systems = ["sel4 with kpti", "underbridge on sel4"];
var specs = systems.Select(system => Study.SpecOf("xeon-gold-6138", system, new() { Catalogue = catalogue })).ToList();

Console.WriteLine("arrivals    seL4, cycles    theory  UnderBridge, cycles    theory    UnderBridge / seL4  is");
foreach (var (name, gap) in new (string, Func<IRandom, double>)[] { ("one by one", OneByOne), ("in bursts", InBursts) })
{
    var service = new double[specs.Count];
    var runs = Replications.Run(replication => [.. specs.Select((spec, i) =>
    {
        var loop = new OpenLoop(spec, catalogue, gap, Replication.Seed(1, replication));
        service[i] = loop.BusyPerRequest;
        return loop.MeanResponse;
    })], new StoppingRule(Most: 20, Precision: 0.05));
    var ratio = runs.Ratio(1, 0);
    Console.WriteLine(FormattableString.Invariant(
        $"{name,-10}  {Interval(runs.Mean(0), "0"),12}  {Theory(service[0]),8}  {Interval(runs.Mean(1), "0"),19}  {Theory(service[1]),8}  {Interval(ratio, "0.000"),20}  {ratio.Against(1).Words()}")
        + (runs.TooShort ? ", but too short for 5 %" : ""));

    // Pollaczek and Khinchine, for service times that hardly vary; of no use for bursts.
    string Theory(double cycles) => name == "one by one" ? FormattableString.Invariant($"{cycles + cycles * cycles / Gap / (2 * (1 - cycles / Gap)):0}") : "";
}

static double OneByOne(IRandom random) => Exponential.Sample(random, Gap);

// Nine of ten gaps are short, and the tenth is as long as gaps must be for the same mean.
static double InBursts(IRandom random) => Exponential.Sample(random, random.Next(10) == 0 ? Gap * 5.5 : Gap / 2);

static string Interval(Estimate estimate, string format) =>
    $"{estimate.Value.ToString(format, CultureInfo.InvariantCulture)} +- {estimate.HalfWidth.ToString(format, CultureInfo.InvariantCulture)}";

/// <summary>An app whose requests come by a clock of their own and wait in line for it.</summary>
sealed class OpenLoop
{
    const int WarmUp = 100, Requests = 1000;

    readonly SimulatedSystem system;
    readonly Server server;
    readonly Principal app;
    readonly Queue<long> waiting = new();
    readonly Signal came;
    readonly List<long> responses = [];

    public OpenLoop(SystemSpec spec, Catalogue catalogue, Func<IRandom, double> gap, int seed)
    {
        system = new SimulatedSystem(spec, seed);
        var work = new Sourced<double>("work", 2000, "cycles", Grade.Assumed, new Citation("user", "this sample"));
        var program = catalogue.Programs["echo"];
        server = system.AddServers(workScale: 1, (program with { Name = "server", Prices = new Dictionary<string, Sourced<double>> { [PlainServer.Work] = work } }, new PlainServer(0, 0)))[0];
        app = system.AddApp(program with { Name = "app" });
        system.Connect(app, server);
        came = new Signal(system.Environment, "a request");
        system.Environment.Process(Arrive(gap, system.Environment.Stream("arrivals")));
        system.Run(system.Environment.Process(Answer()));
    }

    public double MeanResponse => responses.Skip(WarmUp).Average();

    public double BusyPerRequest { get; private set; }

    IEnumerable<Event> Arrive(Func<IRandom, double> gap, IRandom random)
    {
        for (var i = 0; i < WarmUp + Requests; i++)
        {
            yield return system.Environment.Hold((long)Math.Round(gap(random)));
            waiting.Enqueue(system.Environment.Ticks);
            came.Set();
        }
    }

    // The app has the core while there is something to do, and finds it as it left it.
    IEnumerable<Event> Answer()
    {
        var (dispatched, busy) = (new Signal(system.Environment, "the core"), 0L);
        system.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        app.Start(system.Core);
        while (responses.Count < WarmUp + Requests)
        {
            while (waiting.TryDequeue(out var at))
            {
                var began = system.Environment.Ticks;
                yield return app.Call(server, default);
                app.Resume(system.Core);
                yield return system.Processor.Spend();
                responses.Add(system.Environment.Ticks - at);
                busy += system.Environment.Ticks - began;
            }
            if (responses.Count == WarmUp + Requests) break;
            var saved = Registers.Of(system.Core);
            system.Processor.Release();
            while (waiting.Count == 0) yield return came.Wait();
            system.Processor.Enqueue(dispatched, saved);
            yield return dispatched.Wait();
        }
        system.Processor.Release();
        BusyPerRequest = (double)busy / responses.Count;
    }
}
