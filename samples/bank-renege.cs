#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
// A bank with one counter. Customers come at random, wait in line, and leave when their patience ends.
// How many does the bank lose, and how long do the others wait? After the example "Bank Renege" of SimPy.
using UnderBridge.Sim.Engine;

const int Seed = 42;
var gap = new Exponential(mean: 10);
var service = new Exponential(mean: 6);

Console.WriteLine("The first eight customers, in minutes");
var morning = new Bank(Seed, patience: 5, gap, service, isTalkative: true);
morning.Open(customers: 8);

Console.WriteLine();
Console.WriteLine("patience  lost %  mean wait of the served");
foreach (var patience in new[] { 1, 5, 20, double.PositiveInfinity })
{
    var bank = new Bank(Seed, patience, gap, service);
    bank.Open(customers: 50_000);
    Console.WriteLine($"{(double.IsFinite(patience) ? $"{patience}" : "endless"),8}  {100.0 * bank.Lost / 50_000,6:0.0}  {bank.Waits.Mean,8:0.0}");
}
// With endless patience it is an M/M/1 queue.
var load = service.Mean / gap.Mean;
Console.WriteLine($"  theory     0.0  {load / (1 - load) * service.Mean,8:0.0}");

sealed class Bank(int seed, double patience, Exponential gap, Exponential service, bool isTalkative = false)
{
    readonly Simulation env = new(seed, TimeSpan.FromMinutes(1));

    public int Lost { get; private set; }
    public SampleMonitor Waits { get; } = new();

    public void Open(int customers)
    {
        env.Process(Arrivals(new Resource(env), customers));
        env.Run();
    }

    IEnumerable<Event> Arrivals(Resource counter, int customers)
    {
        for (var number = 1; number <= customers; number++)
        {
            env.Process(Customer($"customer {number}", counter));
            yield return env.TimeoutD(gap);
        }
    }

    IEnumerable<Event> Customer(string name, Resource counter)
    {
        var arrival = env.NowD;
        Say(name, "comes");
        using var request = counter.Request();
        if (double.IsFinite(patience)) yield return request | env.TimeoutD(env.Rand(new Exponential(patience)));
        else yield return request;
        if (!request.IsTriggered)
        {
            Lost++;
            Say(name, $"leaves after {env.NowD - arrival:0.0}");
            yield break;
        }
        Waits.Add(env.NowD - arrival);
        Say(name, $"is served after {env.NowD - arrival:0.0}");
        yield return env.TimeoutD(service);
        Say(name, "is done");
    }

    void Say(string who, string what)
    {
        if (isTalkative) env.Log($"{env.NowD,5:0.0} {who} {what}");
    }
}
