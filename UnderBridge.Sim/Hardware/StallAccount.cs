using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>Gathers the stalls of one run by the number they rest on, split into refill and pollution, and charges them once at the end.</summary>
sealed class StallAccount(Cause refillCause, Cause pollutionCause, int[] numbers)
{
    readonly double[] refill = new double[numbers.Length];
    readonly double[] pollution = new double[numbers.Length];
    bool empty = true;

    public void Add(int index, double refilled, double polluted)
    {
        empty = false;
        refill[index] += refilled;
        pollution[index] += polluted;
    }

    /// <summary>Adds a part of a stall of which at most <paramref name="refillLeft"/> is refill, and takes that from it.</summary>
    public void AddPart(int index, double cycles, ref double refillLeft)
    {
        var refilled = Math.Min(cycles, refillLeft);
        refillLeft -= refilled;
        Add(index, refilled, cycles - refilled);
    }

    /// <summary>Charges and clears what was gathered; returns the refill that was charged.</summary>
    public double Settle(StallBooks books, bool refillInPrice)
    {
        if (empty) return 0;
        empty = true;
        var charged = 0.0;
        for (var index = 0; index < numbers.Length; index++)
        {
            if (refill[index] != 0 && !refillInPrice)
            {
                books.Charge(refillCause, refill[index], numbers[index]);
                charged += refill[index];
            }
            if (pollution[index] != 0) books.Charge(pollutionCause, pollution[index], numbers[index]);
        }
        Array.Clear(refill);
        Array.Clear(pollution);
        return charged;
    }
}
