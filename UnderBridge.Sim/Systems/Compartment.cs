using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// Services that live in one server, with nothing between them: they call each other through pointers, and those elsewhere by the system's paths. A request
/// names the service it is for by <see cref="ServerRequest.Operation"/>.
/// </summary>
sealed class Compartment : IServerHandler
{
    const string PointerCall = "indirect-call", PointerReturn = "indirect-return";

    readonly ServiceGraph graph;
    readonly Func<int, int> compartmentOf;
    readonly int number;
    readonly double? privilegedRate;
    readonly List<string> priceNames;
    readonly Dictionary<(int Service, int Item), CarriedRate> carried = [];

    /// <param name="graph">The services of the system.</param>
    /// <param name="compartmentOf">The compartment, by number, that a service lives in.</param>
    /// <param name="number">Which of them this is.</param>
    /// <param name="isCore">It is the kernel's own, in memory domain 0.</param>
    /// <param name="privilegedRate">Frequent privileged instructions in a million cycles of work, in place of what the programs say; or null.</param>
    public Compartment(ServiceGraph graph, Func<int, int> compartmentOf, int number, bool isCore, double? privilegedRate)
    {
        this.graph = graph;
        this.compartmentOf = compartmentOf;
        this.number = number;
        this.privilegedRate = privilegedRate;
        IsCore = isCore;
        priceNames = [PointerCall, PointerReturn, .. graph.Kinds.Select(kind => kind.Name)];
    }

    public IReadOnlyList<string> PriceNames => priceNames;
    public IReadOnlyList<ServerRegion> Regions => [];
    public bool IsCore { get; }
    public IReadOnlyList<int> Callees => [.. Services.SelectMany(service => graph.Services[service].Callees).Select(callee => compartmentOf(callee.Service)).Where(other => other != number).Distinct()];

    IEnumerable<int> Services => Enumerable.Range(0, graph.Services.Count).Where(service => compartmentOf(service) == number);

    /// <summary>The program of all of it: their code and data together.</summary>
    public ProgramSpec Program(string name, HardwareProfile machine)
    {
        var hosted = Services.Select(service => graph.Services[service].Program).DefaultIfEmpty(graph.Kinds[0]).ToList();

        Sourced<double> Together(Func<ProgramSpec, Sourced<double>> part) => part(hosted[0]) with { Value = hosted.Sum(program => part(program).Value) };

        return hosted[0] with
        {
            Name = name, Title = name, CodeKib = Together(program => program.CodeKib), DataKib = Together(program => program.DataKib),
            Prices = graph.Kinds.ToDictionary(kind => kind.Name, kind => kind.Service!.Work)
                .Concat([new(PointerCall, machine.Price(PointerCall)), new(PointerReturn, machine.Price(PointerReturn))]).ToDictionary(),
        };
    }

    public void Plan(in ServerRequest request, ServerPlan plan) => Serve(request.Operation, plan);

    void Serve(int service, ServerPlan plan)
    {
        var (program, callees) = (graph.Services[service].Program, graph.Services[service].Callees);
        var price = priceNames.IndexOf(program.Name);
        var calls = callees.SelectMany((callee, item) => Enumerable.Repeat(callee.Service, Whole(service, item, callee.Rate.Value))).ToList();
        foreach (var callee in calls)
        {
            plan.Work(price, 1.0 / (calls.Count + 1));
            Call(callee, plan);
        }
        plan.Work(price, 1.0 / (calls.Count + 1));
        foreach (var (instructions, rate) in program.Service!.Privileged)
        {
            var perMillion = instructions == PrivilegedClass.Frequent ? privilegedRate ?? rate.Value : rate.Value;
            var times = Whole(service, -1 - (int)instructions, perMillion * program.Service.Work.Value / 1e6);
            if (times > 0) plan.Privileged(instructions, times);
        }
    }

    void Call(int callee, ServerPlan plan)
    {
        var where = compartmentOf(callee);
        if (where != number)
        {
            plan.Call(where, new ServerRequest(callee));
            return;
        }
        plan.Work(0, 1);
        Serve(callee, plan);
        plan.Work(1, 1);
    }

    int Whole(int service, int item, double rate)
    {
        if (!carried.TryGetValue((service, item), out var due)) carried.Add((service, item), due = new CarriedRate());
        return due.Next(rate);
    }
}
