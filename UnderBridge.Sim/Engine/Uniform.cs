namespace UnderBridge.Sim.Engine;

/// <summary>Uniform over [lower, upper).</summary>
public class Uniform(double lower, double upperExclusive) : Distribution<double>
{
    public double Lower { get; } = lower;
    public double Upper { get; } = upperExclusive;
    public double Mean => (Lower + Upper) / 2;
    public double StdDev => (Upper - Lower) / Math.Sqrt(12);

    public override double Sample(IRandom random) => Sample(random, Lower, Upper);

    public static double Sample(IRandom random, double lower, double upper)
    {
        ArgumentNullException.ThrowIfNull(random);
        return lower + (upper - lower) * random.NextDouble();
    }
}

/// <summary>Uniform over [lower, upper).</summary>
public class UniformTime(TimeSpan lower, TimeSpan upperExclusive) : Distribution<TimeSpan>
{
    public TimeSpan Lower { get; } = lower;
    public TimeSpan Upper { get; } = upperExclusive;
    public TimeSpan MeanTime => (Lower + Upper) / 2;
    public TimeSpan StdDevTime => (Upper - Lower) / Math.Sqrt(12);

    public override TimeSpan Sample(IRandom random) => Sample(random, Lower, Upper);

    public static TimeSpan Sample(IRandom random, TimeSpan lower, TimeSpan upper)
    {
        ArgumentNullException.ThrowIfNull(random);
        return lower + TimeSpan.FromTicks((long)((upper - lower).Ticks * random.NextDouble()));
    }
}

/// <summary>Uniform over the integers in [lower, upper).</summary>
public class UniformDiscrete(int lower, int upperExclusive) : Distribution<int>
{
    public int Lower { get; } = lower;
    public int Upper { get; } = upperExclusive;
    public double Mean => ((double)Lower + Upper - 1) / 2;
    public double StdDev => Math.Sqrt((Math.Pow((double)Upper - Lower, 2) - 1) / 12);

    /// <summary>The mean, taken as seconds.</summary>
    public TimeSpan MeanTime => TimeSpan.FromSeconds(Mean);

    /// <summary>The standard deviation, taken as seconds.</summary>
    public TimeSpan StdDevTime => TimeSpan.FromSeconds(StdDev);

    public override int Sample(IRandom random) => (int)Sample(random, Lower, Upper);

    public static double Sample(IRandom random, int lower, int upper)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.Next(lower, upper);
    }
}
