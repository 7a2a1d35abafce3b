namespace UnderBridge.Sim.Tests.Models;

/// <summary>A request as the model sees it.</summary>
sealed class Claim(string name, double priority, bool preempts, int colour)
{
    public string Name => name;
    public double Priority => priority;
    public bool Preempts => preempts;

    /// <summary>The units of a pool that it can use; any for 0.</summary>
    public int Colour => colour;

    public long Made { get; set; }
    public long Granted { get; set; }
    public int? Unit { get; set; }
    public bool IsPreempted { get; set; }
    public bool IsOver { get; set; }

    /// <summary>Alive, triggered or processed.</summary>
    public char State { get; set; } = 'a';

    public bool Takes(int unit) => colour == 0 || unit % 2 == colour % 2;
}

/// <summary>What a resource should do, told with lists and without regard to cost.</summary>
class NaiveResource(NaiveAgenda agenda, int units)
{
    public List<Claim> Waiting { get; } = [];
    public List<Claim> Users { get; } = [];
    public List<double> Waits { get; } = [];
    public List<double> Leads { get; } = [];
    public List<double> BreakOffs { get; } = [];
    public List<double> Interrupts { get; } = [];
    public List<string> WhenAny { get; } = [];
    public List<string> WhenFull { get; } = [];
    public List<string> WhenEmpty { get; } = [];
    public List<string> WhenChange { get; } = [];

    /// <summary>Waiting claims times seconds.</summary>
    public double QueueArea { get; private set; }

    /// <summary>Users times seconds.</summary>
    public double UseArea { get; private set; }

    public int Free => units - Users.Count;

    public void Request(Claim claim)
    {
        claim.Made = agenda.Now;
        Waiting.Add(claim);
        Grant();
    }

    /// <summary>Gives a unit back or gives up; false when there is nothing to give.</summary>
    public bool GiveBack(Claim claim)
    {
        var waited = Waiting.Remove(claim);
        var held = Users.Remove(claim);
        if (!waited && !held && !claim.IsPreempted) return false;
        if (waited) BreakOffs.Add(agenda.Now - claim.Made);
        if (held) Leads.Add(agenda.Now - claim.Made);
        if (held) Return(claim);
        claim.IsOver = true;
        agenda.Schedule(null, Grant);
        if (!waited) TellOfReturn();
        return true;
    }

    public void TellOfReturn()
    {
        if (Free > 0) Fire(WhenAny);
        if (Free == units) Fire(WhenFull);
        Fire(WhenChange);
    }

    public void Fire(List<string> hooks)
    {
        foreach (var hook in hooks) agenda.Schedule(hook);
        hooks.Clear();
    }

    public void Advance(int seconds)
    {
        agenda.RunDry();
        QueueArea += Waiting.Count * seconds;
        UseArea += Users.Count * seconds;
        agenda.Advance(seconds);
    }

    /// <summary>The waiting claim that gets a unit now, if any.</summary>
    protected virtual Claim? Next() => Free > 0 ? Waiting.FirstOrDefault() : null;

    protected virtual void Take(Claim claim) { }

    protected virtual void Return(Claim claim) { }

    protected long Now => agenda.Now;

    void Grant()
    {
        while (Next() is { } claim)
        {
            Waiting.Remove(claim);
            Users.Add(claim);
            Take(claim);
            claim.Granted = agenda.Now;
            Waits.Add(agenda.Now - claim.Made);
            claim.State = 't';
            agenda.Schedule(claim.Name, () => claim.State = 'p');
            if (Free == 0) Fire(WhenEmpty);
            Fire(WhenChange);
        }
    }
}

sealed class NaivePriorityResource(NaiveAgenda agenda, int units) : NaiveResource(agenda, units)
{
    // MinBy gives the first of equals.
    protected override Claim? Next() => Free > 0 ? Waiting.MinBy(claim => claim.Priority) : null;
}

sealed class NaivePreemptiveResource(NaiveAgenda agenda, int units) : NaiveResource(agenda, units)
{
    protected override Claim? Next()
    {
        var first = Waiting.MinBy(Rank);
        if (first is null || Free > 0) return first;
        // The last of equals, as it came last.
        var worst = Users.AsEnumerable().Reverse().MaxBy(Rank)!;
        if (!first.Preempts || Rank(worst).CompareTo(Rank(first)) <= 0) return null;
        Users.Remove(worst);
        worst.IsPreempted = true;
        Interrupts.Add(Now - worst.Granted);
        return first;
    }

    static (double, long, bool) Rank(Claim claim) => (claim.Priority, claim.Made, !claim.Preempts);
}

sealed class NaivePool(NaiveAgenda agenda, int units) : NaiveResource(agenda, units)
{
    readonly List<int> free = [.. Enumerable.Range(0, units)];

    protected override Claim? Next() => Waiting.Find(claim => free.Exists(claim.Takes));

    protected override void Take(Claim claim)
    {
        var unit = free.First(claim.Takes);
        free.Remove(unit);
        claim.Unit = unit;
    }

    protected override void Return(Claim claim) => free.Add(claim.Unit!.Value);
}
