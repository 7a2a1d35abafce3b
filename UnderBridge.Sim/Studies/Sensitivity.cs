using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Studies;

/// <summary>
/// How the cycles of an observation move with the assumed prices under it. Counts of steps, misses and units of work do not depend on
/// prices, so cycles are linear in each price, and one run serves a whole range. Where a fitted number stands beside an assumed price, it moves
/// against it: it would have been fitted to meet the same publication. Sizes of footprints and working sets are held.
/// </summary>
public sealed class Sensitivity
{
    readonly Dictionary<string, (ISourced Number, double Cycles)> assumed = new(StringComparer.Ordinal);

    Sensitivity(double cycles) => Cycles = cycles;

    /// <summary>Cycles as observed.</summary>
    public double Cycles { get; }

    /// <summary>
    /// The sensitivity of an observation. <paramref name="reference"/> gives the run that a fitted number was fitted on, or null where there is none.
    /// </summary>
    public static Sensitivity Of(Observation observation, Func<ISourced, Observation?> reference)
    {
        var sensitivity = new Sensitivity(observation.Cycles);
        foreach (var share in observation.ByNumber)
        {
            sensitivity.Add(share, 1);
            if (share.Number.Grade == Grade.Fitted && reference(share.Number) is { } run) sensitivity.Compensate(share, run);
        }
        return sensitivity;
    }

    /// <summary>Least and greatest cycles over all assumed ranges together; null where nothing is assumed.</summary>
    public (double Low, double High)? Range()
    {
        if (assumed.Count == 0) return null;
        var (low, high) = (Cycles, Cycles);
        foreach (var (number, cycles) in assumed.Values)
        {
            var (down, up) = Ends(number, cycles);
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

    void Add(NumberShare share, double factor)
    {
        if (share.Number.Grade != Grade.Assumed) return;
        var known = assumed.GetValueOrDefault(share.Number.Name);
        assumed[share.Number.Name] = (share.Number, known.Cycles + factor * share.Cycles);
    }

    // In the run that it was fitted on, the fitted number absorbs what the others move by.
    void Compensate(NumberShare fitted, Observation run)
    {
        var inReference = run.ByNumber.FirstOrDefault(share => share.Number.Name == fitted.Number.Name).Cycles;
        if (inReference == 0) return;
        foreach (var share in run.ByNumber) Add(share, -fitted.Cycles / inReference);
    }

    (double Down, double Up) EndsOf(ISourced number) => assumed.TryGetValue(number.Name, out var entry) ? Ends(entry.Number, entry.Cycles) : (0, 0);

    // Cycles by which the ends of a number's range differ from its value.
    static (double Down, double Up) Ends(ISourced number, double cycles) => number.Number == 0
        ? (0, 0)
        : (cycles * (number.LowNumber / number.Number - 1), cycles * (number.HighNumber / number.Number - 1));
}
