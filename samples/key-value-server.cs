#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
// A server of one's own: a store of 512-byte values under numbers. It changes its state when it is asked, and writes down what that takes.
// What does a request take under each design, with an app that puts a value now and then and gets the others; how much of that is IPC, and how much rests on assumptions?
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

const int WarmUp = 200, Requests = 2000, Keys = 256;

var catalogue = Catalogue.Load();

Console.WriteLine("system               cycles a request     IPC  assumed    hits  lines written");
foreach (var words in new[] { "sel4 with kpti", "skybridge on sel4", "underbridge on sel4" })
{
    var system = new SimulatedSystem(Study.SpecOf("xeon-gold-6138", words, new() { Catalogue = catalogue }), seed: 1);
    var store = new KeyValueStore(Keys);
    var servers = system.AddServers(workScale: 1, (Program("store") with { Prices = KeyValueStore.Prices }, store));
    var app = new ReplayApp(system, Program("app"), [.. Calls(new RandomStream(1, "keys"))], servers, Number("compute", 500), workScale: 1);
    var warm = LedgerMark.Take(system);
    app.Run(ended => warm = ended == WarmUp ? LedgerMark.Take(system) : warm);
    var spent = LedgerMark.Take(system).Since(warm);
    double Share(double cycles) => cycles / spent.Total;
    var ipc = Share(spent.ByCause.Where(one => one.Key.IsIpcStep()).Sum(one => one.Value));
    var assumed = Share(spent.ByNumber.Where(one => one.Number.Grade == Grade.Assumed).Sum(one => one.Cycles));
    Console.WriteLine(FormattableString.Invariant(
        $"{words,-19}  {spent.Total / (double)Requests,16:0.0}  {100 * ipc,4:0} %  {100 * assumed,5:0} %  {store.Hits,6}  {store.LinesWritten,13}"));
}

ProgramSpec Program(string name) => catalogue.Programs["echo"] with { Name = name };

static Sourced<double> Number(string name, double cycles) => new(name, cycles, "cycles", Grade.Assumed, new Citation("user", "this sample"));

static IEnumerable<ReplayCall> Calls(IRandom random)
{
    for (var i = 0; i < WarmUp + Requests; i++)
        yield return new ReplayCall(500, Server: 0, new ServerRequest(random.Next(10) == 0 ? KeyValueStore.Put : KeyValueStore.Get, random.Next(Keys)), EndsOperation: true);
}

sealed class KeyValueStore(int keys) : IServerHandler
{
    public const int Get = 0, Put = 1;
    const int Lookup = 0, Line = 1, Values = 0, LinesOfValue = 8;

    public static readonly IReadOnlyDictionary<string, Sourced<double>> Prices = new Dictionary<string, Sourced<double>>
    {
        ["lookup"] = new("store.lookup", 80, "cycles", Grade.Assumed, new Citation("user", "this sample")),
        ["line"] = new("store.line", 6, "cycles", Grade.Assumed, new Citation("user", "this sample")),
    };

    readonly HashSet<int> known = [];

    public int Hits { get; private set; }
    public int LinesWritten { get; private set; }
    public IReadOnlyList<string> PriceNames => ["lookup", "line"];
    public IReadOnlyList<ServerRegion> Regions { get; } = [new("values", keys * LinesOfValue * 64L)];
    public IReadOnlyList<int> Callees => [];

    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        plan.Work(Lookup, 1);
        var writes = request.Operation == Put;
        if (writes) known.Add(request.Subject);
        else if (known.Contains(request.Subject)) Hits++;
        else return;
        if (writes) LinesWritten += LinesOfValue;
        plan.Touch(Values, request.Subject * LinesOfValue, LinesOfValue, writes);
        plan.Copy(Line, LinesOfValue);
    }
}
