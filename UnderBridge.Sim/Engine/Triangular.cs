namespace UnderBridge.Sim.Engine;

/// <summary>Triangular over [lower, upper] with the peak at the mode, in the middle unless said otherwise.</summary>
public class Triangular : Distribution<double>
{
    public Triangular(double lower, double upper) : this(lower, upper, (lower + upper) / 2) { }

    /// <summary>Throws ArgumentException unless lower &lt;= mode &lt;= upper.</summary>
    public Triangular(double lower, double upper, double mode)
    {
        if (!(lower <= mode && mode <= upper)) throw new ArgumentException("The mode must lie between the bounds.", nameof(mode));
        (Lower, Upper, Mode) = (lower, upper, mode);
    }

    public double Lower { get; }
    public double Upper { get; }
    public double Mode { get; }
    public double Mean => (Lower + Upper + Mode) / 3;
    public double StdDev => Math.Sqrt((Lower * Lower + Upper * Upper + Mode * Mode - Lower * Upper - Lower * Mode - Upper * Mode) / 18);

    public override double Sample(IRandom random) => Sample(random, Lower, Upper, Mode);

    public static double Sample(IRandom random, double lower, double upper, double mode)
    {
        ArgumentNullException.ThrowIfNull(random);
        var (u, width) = (random.NextDouble(), upper - lower);
        if (width == 0) return lower;
        return u < (mode - lower) / width
            ? lower + Math.Sqrt(u * width * (mode - lower))
            : upper - Math.Sqrt((1 - u) * width * (upper - mode));
    }

    public static double Sample(IRandom random, double lower, double upper) => Sample(random, lower, upper, (lower + upper) / 2);
}

/// <summary>Triangular over [lower, upper] with the peak at the mode, in the middle unless said otherwise.</summary>
public class TriangularTime : Distribution<TimeSpan>
{
    readonly Triangular ticks;

    public TriangularTime(TimeSpan lower, TimeSpan upper) : this(lower, upper, (lower + upper) / 2) { }

    /// <summary>Throws ArgumentException unless lower &lt;= mode &lt;= upper.</summary>
    public TriangularTime(TimeSpan lower, TimeSpan upper, TimeSpan mode)
    {
        ticks = new(lower.Ticks, upper.Ticks, mode.Ticks);
        (Lower, Upper, Mode) = (lower, upper, mode);
    }

    public TimeSpan Lower { get; }
    public TimeSpan Upper { get; }
    public TimeSpan Mode { get; }
    public TimeSpan Mean => (Lower + Upper + Mode) / 3;
    public TimeSpan StdDev => TimeSpan.FromTicks((long)ticks.StdDev);

    public override TimeSpan Sample(IRandom random) => Sample(random, Lower, Upper, Mode);

    public static TimeSpan Sample(IRandom random, TimeSpan lower, TimeSpan upper, TimeSpan mode) =>
        TimeSpan.FromTicks((long)Triangular.Sample(random, lower.Ticks, upper.Ticks, mode.Ticks));

    public static TimeSpan Sample(IRandom random, TimeSpan lower, TimeSpan upper) => Sample(random, lower, upper, (lower + upper) / 2);
}
