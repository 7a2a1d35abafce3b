using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>What the core of a system had booked at one moment; what a later moment has more was booked in between.</summary>
public sealed class LedgerMark
{
    readonly long[] byCause;
    readonly double[] byNumber;
    readonly double pollutionByIpc;
    readonly double refillOfIpc;

    LedgerMark(long[] byCause, double[] byNumber, double pollutionByIpc, double refillOfIpc)
    {
        this.byCause = byCause;
        this.byNumber = byNumber;
        this.pollutionByIpc = pollutionByIpc;
        this.refillOfIpc = refillOfIpc;
    }

    public long this[Cause cause] => byCause[(int)cause];
    public long Total => byCause.Sum();

    public static LedgerMark Take(SimulatedSystem system)
    {
        var ledger = system.Core.Ledger;
        return new LedgerMark(
            [.. Causes.All.Select(cause => ledger[cause])],
            [.. Enumerable.Range(0, system.Provenance.Count).Select(ledger.ByNumber)],
            0, 0);
    }
}
