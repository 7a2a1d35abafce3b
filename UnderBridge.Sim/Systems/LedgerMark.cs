using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>What the core of a system had booked at one moment. The difference of two marks is what was booked in between.</summary>
public sealed class LedgerMark
{
    readonly Provenance provenance;
    readonly long[] byCause;
    readonly double[] byNumber;

    LedgerMark(Provenance provenance, long[] byCause, double[] byNumber)
    {
        this.provenance = provenance;
        this.byCause = byCause;
        this.byNumber = byNumber;
    }

    /// <summary>Whole cycles booked under one cause since the simulation began.</summary>
    public long this[Cause cause] => byCause[(int)cause];

    /// <summary>Cycles charged under a cause on the strength of a number, by its index in the machine's provenance.</summary>
    internal double ByNumber(int number, Cause cause)
    {
        var cell = number * Causes.All.Count + (int)cause;
        return cell < byNumber.Length ? byNumber[cell] : 0;
    }

    /// <summary>Marks what is booked now. Work that was booked and has not been spent counts.</summary>
    public static LedgerMark Take(SimulatedSystem system)
    {
        var ledger = system.Core.Ledger;
        return new LedgerMark(
            system.Provenance, [.. Causes.All.Select(cause => ledger[cause])],
            [.. Enumerable.Range(0, system.Provenance.Count).SelectMany(number => Causes.All.Select(cause => ledger.ByNumber(number, cause)))]);
    }

    /// <summary>What was booked from an earlier mark to this one.</summary>
    /// <exception cref="ArgumentException">The other mark is of another system.</exception>
    public BookedCycles Since(LedgerMark earlier)
    {
        if (earlier.provenance != provenance) throw new ArgumentException("the marks are of different systems", nameof(earlier));
        return new BookedCycles(
            Causes.All.ToDictionary(cause => cause, cause => this[cause] - earlier[cause]),
            [.. Enumerable.Range(0, byNumber.Length / Causes.All.Count)
                .SelectMany(i => Causes.All.Select(cause => new NumberShare(provenance[i], cause, ByNumber(i, cause) - earlier.ByNumber(i, cause))))
                .Where(share => share.Cycles != 0)]);
    }
}
