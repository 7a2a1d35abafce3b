using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>Gathers the stalls of one run by the level that ended them, split into refill and pollution, and charges them once at the end.</summary>
sealed class StallAccount(Cause refillCause, Cause pollutionCause, int[] numbers)
{
    readonly double[] refill = new double[numbers.Length];
    readonly double[] pollution = new double[numbers.Length];

    public void Add(int level, double refilled, double polluted)
    {
        refill[level] += refilled;
        pollution[level] += polluted;
    }

    /// <summary>Charges and clears what was gathered; returns the refill that was charged.</summary>
    public double Settle(CycleLedger ledger, bool refillInPrice)
    {
        var charged = 0.0;
        for (var level = 1; level < numbers.Length; level++)
        {
            if (refill[level] != 0 && !refillInPrice)
            {
                ledger.Charge(refillCause, refill[level], numbers[level]);
                charged += refill[level];
            }
            if (pollution[level] != 0) ledger.Charge(pollutionCause, pollution[level], numbers[level]);
        }
        Array.Clear(refill);
        Array.Clear(pollution);
        return charged;
    }
}
