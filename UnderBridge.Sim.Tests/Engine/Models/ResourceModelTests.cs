using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Tests.Models;
using static UnderBridge.Sim.Tests.Models.Comparison;

namespace UnderBridge.Sim.Tests;

/// <summary>Every kind of resource against its naive model, under random requests, releases, withdrawals and hooks, seen between any two events.</summary>
public class ResourceModelTests
{
    const ResourceOperation Request = ResourceOperation.Request, Step = ResourceOperation.Step;

    static readonly ResourceOperation[] mixed = [.. Enum.GetValues<ResourceOperation>(), Request, Request, Request, Step];
    static readonly ResourceOperation[] crowded = [Request, Request, Request, Request, ResourceOperation.Dispose, ResourceOperation.Withdraw, ResourceOperation.Hook, Step];

    static readonly Dictionary<string, Func<ITwins<ResourceOperation>>> twins = new()
    {
        [nameof(Resource)] = ResourceTwins.Fifo, [nameof(PriorityResource)] = ResourceTwins.ByPriority,
        [nameof(PreemptiveResource)] = ResourceTwins.Preemptive, [nameof(ResourcePool)] = ResourceTwins.Pool,
    };

    static IEnumerable<string> Kinds => twins.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void A_resource_does_what_its_naive_model_does(string kind) => AfterEach(twins[kind], mixed);

    [TestCaseSource(nameof(Kinds))]
    public void A_resource_does_what_its_naive_model_does_with_thousands_of_requests_at_one_time(string kind) => AtTheEndOfMany(twins[kind], crowded);
}

enum ResourceOperation { Request, Release, Dispose, Withdraw, Step, Advance, Hook }

sealed class ResourceTwins : ITwins<ResourceOperation>
{
    const int Units = 3;

    readonly Simulation env = new();
    readonly NaiveAgenda agenda = new();
    readonly NaiveResource model;
    readonly Func<Claim, Request> request;
    readonly Action<Request> release;
    readonly Func<Event>[] hooks;
    readonly Func<int> inUse;
    readonly Monitors monitors;

    readonly List<(Claim Claim, Request Request)> claims = [];
    readonly List<string> log = [];
    int watched;
    readonly List<string> answers = [];
    readonly List<string> expectedAnswers = [];

    ResourceTwins(Func<Simulation, Monitors, (Func<Claim, Request>, Action<Request>, Func<int>, Func<Event>[])> engine, Func<NaiveAgenda, NaiveResource> naive)
    {
        monitors = new(env);
        (request, release, inUse, hooks) = engine(env, monitors);
        model = naive(agenda);
    }

