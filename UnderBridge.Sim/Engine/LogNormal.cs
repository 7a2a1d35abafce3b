namespace UnderBridge.Sim.Engine;

/// <summary>Log-normal: by its own mean and standard deviation, or as the exponential of a normal distribution.</summary>
public class LogNormal : Distribution<double>, IStatefulDistribution<double>
{
    readonly Normal normal;

    public LogNormal(double mean, double stdev) : this(NormalFor(mean, stdev)) { }

    public LogNormal(Normal normal)
    {
        ArgumentNullException.ThrowIfNull(normal);
        // A copy, so that what a normal distribution keeps is not shared.
        this.normal = new(normal.Mean, normal.StdDev);
    }

    /// <summary>The mean of the logarithm.</summary>
    public double Mu => normal.Mean;

    /// <summary>The standard deviation of the logarithm.</summary>
    public double Sigma => normal.StdDev;

    public double Mean => Math.Exp(Mu + Sigma * Sigma / 2);
    public double StdDev => Mean * Math.Sqrt(Math.Exp(Sigma * Sigma) - 1);

    public override double Sample(IRandom random) => Math.Exp(normal.Sample(random));

    public static double Sample(IRandom random, double mean, double stdev)
    {
        var normal = NormalFor(mean, stdev);
        return Math.Exp(Normal.Sample(random, normal.Mean, normal.StdDev));
    }

    public void Reset() => normal.Reset();

    static Normal NormalFor(double mean, double stdev)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mean);
        var variance = Math.Log(1 + stdev * stdev / (mean * mean));
        return new(Math.Log(mean) - variance / 2, Math.Sqrt(variance));
    }
}

/// <summary>Log-normal in seconds: by its own mean and standard deviation, or as the exponential of a normal distribution of seconds.</summary>
public class LogNormalTime : Distribution<TimeSpan>, IStatefulDistribution<TimeSpan>
{
    readonly LogNormal seconds;

    public LogNormalTime(TimeSpan mean, TimeSpan stdev) => seconds = new(mean.TotalSeconds, stdev.TotalSeconds);

    public LogNormalTime(NormalTime normal)
    {
        ArgumentNullException.ThrowIfNull(normal);
        seconds = new(new Normal(normal.Mean.TotalSeconds, normal.StdDev.TotalSeconds));
    }

    public TimeSpan Mu => TimeSpan.FromSeconds(seconds.Mu);
    public TimeSpan Sigma => TimeSpan.FromSeconds(seconds.Sigma);
    public TimeSpan Mean => TimeSpan.FromSeconds(seconds.Mean);
    public TimeSpan StdDev => TimeSpan.FromSeconds(seconds.StdDev);

    public override TimeSpan Sample(IRandom random) => TimeSpan.FromSeconds(seconds.Sample(random));

    public static TimeSpan Sample(IRandom random, TimeSpan mean, TimeSpan stdev) =>
        TimeSpan.FromSeconds(LogNormal.Sample(random, mean.TotalSeconds, stdev.TotalSeconds));

    public void Reset() => seconds.Reset();
}
