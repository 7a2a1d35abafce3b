namespace UnderBridge.Sim.Engine;

/// <summary>
/// Normal, by Marsaglia's polar method, which gives two values at a time. The second is kept for the next draw from the same generator, so that
/// a distribution used in two simulations carries nothing from one to the other.
/// </summary>
public class Normal(double mu, double sigma) : Distribution<double>, IStatefulDistribution<double>
{
    IRandom? source;
    double spare;

    public double Mean { get; } = mu;
    public double StdDev { get; } = sigma;

    public override double Sample(IRandom random)
    {
        if (source is not null && source == random)
        {
            source = null;
            return Mean + StdDev * spare;
        }
        var (first, second) = Pair(random);
        (source, spare) = (random, second);
        return Mean + StdDev * first;
    }

    public static double Sample(IRandom random, double mu, double sigma) => mu + sigma * Pair(random).First;

    public void Reset() => source = null;

    static (double First, double Second) Pair(IRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double u, v, s;
        do
        {
            u = 2 * random.NextDouble() - 1;
            v = 2 * random.NextDouble() - 1;
            s = u * u + v * v;
        }
        while (s >= 1 || s == 0);
        var scale = Math.Sqrt(-2 * Math.Log(s) / s);
        return (u * scale, v * scale);
    }
}

/// <summary>Normal; see <see cref="Normal"/> for what it keeps.</summary>
public class NormalTime(TimeSpan mu, TimeSpan sigma) : Distribution<TimeSpan>, IStatefulDistribution<TimeSpan>
{
    readonly Normal ticks = new(mu.Ticks, sigma.Ticks);

    public TimeSpan Mean { get; } = mu;
    public TimeSpan StdDev { get; } = sigma;

    public override TimeSpan Sample(IRandom random) => TimeSpan.FromTicks((long)ticks.Sample(random));

    public static TimeSpan Sample(IRandom random, TimeSpan mu, TimeSpan sigma) => TimeSpan.FromTicks((long)Normal.Sample(random, mu.Ticks, sigma.Ticks));

    public void Reset() => ticks.Reset();
}
