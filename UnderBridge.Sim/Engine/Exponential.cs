namespace UnderBridge.Sim.Engine;

/// <summary>Exponential, by its mean.</summary>
public class Exponential(double mean) : Distribution<double>
{
    public double Mean { get; } = mean;
    public double StdDev => Mean;

    public override double Sample(IRandom random) => Sample(random, Mean);

    public static double Sample(IRandom random, double mean)
    {
        ArgumentNullException.ThrowIfNull(random);
        return -Math.Log(1 - random.NextDouble()) * mean;
    }
}

/// <summary>Exponential, by its mean.</summary>
public class ExponentialTime(TimeSpan mean) : Distribution<TimeSpan>
{
    public TimeSpan Mean { get; } = mean;
    public TimeSpan StdDev => Mean;

    public override TimeSpan Sample(IRandom random) => Sample(random, Mean);

    public static TimeSpan Sample(IRandom random, TimeSpan mean) => TimeSpan.FromTicks((long)Exponential.Sample(random, mean.Ticks));
}
