using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Studies;

/// <summary>
/// How the cycles of an observation move with the assumed prices under it. Counts of steps, misses and units of work do not depend on
/// prices, so cycles are linear in each price, and one run serves a whole range. Where a fitted number stands beside an assumed price, it moves
/// against it: it would have been fitted to meet the same publication. Sizes of
/// footprints are not linear: they count where the observation was run at their ends too, all together.
/// </summary>
sealed class Sensitivity
{
    double sizesLow;
    double sizesHigh;
    readonly Dictionary<string, (ISourced Number, double Slope)> assumed = new(StringComparer.Ordinal);

    readonly Func<ISourced, bool> moves;

    Sensitivity(double cycles, Func<ISourced, bool> moves)
    {
        Cycles = cycles;
        this.moves = moves;
    }

    /// <summary>Numbers that may lie anywhere in their ranges: all but those solved to a publication, which move only with the others.</summary>
    public static bool Uncertain(ISourced number) => number.Grade != Grade.Fitted && number.HighNumber > number.LowNumber;

    static bool IsAssumed(ISourced number) => number.Grade == Grade.Assumed;

    /// <summary>Cycles as observed.</summary>
    public double Cycles { get; }

    /// <summary>
    /// The sensitivity of an observation. <paramref name="reference"/> gives the run that a fitted number was fitted on, or null where there is none;
    /// <paramref name="moves"/> says which numbers move through their ranges, by default the assumed ones.
    /// </summary>
    public static Sensitivity Of(Observation observation, Func<ISourced, Observation?> reference, Func<ISourced, bool>? moves = null)
    {
        var sensitivity = Of(observation, reference, _ => 1, moves);
        foreach (var end in observation.AtSizes.Keys) sensitivity.AddSizes(observation, end, reference);
        return sensitivity;
    }

    /// <summary>The sensitivity of a part of the cycles, given as the weight of each cause.</summary>
    public static Sensitivity Of(Observation observation, Func<ISourced, Observation?> reference, Func<Cause, double> weight, Func<ISourced, bool>? moves = null)
    {
        var sensitivity = new Sensitivity(observation.ByCause.Sum(cause => weight(cause.Key) * cause.Value), moves ?? IsAssumed);
        foreach (var share in observation.ByNumber) sensitivity.Add(share.Number, weight(share.Cause) * share.Cycles, observation.Spec.Machine);
        foreach (var fitted in Fitted(observation, reference)) sensitivity.Compensate(fitted, weight(fitted.Cause), observation);
        return sensitivity;
    }

    /// <summary>Least and greatest cycles over all assumed ranges together; null where nothing is assumed.</summary>
    public (double Low, double High)? Range()
    {
        if (assumed.Count == 0 && sizesLow == 0 && sizesHigh == 0) return null;
        var (low, high) = (Cycles + sizesLow, Cycles + sizesHigh);
        foreach (var (number, slope) in assumed.Values)
        {
            var (down, up) = Ends(number, slope);
            low += Math.Min(0, Math.Min(down, up));
            high += Math.Max(0, Math.Max(down, up));
        }
        return (low, high);
    }

    /// <summary>
    /// Least and greatest ratio of two observations over all assumed ranges together, a number that both use having one value in both. Dinkelbach's
    /// method: the extreme of a ratio is where the linear form numerator - ratio x denominator has the extreme 0, found in a few steps.
    /// </summary>
    public static (double Low, double High)? RatioRange(Sensitivity numerator, Sensitivity denominator)
    {
        var numbers = numerator.assumed.Values.Concat(denominator.assumed.Values).Select(entry => entry.Number).DistinctBy(number => number.Name).ToList();
        if (numbers.Count == 0) return null;
        return (Extreme(numerator, denominator, numbers, -1), Extreme(numerator, denominator, numbers, 1));
    }

