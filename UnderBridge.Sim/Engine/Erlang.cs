namespace UnderBridge.Sim.Engine;

/// <summary>The sum of k exponential phases with the rate lambda.</summary>
public class Erlang(int k, double lambda) : Distribution<double>
{
    public int K { get; } = k;
    public double Lambda { get; } = lambda;
    public double Mean => K / Lambda;
    public double StdDev => Math.Sqrt(K) / Lambda;

    public override double Sample(IRandom random) => Sample(random, K, Lambda);

    public static double Sample(IRandom random, int k, double lambda)
    {
        var sum = 0.0;
        for (var phase = 0; phase < k; phase++) sum += Exponential.Sample(random, 1 / lambda);
        return sum;
    }
}

/// <summary>The sum of k exponential phases. A time is no rate: here lambda is the mean of a phase.</summary>
public class ErlangTime(int k, TimeSpan lambda) : Distribution<TimeSpan>
{
    public int K { get; } = k;
    public TimeSpan Lambda { get; } = lambda;
    public TimeSpan Mean => K * Lambda;
    public TimeSpan StdDev => Math.Sqrt(K) * Lambda;

    public override TimeSpan Sample(IRandom random) => Sample(random, K, Lambda);

    public static TimeSpan Sample(IRandom random, int k, TimeSpan lambda) => TimeSpan.FromTicks((long)Erlang.Sample(random, k, 1.0 / lambda.Ticks));
}
