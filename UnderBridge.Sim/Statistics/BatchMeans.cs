using MathNet.Numerics.Distributions;

namespace UnderBridge.Sim.Statistics;

/// <summary>
/// Student-t intervals from non-overlapping batches of consecutive observations. Neighbours in one run resemble each other, so single
/// observations would promise too much; means of long batches are nearly independent.
/// Law, "Simulation Modeling and Analysis", 5th ed., section 9.5.3; the ratio estimator is Cochran, "Sampling Techniques", 3rd ed., chapter 6.
/// </summary>
public static class BatchMeans
{
    /// <summary>Between 10 and 30 batches serve nearly every run: Schmeiser, "Batch Size Effects in the Analysis of Simulation Output", 1982.</summary>
    public const int DefaultBatches = 20;

    public const double DefaultConfidence = 0.95;

    /// <summary>The mean of the observations. All of them count: where they do not divide evenly, batches differ in length by one.</summary>
    public static Estimate Mean(ReadOnlySpan<double> observations, int batches = DefaultBatches, double confidence = DefaultConfidence)
    {
        Check(observations.Length, batches, confidence);
        var sizes = new double[observations.Length];
        Array.Fill(sizes, 1);
        return Ratio(observations, sizes, batches, confidence);
    }

    /// <summary>
    /// The ratio of two totals, such as operations to cycles: observation i adds <c>numerators[i]</c> and <c>denominators[i]</c>.
    /// Also the way to compare two systems that ran the same operations: pairing them keeps what they share out of the interval.
    /// </summary>
    public static Estimate Ratio(
        ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators, int batches = DefaultBatches, double confidence = DefaultConfidence)
    {
        if (numerators.Length != denominators.Length)
            throw new ArgumentException($"{numerators.Length} numerators do not pair with {denominators.Length} denominators");
        Check(numerators.Length, batches, confidence);
        return new RatioSample(Totals(numerators, batches), Totals(denominators, batches)).Estimate(confidence);
    }

    /// <summary>The pairs of totals of <see cref="Ratio"/>, to be held beside those of another system.</summary>
    internal static RatioSample Sample(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators, int batches) =>
        new(Totals(numerators, batches), Totals(denominators, batches));

    /// <summary>How many standard errors a two-sided Student-t interval of the given confidence reaches to each side.</summary>
    public static double Quantile(double confidence, int degreesOfFreedom) =>
        StudentT.InvCDF(0, 1, degreesOfFreedom, (1 + confidence) / 2);

    static double[] Totals(ReadOnlySpan<double> observations, int batches)
    {
        var totals = new double[batches];
        for (var batch = 0; batch < batches; batch++)
        {
            var from = (int)((long)observations.Length * batch / batches);
            var to = (int)((long)observations.Length * (batch + 1) / batches);
            foreach (var observation in observations[from..to]) totals[batch] += observation;
        }
        return totals;
    }

    static void Check(int observations, int batches, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 2);
        if (observations < batches) throw new ArgumentException($"{observations} observations do not fill {batches} batches");
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "a confidence lies between 0 and 1");
    }
}