    /// <summary>Least and greatest difference of two observations over all assumed ranges together, a number that both use having one value in both.</summary>
    public static (double Low, double High) DifferenceRange(Sensitivity one, Sensitivity other)
    {
        var (low, high) = (one.Cycles - other.Cycles, one.Cycles - other.Cycles);
        foreach (var name in one.assumed.Keys.Union(other.assumed.Keys).Order(StringComparer.Ordinal))
        {
            var number = one.assumed.TryGetValue(name, out var entry) ? entry.Number : other.assumed[name].Number;
            var ((oneDown, oneUp), (otherDown, otherUp)) = (one.EndsOf(number), other.EndsOf(number));
            low += Math.Min(0, Math.Min(oneDown - otherDown, oneUp - otherUp));
            high += Math.Max(0, Math.Max(oneDown - otherDown, oneUp - otherUp));
        }
        return (low, high);
    }

    static double Extreme(Sensitivity numerator, Sensitivity denominator, List<ISourced> numbers, int sign)
    {
        const int steps = 20;
        var ratio = numerator.Cycles / denominator.Cycles;
        for (var step = 0; step < steps; step++)
        {
            var (top, bottom) = (numerator.Cycles, denominator.Cycles);
            foreach (var number in numbers)
            {
                var (topDown, topUp) = numerator.EndsOf(number);
                var (bottomDown, bottomUp) = denominator.EndsOf(number);
                var down = sign * (topDown - ratio * bottomDown);
                var up = sign * (topUp - ratio * bottomUp);
                if (Math.Max(down, up) <= 0) continue;
                top += up > down ? topUp : topDown;
                bottom += up > down ? bottomUp : bottomDown;
            }
            ratio = top / bottom;
        }
        return ratio;
    }

    void AddSizes(Observation observation, RangeEnd end, Func<ISourced, Observation?> reference)
    {
        var change = (double)(observation.AtSizes[end].Cycles - observation.Cycles);
        foreach (var fitted in Fitted(observation, reference)) change -= fitted.PerReference * (fitted.Reference.AtSizes[end].Cycles - fitted.Reference.Cycles);
        sizesLow = Math.Min(sizesLow, change);
        sizesHigh = Math.Max(sizesHigh, change);
    }

    // In the run that it was fitted on, the fitted number absorbs what the others move by.
    // A number that the user set is fixed, and nothing was fitted beside it.
    void Compensate(FittedShare fitted, double weight, Observation observation)
    {
        var set = observation.ByNumber.Select(share => share.Number).Where(number => number.Source.Key == "user").Select(number => number.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var share in fitted.Reference.ByNumber.Where(share => !set.Contains(share.Number.Name)))
            Add(share.Number, -weight * fitted.PerReference * share.Cycles, fitted.Reference.Spec.Machine);
    }

    void Add(ISourced number, double cycles, HardwareProfile machine)
    {
        if (!moves(number) || cycles == 0) return;
        var slope = cycles / (number.Number - FreePart(number, machine));
        assumed[number.Name] = (number, assumed.GetValueOrDefault(number.Name).Slope + slope);
    }

    // A miss is charged the latency of the level that ends it beyond that of the first level, which a step's price holds.
    static double FreePart(ISourced number, HardwareProfile machine)
    {
        var isLatency = number.Name == machine.L2.Latency.Name || number.Name == machine.Llc.Latency.Name || number.Name == machine.Prices["memory-latency"].Name
            || number.Name == machine.Prices.GetValueOrDefault("line-transfer")?.Name;
        return isLatency ? machine.L1D.Latency.Value : 0;
    }

    // The fitted numbers of an observation, each with the run it was fitted on and how often its cycles there are in the observation.
    static IEnumerable<FittedShare> Fitted(Observation observation, Func<ISourced, Observation?> reference)
    {
        foreach (var share in observation.ByNumber.Where(share => share.Number.Grade == Grade.Fitted))
        {
            if (reference(share.Number) is not { } run) continue;
            var there = run.CyclesOf(share.Number.Name);
            if (there != 0) yield return new FittedShare(share.Cause, run, share.Cycles / there);
        }
    }

    readonly record struct FittedShare(Cause Cause, Observation Reference, double PerReference);

    (double Down, double Up) EndsOf(ISourced number) => assumed.TryGetValue(number.Name, out var entry) ? Ends(entry.Number, entry.Slope) : (0, 0);

    // Cycles by which the ends of a number's range differ from its value.
    static (double Down, double Up) Ends(ISourced number, double slope) =>
        (slope * (number.LowNumber - number.Number), slope * (number.HighNumber - number.Number));
}