    public static ResourceTwins Fifo() => new((env, m) =>
    {
        var it = new Resource(env, Units)
        {
            Utilization = m.Utilization, WIP = m.Wip, QueueLength = m.QueueLength, LeadTime = m.LeadTime, WaitingTime = m.WaitingTime, BreakOffTime = m.BreakOffTime,
        };
        return (_ => it.Request(), r => it.Release(r), () => it.InUse, [it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
    }, agenda => new NaiveResource(agenda, Units));

    public static ResourceTwins ByPriority() => new((env, m) =>
    {
        var it = new PriorityResource(env, Units)
        {
            Utilization = m.Utilization, WIP = m.Wip, QueueLength = m.QueueLength, LeadTime = m.LeadTime, WaitingTime = m.WaitingTime, BreakOffTime = m.BreakOffTime,
        };
        return (c => it.Request(c.Priority), r => it.Release(r), () => it.InUse, [it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
    }, agenda => new NaivePriorityResource(agenda, Units));

    public static ResourceTwins Preemptive() => new((env, m) =>
    {
        var it = new PreemptiveResource(env, Units)
        {
            Utilization = m.Utilization, WIP = m.Wip, QueueLength = m.QueueLength, LeadTime = m.LeadTime, WaitingTime = m.WaitingTime, BreakOffTime = m.BreakOffTime,
            InterruptTime = m.InterruptTime,
        };
        return (c => it.Request(c.Priority, c.Preempts), r => it.Release((PreemptiveRequest)r), () => it.InUse, [it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
    }, agenda => new NaivePreemptiveResource(agenda, Units));

    public static ResourceTwins Pool() => new((env, m) =>
    {
        var it = new ResourcePool(env, Enumerable.Range(0, Units).Cast<object>())
        {
            Utilization = m.Utilization, WIP = m.Wip, QueueLength = m.QueueLength, LeadTime = m.LeadTime, WaitingTime = m.WaitingTime, BreakOffTime = m.BreakOffTime,
        };
        return (c => it.Request(c.Colour == 0 ? null : unit => c.Takes((int)unit)), r => it.Release(r), () => it.InUse, [it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
    }, agenda => new NaivePool(agenda, Units));

    public void Apply(Operation<ResourceOperation> operation)
    {
        var (kind, which, amount) = (operation.Kind, operation.Which, operation.Amount);
        switch (kind)
        {
            case ResourceOperation.Request:
                Demand(new($"r{claims.Count}", amount, which % 3 == 0, which % 3));
                break;
            case ResourceOperation.Step:
                if (agenda.Step()) env.Step();
                break;
            case ResourceOperation.Advance:
                env.Run(TimeSpan.FromSeconds(amount + 1));
                model.Advance(amount + 1);
                break;
            case ResourceOperation.Hook:
                Watch(which % hooks.Length);
                break;
            default:
                // Mostly one of the latest, which may still wait.
                if (claims.Count > 0) GiveBack(kind, claims[Math.Max(0, claims.Count - 1 - which % 8)]);
                break;
        }
    }

    public void RunDry()
    {
        env.Run();
        agenda.RunDry();
    }

    public string Seen() => string.Join('\n',
        Text(claims.Select(c => $"{c.Claim.Name}{Letter(c.Request)}{(c.Request is ResourcePoolRequest ? c.Request.Value : "")}")), Text(log), Text(answers),
        $"use {inUse()}", $"waits {Text(monitors.WaitingTime.Samples)}", $"leads {Text(monitors.LeadTime.Samples)}", $"break-offs {Text(monitors.BreakOffTime.Samples)}",
        $"interrupts {Text(monitors.InterruptTime.Samples)}", $"areas {monitors.QueueLength.Area} {Math.Round(Units * monitors.Utilization.Area, 6)} {monitors.Wip.Area}");

    public string Expected() => string.Join('\n',
        Text(claims.Select(c => $"{c.Claim.Name}{c.Claim.State}{c.Claim.Unit}")), Text(agenda.Log), Text(expectedAnswers),
        $"use {model.Users.Count}", $"waits {Text(model.Waits)}", $"leads {Text(model.Leads)}", $"break-offs {Text(model.BreakOffs)}",
        $"interrupts {Text(model.Interrupts)}", $"areas {model.QueueArea} {model.UseArea} {model.QueueArea + model.UseArea}");

    void Demand(Claim claim)
    {
        var made = request(claim);
        made.AddCallback(_ => log.Add(claim.Name));
        claims.Add((claim, made));
        model.Request(claim);
    }

    void Watch(int hook)
    {
        var name = $"{"any full empty change".Split(' ')[hook]}{watched++}";
        hooks[hook]().AddCallback(_ => log.Add(name));
        (List<string> Names, bool IsDue)[] all =
            [(model.WhenAny, model.Free > 0), (model.WhenFull, model.Free == Units), (model.WhenEmpty, model.Free == 0), (model.WhenChange, false)];
        all[hook].Names.Add(name);
        if (all[hook].IsDue) model.Fire(all[hook].Names);
    }

    void GiveBack(ResourceOperation how, (Claim Claim, Request Request) it)
    {
        var waits = model.Waiting.Contains(it.Claim);
        if (how == ResourceOperation.Release)
        {
            answers.Add(Refuses(() => release(it.Request)) ? "refused" : "released");
            expectedAnswers.Add(model.GiveBack(it.Claim) ? "released" : "refused");
        }
        else if (how == ResourceOperation.Withdraw)
        {
            answers.Add(it.Request.Withdraw() ? "withdrawn" : "too-late");
            expectedAnswers.Add(waits ? "withdrawn" : "too-late");
            if (waits) model.GiveBack(it.Claim);
        }
        else
        {
            it.Request.Dispose();
            if (!it.Claim.IsOver) model.GiveBack(it.Claim);
        }
    }

    static bool Refuses(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    sealed class Monitors(Simulation env)
    {
        public TimeSeriesMonitor Utilization { get; } = new(env);
        public TimeSeriesMonitor Wip { get; } = new(env);
        public TimeSeriesMonitor QueueLength { get; } = new(env);
        public SampleMonitor LeadTime { get; } = new(collect: true);
        public SampleMonitor WaitingTime { get; } = new(collect: true);
        public SampleMonitor BreakOffTime { get; } = new(collect: true);
        public SampleMonitor InterruptTime { get; } = new(collect: true);
    }
}
