using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>A server as a process: it waits to be called, performs what its handler planned, and answers.</summary>
public sealed class Server
{
    readonly SimulatedSystem system;
    readonly IServerHandler handler;
    readonly ServerPlan plan = new();
    readonly double[] prices;
    readonly int[] numbers;
    readonly bool passesPointers;
    Region?[] regions = [];
    IReadOnlyList<Server> servers = [];
    ServerRequest request;
    Principal caller = null!;
    Crossing way = null!;

    internal Server(SimulatedSystem system, Principal principal, ProgramSpec program, IServerHandler handler, double workScale)
    {
        this.system = system;
        this.handler = handler;
        Principal = principal;
        var priced = handler.PriceNames.Select(name => program.Prices.GetValueOrDefault(name)).ToArray();
        prices = [.. priced.Select(price => price is null ? double.NaN : price.Value * workScale)];
        numbers = [.. priced.Select(price => price is null ? 0 : system.Provenance.IndexOf(price))];
        passesPointers = system.Spec.Design.Servers == Placement.KernelCode;
        Called = new Signal(system.Environment);
        system.Environment.Process(Serve());
    }

    public Principal Principal { get; }

    /// <summary>Calls received so far.</summary>
    public long Calls { get; private set; }

    internal IServerHandler Handler => handler;
    internal Signal Called { get; }

    /// <summary>Tells the server which memory its plans touch and which servers they call. A region is null where nothing is shared.</summary>
    internal void Connect(Region?[] regions, IReadOnlyList<Server> servers)
    {
        this.regions = regions;
        this.servers = servers;
    }

    internal void Accept(in ServerRequest request, Principal caller, Crossing way)
    {
        this.request = request;
        this.caller = caller;
        this.way = way;
        Calls++;
    }

    IEnumerable<Event> Serve()
    {
        while (true)
        {
            yield return Called.Wait();
            yield return system.Processor.Spend();
            Principal.Resume(system.Core);
            plan.Clear();
            handler.Plan(request, plan);
            for (var i = 0; i < plan.Count; i++)
            {
                if (plan[i].Kind != PlanKind.Call)
                {
                    Perform(plan[i]);
                    continue;
                }
                yield return system.ServerCrossing.Call(Principal, servers[plan[i].Index], plan[i].Request);
                Principal.Resume(system.Core);
            }
            way.Reply(caller, this);
        }
    }

    void Perform(in PlanAction action)
    {
        switch (action.Kind)
        {
            // Code linked together passes a pointer where servers pass a message.
            case PlanKind.Copy when passesPointers:
                break;
            case PlanKind.Work or PlanKind.Copy:
                Principal.Work(system.Core, prices[action.Index] * action.Quantity, numbers[action.Index]);
                break;
            case PlanKind.Touch when regions[action.Index] is { } region:
                system.Core.Touch(Principal.Owner, region, action.FirstLine, action.Lines, action.Write, refillInPrice: true);
                break;
        }
    }
}
