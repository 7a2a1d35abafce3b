namespace UnderBridge.Sim.Engine;

/// <summary>Short names for the distributions.</summary>
public static class Distributions
{
    public static Constant<T> CONST<T>(T value) => new(value);

    public static Uniform UNIF(double lower, double upper) => new(lower, upper);
    public static UniformTime UNIF(TimeSpan lower, TimeSpan upper) => new(lower, upper);

    public static Triangular TRI(double lower, double upper, double mode) => new(lower, upper, mode);
    public static Triangular TRI(double lower, double upper) => new(lower, upper);
    public static TriangularTime TRI(TimeSpan lower, TimeSpan upper, TimeSpan mode) => new(lower, upper, mode);
    public static TriangularTime TRI(TimeSpan lower, TimeSpan upper) => new(lower, upper);

    public static Exponential EXP(double mean) => new(mean);
    public static ExponentialTime EXP(TimeSpan mean) => new(mean);

    public static Normal N(double mu, double sigma) => new(mu, sigma);
    public static NormalTime N(TimeSpan mu, TimeSpan sigma) => new(mu, sigma);

    /// <summary>By mean and standard deviation of the logarithm.</summary>
    public static LogNormal LNORM(double mu, double sigma) => new(N(mu, sigma));

    /// <summary>By mean and standard deviation of the logarithm, in seconds.</summary>
    public static LogNormalTime LNORM(TimeSpan mu, TimeSpan sigma) => new(N(mu, sigma));

    /// <summary>By its own mean and standard deviation.</summary>
    public static LogNormal LNORM2(double mean, double stddev) => new(mean, stddev);

    /// <summary>By its own mean and standard deviation.</summary>
    public static LogNormalTime LNORM2(TimeSpan mean, TimeSpan stddev) => new(mean, stddev);

    public static Cauchy CAUCHY(double x0, double gamma) => new(x0, gamma);

    /// <summary>By location and a scale in seconds.</summary>
    public static CauchyTime CAUCHY(TimeSpan x0, double gamma) => new(x0, gamma);

    /// <summary>By scale and shape.</summary>
    public static Weibull WEI(double alpha, double beta) => new(alpha, beta);

    /// <summary>By number and rate of the phases.</summary>
    public static Erlang ERL(int k, double lambda) => new(k, lambda);

    /// <summary>By number and mean of the phases.</summary>
    public static ErlangTime ERL(int k, TimeSpan lambda) => new(k, lambda);

    /// <summary>Above 0.</summary>
    public static BoundedContinuous POS(IDistribution<double> dist, int ntries = 100) => new(dist, lower: 0, ntries: ntries, excludeLower: true);

    /// <summary>Below 0.</summary>
    public static BoundedContinuous NEG(IDistribution<double> dist, int ntries = 100) => new(dist, upper: 0, ntries: ntries, excludeUpper: true);

    /// <summary>Above 0.</summary>
    public static BoundedDiscrete POS(IDistribution<int> dist, int ntries = 100) => new(dist, lower: 0, ntries: ntries, excludeLower: true);

    /// <summary>Below 0.</summary>
    public static BoundedDiscrete NEG(IDistribution<int> dist, int ntries = 100) => new(dist, upper: 0, ntries: ntries, excludeUpper: true);

    /// <summary>Above 0.</summary>
    public static BoundedTime POS(IDistribution<TimeSpan> dist, int ntries = 100) => new(dist, lower: TimeSpan.Zero, ntries: ntries, excludeLower: true);

    /// <summary>Below 0.</summary>
    public static BoundedTime NEG(IDistribution<TimeSpan> dist, int ntries = 100) => new(dist, upper: TimeSpan.Zero, ntries: ntries, excludeUpper: true);
}
