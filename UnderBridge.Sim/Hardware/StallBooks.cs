using System.Runtime.InteropServices;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Where a core books its stalls: its ledger, and the machine's matrix of who cost whom what. It can note what is booked and book it again,
/// entry by entry, so that sums of fractions come out the same to the last bit.
/// </summary>
sealed class StallBooks(CycleLedger ledger, PollutionMatrix pollution)
{
    readonly List<Entry> noted = [];

    /// <summary>Nothing is booked: what is executed now has been booked before.</summary>
    public bool Closed { get; set; }

    /// <summary>What is booked is noted.</summary>
    public bool Noting { get; set; }

    /// <summary>How many entries are noted.</summary>
    public int Noted => noted.Count;

    public void Forget() => noted.Clear();

    public void Charge(Cause cause, double cycles, int number) => Enter(new Entry(Book.Ledger, (int)cause, number, cycles));

    public void Blame(int victim, int culprit, double cycles) => Enter(new Entry(Book.Pollution, victim, culprit, cycles));

    public void Refill(int owner, double cycles) => Enter(new Entry(Book.Refill, owner, 0, cycles));

    /// <summary>Books once more what was noted, from one entry to before another.</summary>
    public void Repeat(int from, int to)
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(noted)[from..to]) Post(entry);
    }

    void Enter(in Entry entry)
    {
        if (Closed) return;
        if (Noting) noted.Add(entry);
        Post(entry);
    }

    void Post(in Entry entry)
    {
        switch (entry.Book)
        {
            case Book.Ledger: ledger.Charge((Cause)entry.Row, entry.Cycles, entry.Column); break;
            case Book.Pollution: pollution.Book(entry.Row, entry.Column, entry.Cycles); break;
            default: pollution.BookRefill(entry.Row, entry.Cycles); break;
        }
    }

    enum Book { Ledger, Pollution, Refill }

    readonly record struct Entry(Book Book, int Row, int Column, double Cycles);
}
