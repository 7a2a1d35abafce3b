using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Spares a core what it has done before. When its steps repeat in a cycle, and one lap of it has left every TLB, cache, ghost and culprit in the very state in which it
/// found them, the next lap costs the same and ends there too: so its stalls are booked again and nothing is executed. A step that leaves the cycle first brings
/// the core to where it would be. docs/decisions/0008 has the argument, and the price at which the states are compared.
/// </summary>
sealed class FastForward(Core core, StallBooks books)
{
    const int ShortReach = 8, LongestCycle = 64;

    // Levels below see a steady stream only once those above are steady: the laps after which three levels of LRU are.
    const int LapsToSettle = 2;

    // To compare states must never cost much beside executing. A line executed takes tens of times as long as a byte copied and compared, and earns half a byte; a line
    // that was spared earns more.
    const int PriceOfAByte = 2, PriceOfANote = 512, CreditALineSpared = 16;
    const long FirstCredit = 1 << 20, MostCredit = 1 << 26;

    readonly MemoryStep[] cycle = new MemoryStep[LongestCycle];
    readonly int[] booked = new int[LongestCycle + 1];
    readonly List<CacheMark> marks = [];
    Phase phase;
    int length;
    int reach = ShortReach;
    int position;
    int laps;
    int linesALap;
    long credit = FirstCredit;
    long price;
    int start;
    long spared;
    long sparedBefore;
    Witness before;

    /// <summary>Steps spared so far.</summary>
    public long Spared => sparedBefore + spared;

    /// <summary>True when the step's effect is known and its stalls are booked; else it has to be executed, and is taken note of.</summary>
    public bool Spares(in MemoryStep step)
    {
        if (phase == Phase.Gathering) Gather(step);
        else if (!step.Is(cycle[position])) StartOver(step);
        else return Follow();
        return false;
    }

    /// <summary>Brings the core to where executing everything would have brought it; the cycle may go on from there.</summary>
    public void CatchUp()
    {
        if (spared == 0) return;
        var (whole, rest) = Math.DivRem(spared, length);
        sparedBefore += spared;
        spared = 0;
        credit = Math.Min(MostCredit, credit + whole * linesALap * CreditALineSpared);
        foreach (var mark in marks) mark.Count(whole);
        books.Closed = true;
        for (; rest > 0; rest--)
        {
            core.PerformAgain(cycle[start]);
            start = Next(start);
        }
        books.Closed = false;
    }

    /// <summary>Something that is no step of a cycle is about to happen to the core's state.</summary>
    public void Break()
    {
        if (phase == Phase.Gathering && length == 0) return;
        CatchUp();
        Drop();
    }

    void Gather(in MemoryStep step)
    {
        if (length > 0 && step.Is(cycle[0]))
        {
            phase = Phase.Settling;
            (laps, price, position, reach) = (0, 0, Next(0), ShortReach);
            linesALap = 0;
            foreach (ref readonly var one in cycle.AsSpan(0, length)) linesALap += Lines(one);
            return;
        }
        if (length == reach)
        {
            // Nothing has repeated the first step, which may have been the last of its kind: another one is tried, and for longer (Brent 1980).
            reach = reach < LongestCycle ? 2 * reach : ShortReach;
            length = 0;
        }
        cycle[length++] = step;
        Earn(step);
    }

    // The step that differs from a shorter repetition is a good one to begin the longer cycle with.
    void StartOver(in MemoryStep step)
    {
        CatchUp();
        Drop();
        Gather(step);
    }

    void Drop()
    {
        if (phase == Phase.Proving) EndProof(compare: false);
        phase = Phase.Gathering;
        length = 0;
    }

    bool Follow()
    {
        if (position == 0) BeginLap();
        var here = position;
        position = Next(here);
        if (phase == Phase.Sparing)
        {
            books.Repeat(booked[here], booked[here + 1]);
            spared++;
            return true;
        }
        booked[here] = books.Noted;
        Earn(cycle[here]);
        return false;
    }

    void BeginLap()
    {
        switch (phase)
        {
            case Phase.Settling when ++laps >= LapsToSettle && credit >= price: Note(); break;
            case Phase.Noting: Save(); break;
            case Phase.Proving: Prove(); break;
        }
    }

    // Which caches a lap moves.
    void Note()
    {
        core.CollectMarks(cycle.AsSpan(0, length), marks);
        foreach (var mark in marks) mark.Note();
        credit -= PriceOfANote * marks.Count;
        phase = Phase.Noting;
    }

    // Those are compared over the next lap; the others only have to stay unmoved.
    void Save()
    {
        price = 0;
        foreach (var mark in marks) price += mark.Moved ? PriceOfAByte * mark.Bytes : 0;
        phase = credit >= price ? Phase.Proving : Phase.Settling;
        if (phase != Phase.Proving) return;
        credit -= price;
        before = core.Testify();
        foreach (var mark in marks)
        {
            if (mark.Moved) mark.Save();
            else mark.Note();
        }
        books.Forget();
        books.Noting = true;
    }

    void Prove()
    {
        booked[length] = books.Noted;
        var recurred = EndProof(compare: true) && core.Testify() == before;
        (phase, laps, start) = (recurred ? Phase.Sparing : Phase.Settling, 0, 0);
        if (!recurred) return;
        foreach (var mark in marks) mark.TakeLap();
    }

    bool EndProof(bool compare)
    {
        books.Noting = false;
        var recurred = true;
        foreach (var mark in marks) recurred &= mark.EndsInTheSameState(compare && recurred);
        return recurred;
    }

    int Next(int position) => position + 1 == length ? 0 : position + 1;

    void Earn(in MemoryStep step) => credit = Math.Min(MostCredit, credit + Lines(step));

    static int Lines(in MemoryStep step) => step.Kind == MemoryStepKind.Run ? step.Footprint.Lines : 0;

    /// <summary>No cycle yet; it settles; the caches that a lap moves are noted; a lap is compared; laps are spared.</summary>
    enum Phase { Gathering, Settling, Noting, Proving, Sparing }

    /// <summary>
    /// What no cache shows: faults, rights out of date that TLB entries still carry, lines that changed hands, and references that went on to what other
    /// cores share.
    /// </summary>
    internal readonly record struct Witness(int Faults, int StaleRights, long LinesTaken, long Shared);
}
