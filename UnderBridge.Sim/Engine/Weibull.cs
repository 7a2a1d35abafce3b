namespace UnderBridge.Sim.Engine;

/// <summary>Weibull with scale alpha and shape beta.</summary>
public class Weibull(double alpha, double beta) : Distribution<double>
{
    public double Alpha { get; } = alpha;
    public double Beta { get; } = beta;

    public override double Sample(IRandom random) => Sample(random, Alpha, Beta);

    public static double Sample(IRandom random, double alpha, double beta)
    {
        ArgumentNullException.ThrowIfNull(random);
        return alpha * Math.Pow(-Math.Log(1 - random.NextDouble()), 1 / beta);
    }
}
