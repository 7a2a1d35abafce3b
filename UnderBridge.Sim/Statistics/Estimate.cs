namespace UnderBridge.Sim.Statistics;

/// <summary>A measured value with its confidence interval.</summary>
/// <param name="Value">In the unit of what was measured.</param>
/// <param name="Low">Lower bound, in the same unit; the value itself without an interval.</param>
/// <param name="High">Upper bound, likewise.</param>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>A value that carries no sampling error, such as a count.</summary>
    public static Estimate Exact(double value) => new(value, value, value);

    /// <summary>How far the interval reaches to each side, in the same unit.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Where the estimate lies beside a value at which nothing is won or lost: 1 for a ratio, 0 for a difference.</summary>
    public Verdict Against(double breakEven) => Low > breakEven ? Verdict.Above : High < breakEven ? Verdict.Below : Verdict.TooShort;

    /// <summary>The same estimate in another unit. The factor is positive.</summary>
    public static Estimate operator *(Estimate estimate, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(factor, 0);
        return new(estimate.Value * factor, estimate.Low * factor, estimate.High * factor);
    }
}
