using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// A server as a process: it waits to be called, performs what its handler planned, and answers. It serves one call at a time; others, and all while it is
/// closed, wait in the order in which they came.
/// </summary>
public sealed class Server
{
    readonly SimulatedSystem system;
    readonly IServerHandler handler;
    readonly ServerPlan plan;
    readonly double[] prices;
    readonly int[] numbers;
    readonly bool passesPointers;
    readonly Queue<(Call Call, Registers Saved)> waiting = new();
    readonly Signal dispatched;
    Memory?[] regions = [];
    IReadOnlyList<Server> servers = [];
    bool closed;

    internal Server(SimulatedSystem system, int number, Principal principal, ProgramSpec program, IServerHandler handler, double workScale)
    {
        this.system = system;
        this.handler = handler;
        Number = number;
        Principal = principal;
        plan = new ServerPlan(program.Name, handler.PriceNames);
        var priced = handler.PriceNames.Select(name => program.Prices[name]).ToArray();
        prices = [.. priced.Select(price => price.Value * workScale)];
        numbers = [.. priced.Select(price => system.Provenance.IndexOf(price))];
        passesPointers = system.Spec.Design.Servers == Placement.KernelCode;
        Called = new Signal(system.Environment, $"a call of {principal.Owner.Name}");
        Drained = new Signal(system.Environment, $"{principal.Owner.Name} to finish a call");
        dispatched = new Signal(system.Environment, $"the core, for {principal.Owner.Name}");
        system.Environment.Process(Serve()).Named(principal.Owner.Name);
    }

    /// <summary>The server as the machine sees it, and as a caller of others.</summary>
    public Principal Principal { get; }

    /// <summary>Its place among the servers of the system, from 0.</summary>
    public int Number { get; }

    /// <summary>Calls that it has begun to serve.</summary>
    public long Calls { get; private set; }

    /// <summary>Calls that wait for it to be free or to open.</summary>
    public int Waiting => waiting.Count;

    /// <summary>The call that it serves, or has promised the core to.</summary>
    internal Call? Current { get; private set; }

    internal IEnumerable<Principal> Queued => waiting.Select(entry => entry.Call.Caller);

    internal IServerHandler Handler => handler;
    internal Processor Processor => system.Processor;
    internal Signal Called { get; }

    /// <summary>Set when a call has ended while the server is closed.</summary>
    internal Signal Drained { get; }

    /// <summary>Tells the server which memory its plans touch and which servers they call. A region is null where nothing is shared.</summary>
    internal void Connect(Memory?[] regions, IReadOnlyList<Server> servers)
    {
        this.regions = regions;
        this.servers = servers;
        plan.Connect([.. handler.Regions.Select(region => (region.Name, system.LinesOf(region)))], servers.Count);
    }

    /// <summary>A caller on the core calls: at once if the server is free, else the core goes to others until it is.</summary>
    internal void Accept(Principal caller, in ServerRequest request)
    {
        var call = new Call(caller, request);
        if (Current is null && !closed && waiting.Count == 0)
        {
            Begin(call);
            return;
        }
        waiting.Enqueue((call, Registers.Of(system.Core)));
        system.Processor.Block();
    }

    /// <summary>Begins no more calls until it opens: quiesces.</summary>
    internal void Close() => closed = true;

    internal void Open()
    {
        closed = false;
        if (Current is null && waiting.Count > 0) Called.Set();
    }

    // The way follows where both ends are now, and is kept to the end of the call.
    void Begin(in Call call)
    {
        var way = system.WayTo(call.Caller, this);
        Current = call with { Way = way, Home = system.Core.Space! };
        Calls++;
        way.Call(call.Caller, this);
    }

    IEnumerable<Event> Serve()
    {
        while (true)
        {
            if (!closed && waiting.TryDequeue(out var first))
            {
                Current = first.Call;
                system.Processor.Enqueue(dispatched, first.Saved);
                yield return dispatched.Wait();
                Begin(first.Call);
            }
            yield return Called.Wait();
            if (Current is not { } call) continue;
            yield return system.Processor.Spend(dispatched);
            Principal.Resume(system.Core);
            plan.Clear();
            handler.Plan(call.Request, plan);
            for (var i = 0; i < plan.Count; i++)
            {
                if (plan[i].Kind != PlanKind.Call)
                {
                    Perform(plan[i]);
                    continue;
                }
                yield return Principal.Call(servers[plan[i].Index], plan[i].Request);
                Principal.Resume(system.Core);
            }
            call.Way!.Reply(call.Caller, this, call.Home!);
            Current = null;
            if (closed) Drained.Set();
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
                system.Deprivation?.Check(prices[action.Index] * action.Quantity);
                break;
            case PlanKind.Privileged:
                system.Deprivation?.Execute(Principal.End, (PrivilegedClass)action.Index, (int)action.Quantity);
                break;
            case PlanKind.Touch when regions[action.Index] is { } memory:
                system.Core.Touch(Principal.Owner, memory.At(Principal.Place), action.FirstLine, action.Lines, action.Write, refillInPrice: true);
                break;
        }
    }

    /// <summary>A call of the server; its way and the address space that it came from are known when it begins.</summary>
    internal readonly record struct Call(Principal Caller, ServerRequest Request)
    {
        public Crossing? Way { get; init; }
        public AddressSpace? Home { get; init; }
    }
}
