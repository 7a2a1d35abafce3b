namespace UnderBridge.Sim.Engine;

/// <summary>What distributions have in common.</summary>
public abstract class Distribution<T> : IDistribution<T>
{
    protected Distribution() { }

    public abstract T Sample(IRandom random);

    public virtual IEnumerable<T> Sample(IRandom random, int n)
    {
        for (var i = 0; i < n; i++) yield return Sample(random);
    }
}
