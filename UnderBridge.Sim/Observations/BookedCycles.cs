using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Observations;

/// <summary>Cycles charged under one cause on the strength of one number.</summary>
/// <param name="Number">With its grade, source and range.</param>
/// <param name="Cause">What the cycles were spent on.</param>
/// <param name="Cycles">Not rounded; negative where a step corrects others.</param>
public readonly record struct NumberShare(ISourced Number, Cause Cause, double Cycles);

/// <summary>What a core booked between two moments.</summary>
/// <param name="ByCause">Whole cycles of every cause; their sum is the time that passed.</param>
/// <param name="ByNumber">The same cycles before rounding, by the number they rest on and cause, without those that are zero; idle time rests on no number.</param>
public sealed record BookedCycles(IReadOnlyDictionary<Cause, long> ByCause, IReadOnlyList<NumberShare> ByNumber)
{
    /// <summary>Cycles of all causes.</summary>
    public long Total => ByCause.Values.Sum();
}
