using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Tests.Models;
using static UnderBridge.Sim.Tests.Models.Comparison;

namespace UnderBridge.Sim.Tests;

/// <summary>Every kind of store, and the container, against its naive model, under random puts, gets, withdrawals and hooks, seen between any two events.</summary>
public class StoreModelTests
{
    const StoreOperation Put = StoreOperation.Put, Get = StoreOperation.Get, Step = StoreOperation.Step;

    static readonly StoreOperation[] mixed = [.. Enum.GetValues<StoreOperation>(), Put, Get, Put, Get, Step];
    static readonly StoreOperation[] crowded = [Put, Put, Put, Put, Put, Put, Get, Get, StoreOperation.Withdraw, StoreOperation.Hook, Step];

    static readonly Dictionary<string, Func<int, ITwins<StoreOperation>>> twins = new()
    {
        [nameof(Store)] = StoreTwins.Fifo, [nameof(Stack)] = StoreTwins.Lifo, [nameof(PriorityStore)] = StoreTwins.ByPriority,
        [nameof(FilterStore)] = StoreTwins.Filtered, [nameof(Container)] = capacity => new ContainerTwins(capacity),
    };

    static IEnumerable<string> Kinds => twins.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void A_store_does_what_its_naive_model_does(string kind) => AfterEach(() => twins[kind](4), mixed);

    [TestCaseSource(nameof(Kinds))]
    public void A_store_does_what_its_naive_model_does_with_thousands_of_puts_at_one_time(string kind) => AtTheEndOfMany(() => twins[kind](3000), crowded);
}

enum StoreOperation { Put, Get, Withdraw, Step, Advance, Hook }

/// <summary>What all kinds of stock have in common in these tests.</summary>
abstract class StockTwins : ITwins<StoreOperation>
{
    readonly List<(Turn Turn, Event Event, Func<bool> Withdraw)> turns = [];
    readonly List<string> log = [];
    readonly List<string> answers = [];
    readonly List<string> expectedAnswers = [];
    int watched;

    protected Simulation Env { get; } = new();
    protected NaiveAgenda Agenda { get; } = new();
    protected SampleMonitor PutWaiting { get; } = new(collect: true);
    protected SampleMonitor GetWaiting { get; } = new(collect: true);
    protected TimeSeriesMonitor PutQueue => field ??= new(Env);
    protected TimeSeriesMonitor GetQueue => field ??= new(Env);
    protected abstract NaiveStock Model { get; }

    public void Apply(Operation<StoreOperation> operation)
    {
        var (kind, which, amount) = (operation.Kind, operation.Which, operation.Amount);
        switch (kind)
        {
            case StoreOperation.Put:
                var putter = new Turn($"p{turns.Count}", item: turns.Count, priority: amount, amount: (amount + 1) / 2.0);
                Follow(putter, Put(putter));
                Model.Put(putter);
                break;
            case StoreOperation.Get:
                var getter = new Turn($"g{turns.Count}", colour: which % 4, amount: (amount + 1) / 2.0);
                Follow(getter, Get(getter));
                Model.Get(getter);
                break;
            case StoreOperation.Withdraw when turns.Count > 0:
                var last = turns[Math.Max(0, turns.Count - 1 - which % 8)];
                answers.Add(last.Withdraw() ? "withdrawn" : "too-late");
                expectedAnswers.Add(Model.Withdraw(last.Turn) ? "withdrawn" : "too-late");
                break;
            case StoreOperation.Step:
                if (Agenda.Step()) Env.Step();
                break;
            case StoreOperation.Advance:
                Env.Run(TimeSpan.FromSeconds(amount + 1));
                Model.Advance(amount + 1);
                break;
            case StoreOperation.Hook:
                var name = $"h{watched++}";
                Watch(which % 5, amount, name).AddCallback(_ => log.Add(name));
                break;
        }
    }

    public void RunDry()
    {
        Env.Run();
        Agenda.RunDry();
    }

    public string Seen() => string.Join('\n',
        Text(turns.Select(t => $"{t.Turn.Name}{Letter(t.Event)}{(t.Event is StoreGet ? t.Event.Value : "")}")), Text(log), Text(answers),
        $"put-waits {Text(PutWaiting.Samples)}", $"get-waits {Text(GetWaiting.Samples)}", $"queues {PutQueue.Area} {GetQueue.Area}", SeenStock());

    public string Expected() => string.Join('\n',
        Text(turns.Select(t => $"{t.Turn.Name}{t.Turn.State}{t.Turn.Got}")), Text(Agenda.Log), Text(expectedAnswers),
        $"put-waits {Text(Model.PutWaits)}", $"get-waits {Text(Model.GetWaits)}", $"queues {Model.PutArea} {Model.GetArea}", ExpectedStock());

    protected abstract Event Put(Turn turn);
    protected abstract Event Get(Turn turn);

    /// <summary>Sets one of the hooks on engine and model; returns that of the engine.</summary>
    protected abstract Event Watch(int hook, int level, string name);

    protected abstract string SeenStock();
    protected abstract string ExpectedStock();

    void Follow(Turn turn, Event made)
    {
        made.AddCallback(_ => log.Add(turn.Name));
        turns.Add((turn, made, made switch
        {
            StorePut put => put.Withdraw,
            StoreGet get => get.Withdraw,
            ContainerPut put => put.Withdraw,
            _ => ((ContainerGet)made).Withdraw,
        }));
    }
}

sealed class StoreTwins : StockTwins
{
    readonly NaiveStore model;
    readonly int capacity;
    readonly TimeSeriesMonitor utilization, wip;
    readonly SampleMonitor leads = new(collect: true);
    Func<Turn, Event> put = null!;
    Func<Turn, Event> get = null!;
    Func<int> count = null!;
    Func<Event>[] hooks = null!;

