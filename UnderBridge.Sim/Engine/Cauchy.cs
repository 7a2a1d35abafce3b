namespace UnderBridge.Sim.Engine;

/// <summary>Cauchy, by location and scale; it has neither mean nor variance.</summary>
public class Cauchy(double x0, double gamma) : Distribution<double>
{
    public double X0 { get; } = x0;
    public double Gamma { get; } = gamma;

    public override double Sample(IRandom random) => Sample(random, X0, Gamma);

    public static double Sample(IRandom random, double x0, double gamma)
    {
        ArgumentNullException.ThrowIfNull(random);
        return x0 + gamma * Math.Tan(Math.PI * (random.NextDouble() - 0.5));
    }
}

/// <summary>Cauchy, by location and a scale in seconds; it has neither mean nor variance. Throws OverflowException for a draw that is no time span.</summary>
public class CauchyTime(TimeSpan x0, double gamma) : Distribution<TimeSpan>
{
    public TimeSpan X0 { get; } = x0;
    public double Gamma { get; } = gamma;

    public override TimeSpan Sample(IRandom random) => Sample(random, X0, Gamma);

    public static TimeSpan Sample(IRandom random, TimeSpan x0, double gamma) => TimeSpan.FromSeconds(Cauchy.Sample(random, x0.TotalSeconds, gamma));
}
