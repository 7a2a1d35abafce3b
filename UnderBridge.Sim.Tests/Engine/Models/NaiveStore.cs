namespace UnderBridge.Sim.Tests.Models;

/// <summary>Something that is put in or wanted: an item with a priority, an amount, or a wish for items of one colour (any for 0).</summary>
sealed class Turn(string name, int item = 0, double priority = 0, double amount = 0, int colour = 0)
{
    public string Name => name;
    public int Item => item;
    public double Priority => priority;
    public double Amount => amount;

    public long Made { get; set; }
    public long Arrived { get; set; }
    public int? Got { get; set; }

    /// <summary>Alive, triggered or processed.</summary>
    public char State { get; set; } = 'a';

    public bool Takes(int other) => colour == 0 || other % 3 == colour % 3;
}

/// <summary>What stores and containers share: two lines, each served when something has happened in the other.</summary>
abstract class NaiveStock(NaiveAgenda agenda)
{
    public List<Turn> Putters { get; } = [];
    public List<Turn> Getters { get; } = [];
    public List<double> PutWaits { get; } = [];
    public List<double> GetWaits { get; } = [];
    public List<string> WhenChange { get; } = [];

    /// <summary>Waiting putters times seconds.</summary>
    public double PutArea { get; private set; }

    /// <summary>Waiting getters times seconds.</summary>
    public double GetArea { get; private set; }

    /// <summary>What is in stock times seconds.</summary>
    public double StockArea { get; private set; }

    public abstract double Stock { get; }

    protected long Now => agenda.Now;

    public void Put(Turn turn)
    {
        turn.Made = agenda.Now;
        Putters.Add(turn);
        ServePutters();
    }

    public void Get(Turn turn)
    {
        turn.Made = agenda.Now;
        Getters.Add(turn);
        ServeGetters();
    }

    public virtual bool Withdraw(Turn turn) => Putters.Remove(turn) || Getters.Remove(turn);

    public void Advance(int seconds)
    {
        agenda.RunDry();
        PutArea += Putters.Count * seconds;
        GetArea += Getters.Count * seconds;
        StockArea += Stock * seconds;
        agenda.Advance(seconds);
    }

    public void Fire(List<string> hooks)
    {
        foreach (var hook in hooks) agenda.Schedule(hook);
        hooks.Clear();
    }

    protected abstract bool Fits(Turn putter);
    protected abstract void Add(Turn putter);

    /// <summary>The getter whose turn it is and who can be served, if any.</summary>
    protected abstract Turn? NextGetter();
    protected abstract void Take(Turn getter);

    protected abstract void TellOfPut();
    protected abstract void TellOfGet();

    protected void ServePutters()
    {
        while (Putters.Count > 0 && Fits(Putters[0]))
        {
            var turn = Putters[0];
            Putters.RemoveAt(0);
            turn.Arrived = agenda.Now;
            PutWaits.Add(agenda.Now - turn.Made);
            Add(turn);
            Happen(turn, ServeGetters);
            TellOfPut();
            Fire(WhenChange);
        }
    }

    protected void ServeGetters()
    {
        while (NextGetter() is { } turn)
        {
            Getters.Remove(turn);
            GetWaits.Add(agenda.Now - turn.Made);
            Take(turn);
            Happen(turn, ServePutters);
            TellOfGet();
            Fire(WhenChange);
        }
    }

    void Happen(Turn turn, Action then)
    {
        turn.State = 't';
        agenda.Schedule(turn.Name, () =>
        {
            turn.State = 'p';
            then();
        });
    }
}

/// <summary>What a store should do; <paramref name="choose"/> says which of the items a getter gets.</summary>
sealed class NaiveStore(NaiveAgenda agenda, int capacity, Func<List<Turn>, Turn, Turn?> choose) : NaiveStock(agenda)
{
    public List<Turn> Items { get; } = [];
    public List<double> Leads { get; } = [];
    public List<string> WhenNew { get; } = [];
    public List<string> WhenAny { get; } = [];
    public List<string> WhenFull { get; } = [];
    public List<string> WhenEmpty { get; } = [];

    public override double Stock => Items.Count;

    protected override bool Fits(Turn putter) => Items.Count < capacity;

    protected override void Add(Turn putter) => Items.Add(putter);

    protected override Turn? NextGetter() => Getters.Find(getter => choose(Items, getter) is not null);

    protected override void Take(Turn getter)
    {
        var item = choose(Items, getter)!;
        Items.Remove(item);
        Leads.Add(Now - item.Arrived);
        getter.Got = item.Item;
    }

    protected override void TellOfPut()
    {
        Fire(WhenNew);
        Fire(WhenAny);
        if (Items.Count == capacity) Fire(WhenFull);
    }

    protected override void TellOfGet()
    {
        if (Items.Count == 0) Fire(WhenEmpty);
    }
}

/// <summary>What a container should do.</summary>
sealed class NaiveContainer(NaiveAgenda agenda, double capacity, double initial) : NaiveStock(agenda)
{
    double level = initial;

    public override double Stock => level;

    public List<(double Level, string Name)> WhenAtLeast { get; } = [];
    public List<(double Level, string Name)> WhenAtMost { get; } = [];

    /// <summary>What was behind a large amount may fit now.</summary>
    public override bool Withdraw(Turn turn)
    {
        if (Putters.Remove(turn)) ServePutters();
        else if (Getters.Remove(turn)) ServeGetters();
        else return false;
        return true;
    }

    protected override bool Fits(Turn putter) => level + putter.Amount <= capacity;

    protected override void Add(Turn putter) => level += putter.Amount;

    protected override Turn? NextGetter() => Getters.FirstOrDefault() is { } first && first.Amount <= level ? first : null;

    protected override void Take(Turn getter) => level -= getter.Amount;

    protected override void TellOfPut() => TellAtLeast();

    protected override void TellOfGet() => TellAtMost();

    public void TellAtLeast() => Tell(WhenAtLeast, hook => hook.Level <= level, hook => hook.Level);

    public void TellAtMost() => Tell(WhenAtMost, hook => hook.Level >= level, hook => -hook.Level);

    void Tell(List<(double Level, string Name)> hooks, Predicate<(double Level, string Name)> isDue, Func<(double Level, string Name), double> order)
    {
        Fire([.. hooks.FindAll(isDue).OrderBy(order).Select(hook => hook.Name)]);
        hooks.RemoveAll(isDue);
    }
}
