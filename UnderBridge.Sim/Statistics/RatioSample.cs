namespace UnderBridge.Sim.Statistics;

/// <summary>
/// The ratio of two totals, such as requests to cycles, with a pair of totals for each batch or replication. The pairs of two systems that were given the same random numbers belong together.
/// </summary>
sealed class RatioSample
{
    readonly IReadOnlyList<double> numerators, denominators;

    /// <param name="numerators">One a batch or replication.</param>
    /// <param name="denominators">As many, of a sum above zero.</param>
    public RatioSample(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators)
    {
        if (numerators.Count != denominators.Count) throw new ArgumentException($"{numerators.Count} numerators do not pair with {denominators.Count} denominators");
        if (denominators.Sum() <= 0) throw new ArgumentException("the denominators must add up to more than zero");
        (this.numerators, this.denominators) = (numerators, denominators);
    }

    /// <summary>A value that was taken once.</summary>
    public static RatioSample Once(double numerator, double denominator = 1) => new([numerator], [denominator]);

    /// <summary>The mean of values, each a batch or replication.</summary>
    public static RatioSample Mean(IReadOnlyList<double> values) => new(values, [.. values.Select(_ => 1.0)]);

    /// <summary>Replications put together: each becomes one pair.</summary>
    public static RatioSample Joined(IReadOnlyList<RatioSample> replications) =>
        new([.. replications.Select(one => one.numerators.Sum())], [.. replications.Select(one => one.denominators.Sum())]);

    public int Count => numerators.Count;

    public double Value => numerators.Sum() / denominators.Sum();

    /// <summary>The ratio with its Student-t interval; without one where there is a single pair. Cochran, "Sampling Techniques", 3rd ed., chapter 6.</summary>
    public Estimate Estimate(double confidence = BatchMeans.DefaultConfidence)
    {
        var (ratio, mean) = (Value, denominators.Sum() / Count);
        return Around(ratio, [.. numerators.Select((numerator, i) => numerator - ratio * denominators[i])], mean, confidence);
    }

    /// <summary>This by another, pair by pair, as far as both go: what they share is left out of the interval. Null unless both are above zero.</summary>
    public Estimate? Over(RatioSample other, double confidence = BatchMeans.DefaultConfidence)
    {
        var count = Math.Min(Count, other.Count);
        var (own, others) = (First(count), other.First(count));
        if (own.Value <= 0 || others.Value <= 0) return null;
        return Around(own.Value / others.Value, [.. own.Residuals().Zip(others.Residuals(), (one, two) => one / own.Value - two / others.Value)], others.Value / own.Value, confidence);
    }

    /// <summary>This less another, pair by pair, as far as both go.</summary>
    public Estimate Less(RatioSample other, double confidence = BatchMeans.DefaultConfidence)
    {
        var count = Math.Min(Count, other.Count);
        var (own, others) = (First(count), other.First(count));
        return Around(own.Value - others.Value, [.. own.Residuals().Zip(others.Residuals(), (one, two) => one - two)], 1, confidence);
    }

    /// <summary>Whether it is above another or below; neither unless the paired interval says so, whichever of the two is divided by the other.</summary>
    public Verdict Beside(RatioSample other) =>
        Value >= other.Value ? Exceeds(other) ? Verdict.Above : Verdict.TooShort : other.Exceeds(this) ? Verdict.Below : Verdict.TooShort;

    // The larger by the smaller has the wider interval around 1 of the two ways to divide.
    bool Exceeds(RatioSample other) => (Over(other)?.Against(1) ?? Less(other).Against(0)) == Verdict.Above;

    RatioSample First(int count) => count == Count ? this : new([.. numerators.Take(count)], [.. denominators.Take(count)]);

    // What each pair adds to the ratio beyond its mean, in units of the ratio.
    double[] Residuals()
    {
        var (ratio, mean) = (Value, denominators.Sum() / Count);
        return [.. numerators.Select((numerator, i) => (numerator - ratio * denominators[i]) / mean)];
    }

    static Estimate Around(double value, double[] residuals, double unit, double confidence)
    {
        if (residuals.Length < 2) return Statistics.Estimate.Exact(value);
        var deviation = Math.Sqrt(residuals.Sum(residual => residual * residual) / (residuals.Length - 1)) / unit;
        var half = BatchMeans.Quantile(confidence, residuals.Length - 1) * deviation / Math.Sqrt(residuals.Length);
        return new Estimate(value, value - half, value + half);
    }
}