    StoreTwins(int capacity, Func<List<Turn>, Turn, Turn?> choose)
    {
        this.capacity = capacity;
        (utilization, wip) = (new(Env), new(Env));
        model = new(Agenda, capacity, choose);
    }

    protected override NaiveStock Model => model;

    public static StoreTwins Fifo(int capacity)
    {
        var t = new StoreTwins(capacity, (items, _) => items.FirstOrDefault());
        var it = new Store(t.Env, capacity)
        {
            Utilization = t.utilization, WIP = t.wip, LeadTime = t.leads,
            PutQueueLength = t.PutQueue, GetQueueLength = t.GetQueue, PutWaitingTime = t.PutWaiting, GetWaitingTime = t.GetWaiting,
        };
        (t.put, t.get, t.count, t.hooks) = (turn => it.Put(turn.Item), _ => it.Get(), () => it.Count, [it.WhenNew, it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
        return t;
    }

    public static StoreTwins Lifo(int capacity)
    {
        var t = new StoreTwins(capacity, (items, _) => items.LastOrDefault());
        var it = new Stack(t.Env, capacity)
        {
            Utilization = t.utilization, WIP = t.wip, LeadTime = t.leads,
            PutQueueLength = t.PutQueue, GetQueueLength = t.GetQueue, PutWaitingTime = t.PutWaiting, GetWaitingTime = t.GetWaiting,
        };
        (t.put, t.get, t.count, t.hooks) = (turn => it.Put(turn.Item), _ => it.Get(), () => it.Count, [it.WhenNew, it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
        return t;
    }

    public static StoreTwins ByPriority(int capacity)
    {
        // MinBy gives the first of equals.
        var t = new StoreTwins(capacity, (items, _) => items.MinBy(item => item.Priority));
        var it = new PriorityStore(t.Env, capacity)
        {
            Utilization = t.utilization, WIP = t.wip, LeadTime = t.leads,
            PutQueueLength = t.PutQueue, GetQueueLength = t.GetQueue, PutWaitingTime = t.PutWaiting, GetWaitingTime = t.GetWaiting,
        };
        (t.put, t.get, t.count, t.hooks) =
            (turn => it.Put(turn.Item, turn.Priority), _ => it.Get(), () => it.Count, [it.WhenNew, it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
        return t;
    }

    public static StoreTwins Filtered(int capacity)
    {
        var t = new StoreTwins(capacity, (items, getter) => items.Find(item => getter.Takes(item.Item)));
        var it = new FilterStore(t.Env, capacity)
        {
            Utilization = t.utilization, WIP = t.wip, LeadTime = t.leads,
            PutQueueLength = t.PutQueue, GetQueueLength = t.GetQueue, PutWaitingTime = t.PutWaiting, GetWaitingTime = t.GetWaiting,
        };
        (t.put, t.get, t.count, t.hooks) =
            (turn => it.Put(turn.Item), turn => it.Get(item => turn.Takes((int)item)), () => it.Count, [it.WhenNew, it.WhenAny, it.WhenFull, it.WhenEmpty, it.WhenChange]);
        return t;
    }

    protected override Event Put(Turn turn) => put(turn);

    protected override Event Get(Turn turn) => get(turn);

    protected override Event Watch(int hook, int level, string name)
    {
        (List<string> Names, bool IsDue)[] all =
        [
            (model.WhenNew, false), (model.WhenAny, model.Items.Count > 0), (model.WhenFull, model.Items.Count == capacity), (model.WhenEmpty, model.Items.Count == 0),
            (model.WhenChange, false),
        ];
        all[hook].Names.Add(name);
        if (all[hook].IsDue) model.Fire(all[hook].Names);
        return hooks[hook]();
    }

    protected override string SeenStock() => $"count {count()} leads {Text(leads.Samples)} areas {Math.Round(capacity * utilization.Area, 6)} {wip.Area}";

    protected override string ExpectedStock() => $"count {model.Items.Count} leads {Text(model.Leads)} areas {model.StockArea} {model.StockArea + model.PutArea}";
}

sealed class ContainerTwins : StockTwins
{
    const double Initial = 2;

    readonly double capacity;
    readonly Container container;
    readonly NaiveContainer model;
    readonly TimeSeriesMonitor fill;

    public ContainerTwins(double capacity)
    {
        this.capacity = capacity;
        // What the container holds from the start is there before the first update.
        fill = new(Env, Initial / capacity);
        container = new(Env, capacity, Initial)
        {
            Fillrate = fill, PutQueueLength = PutQueue, GetQueueLength = GetQueue, PutWaitingTime = PutWaiting, GetWaitingTime = GetWaiting,
        };
        model = new(Agenda, capacity, Initial);
    }

    protected override NaiveStock Model => model;

    protected override Event Put(Turn turn) => container.Put(turn.Amount);

    protected override Event Get(Turn turn) => container.Get(turn.Amount);

    protected override Event Watch(int hook, int level, string name)
    {
        switch (hook)
        {
            case 0 or 1:
                var high = hook == 0 ? level : capacity;
                model.WhenAtLeast.Add((high, name));
                model.TellAtLeast();
                return hook == 0 ? container.WhenAtLeast(level) : container.WhenFull();
            case 2 or 3:
                var low = hook == 2 ? level : 0;
                model.WhenAtMost.Add((low, name));
                model.TellAtMost();
                return hook == 2 ? container.WhenAtMost(level) : container.WhenEmpty();
            default:
                model.WhenChange.Add(name);
                return container.WhenChange();
        }
    }

    protected override string SeenStock() => $"level {container.Level} area {Math.Round(capacity * fill.Area, 6)}";

    protected override string ExpectedStock() => $"level {model.Stock} area {model.StockArea}";
}
