namespace UnderBridge.Sim.Engine;

/// <summary>A distribution to draw from.</summary>
public interface IDistribution<T>
{
    T Sample(IRandom random);

    /// <summary>Draws <paramref name="n"/> times, when enumerated.</summary>
    IEnumerable<T> Sample(IRandom random, int n);
}

/// <summary>A distribution that rejects draws, and so may fail to give one.</summary>
public interface IRejectionSampledDistribution<T> : IDistribution<T>
{
    bool TrySample(IRandom random, out T sample);
}

/// <summary>A distribution whose next draw may depend on an earlier one.</summary>
public interface IStatefulDistribution<T> : IDistribution<T>
{
    /// <summary>Forgets earlier draws.</summary>
    void Reset();
}
