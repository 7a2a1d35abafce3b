using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Draws from a distribution until a value lies within the bounds, so many times at most.</summary>
[SuppressMessage("Design", "CA1012", Justification = "The shared interface has a public constructor here.")]
public abstract class Bounded<T> : Distribution<T>, IRejectionSampledDistribution<T>, IStatefulDistribution<T>
{
    readonly IDistribution<T> distribution;
    readonly int tries;

    public Bounded(IDistribution<T> distribution, T lower, T upper, int ntries = 100, bool excludeLower = false, bool excludeUpper = false)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ntries);
        this.distribution = distribution;
        tries = ntries;
        (Lower, Upper, ExcludesLower, ExcludesUpper) = (lower, upper, excludeLower, excludeUpper);
    }

    public T Lower { get; }
    public T Upper { get; }

    internal bool ExcludesLower { get; }
    internal bool ExcludesUpper { get; }

    /// <summary>Throws InvalidOperationException when no draw lies within the bounds.</summary>
    public override T Sample(IRandom random) =>
        TrySample(random, out var sample) ? sample : throw new InvalidOperationException($"None of {tries} draws lies within the bounds.");

    public bool TrySample(IRandom random, out T sample)
    {
        for (var i = 0; i < tries; i++)
        {
            sample = distribution.Sample(random);
            if (!OutsideBounds(sample)) return true;
        }
        sample = default!;
        return false;
    }

    public void Reset() => (distribution as IStatefulDistribution<T>)?.Reset();

    protected abstract bool OutsideBounds(T sample);

    internal bool IsOutside(T sample)
    {
        var (low, high) = (Comparer<T>.Default.Compare(sample, Lower), Comparer<T>.Default.Compare(sample, Upper));
        return low < 0 || high > 0 || (low == 0 && ExcludesLower) || (high == 0 && ExcludesUpper);
    }
}

/// <summary>A bounded distribution of real numbers.</summary>
public class BoundedContinuous(
    IDistribution<double> distribution, double lower = double.NegativeInfinity, double upper = double.PositiveInfinity, int ntries = 100, bool excludeLower = false, bool excludeUpper = false)
    : Bounded<double>(distribution, lower, upper, ntries, excludeLower, excludeUpper)
{
    protected override bool OutsideBounds(double s) => IsOutside(s);
}

/// <summary>A bounded distribution of integers.</summary>
public class BoundedDiscrete(
    IDistribution<int> distribution, int lower = int.MinValue, int upper = int.MaxValue, int ntries = 100, bool excludeLower = false, bool excludeUpper = false)
    : Bounded<int>(distribution, lower, upper, ntries, excludeLower, excludeUpper)
{
    protected override bool OutsideBounds(int s) => IsOutside(s);
}

/// <summary>A bounded distribution of time spans.</summary>
public class BoundedTime(
    IDistribution<TimeSpan> distribution, TimeSpan? lower = null, TimeSpan? upper = null, int ntries = 100, bool excludeLower = false, bool excludeUpper = false)
    : Bounded<TimeSpan>(distribution, lower ?? TimeSpan.MinValue, upper ?? TimeSpan.MaxValue, ntries, excludeLower, excludeUpper)
{
    protected override bool OutsideBounds(TimeSpan s) => IsOutside(s);
}
