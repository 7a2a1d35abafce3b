namespace UnderBridge.Sim.Observations;

/// <summary>
/// Books every cycle of one core under one cause. Prices may be fractional; the ledger books whole cycles and carries the remainder to the
/// next charge, so its sum is exact and a price of 54.5 paid twice is 55 and 54.
/// </summary>
public sealed class CycleLedger
{
    static readonly int CauseCount = Causes.All.Count;

    readonly long[] byCause = new long[CauseCount];
    double[] byNumber = new double[64 * CauseCount];
    double carry;
    long pending;

    /// <summary>Cycles booked so far under every cause together.</summary>
    public long Total { get; private set; }

    /// <summary>Cycles booked so far under one cause.</summary>
    public long this[Cause cause] => byCause[(int)cause];

    /// <summary>Books a price under a cause, and under the number it came from. A negative price corrects others of the same leg.</summary>
    internal void Charge(Cause cause, double cycles, int number)
    {
        var cell = number * CauseCount + (int)cause;
        if (cell >= byNumber.Length) Array.Resize(ref byNumber, Math.Max(cell + 1, 2 * byNumber.Length));
        byNumber[cell] += cycles;
        Book(cause, cycles);
    }

    /// <summary>The cycles charged on the strength of one number, not rounded.</summary>
    internal double ByNumber(int number) => Causes.All.Sum(cause => ByNumber(number, cause));

    /// <summary>The cycles charged under one cause on the strength of one number, not rounded.</summary>
    internal double ByNumber(int number, Cause cause)
    {
        var cell = number * CauseCount + (int)cause;
        return cell < byNumber.Length ? byNumber[cell] : 0;
    }

    /// <summary>Books time in which the core had nothing to run.</summary>
    internal void Idle(long cycles) => Pass(Cause.Idle, cycles);

    /// <summary>Books time that has passed already, such as that of a wait, whose length is known only when it ends.</summary>
    internal void Pass(Cause cause, long cycles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cycles);
        byCause[(int)cause] += cycles;
        Total += cycles;
    }

    /// <summary>The whole cycles booked since the last call: how long the core is now busy.</summary>
    internal long TakePending()
    {
        var cycles = pending;
        pending = 0;
        return cycles;
    }

    void Book(Cause cause, double cycles)
    {
        var exact = carry + cycles;
        var whole = (long)Math.Floor(exact + 0.5);
        carry = exact - whole;
        byCause[(int)cause] += whole;
        Total += whole;
        pending += whole;
    }
}
