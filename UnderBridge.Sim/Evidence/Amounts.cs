namespace UnderBridge.Sim.Evidence;

/// <summary>What amounts must be before anything is charged for them: none that is no number, and none that would turn the clock back.</summary>
static class Amounts
{
    /// <exception cref="ArgumentException">A number is none, infinite, negative or above the most; the message names it and whose it is.</exception>
    public static void Check(string whose, IEnumerable<ISourced> numbers, double most = double.MaxValue)
    {
        foreach (var number in numbers)
            if (!IsAmount(number.Number, most))
                throw new ArgumentException(FormattableString.Invariant($"{whose} has {number.Name} at {number.Number} {number.Unit}, expected {(most < double.MaxValue ? $"0 to {most}" : "0 or more")}"));
    }

    /// <summary>True for 0 and every finite number above it, up to the most.</summary>
    public static bool IsAmount(double number, double most = double.MaxValue) => number >= 0 && number <= most;
}
