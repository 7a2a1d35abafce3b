using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>What the core of a system had booked at one moment. The difference of two marks is what was booked in between.</summary>
sealed class LedgerMark
{
    readonly long[] byCause;
    readonly double[] byNumber;

    LedgerMark(long[] byCause, double[] byNumber)
    {
        this.byCause = byCause;
        this.byNumber = byNumber;
    }

    public long this[Cause cause] => byCause[(int)cause];

    /// <summary>Cycles charged under a cause on the strength of a number, by its index in the machine's provenance.</summary>
    public double ByNumber(int number, Cause cause)
    {
        var cell = number * Causes.All.Count + (int)cause;
        return cell < byNumber.Length ? byNumber[cell] : 0;
    }

    public static LedgerMark Take(SimulatedSystem system)
    {
        var ledger = system.Core.Ledger;
        return new LedgerMark(
            [.. Causes.All.Select(cause => ledger[cause])],
            [.. Enumerable.Range(0, system.Provenance.Count).SelectMany(number => Causes.All.Select(cause => ledger.ByNumber(number, cause)))]);
    }
}
