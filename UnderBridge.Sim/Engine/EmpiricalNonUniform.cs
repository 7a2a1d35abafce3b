using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Draws from observations in proportion to their weights.</summary>
[SuppressMessage("Design", "CA1000", Justification = "The shared interface has static members here.")]
public class EmpiricalNonUniform<T> : Distribution<T>
{
    readonly IReadOnlyList<T> observations;
    readonly double[] cumulated;

    public EmpiricalNonUniform(IEnumerable<T> observations, IEnumerable<double> weights) : this((IReadOnlyList<T>)[.. observations], (IReadOnlyList<double>)[.. weights]) { }

    /// <summary>Throws ArgumentException unless there is one weight an observation, none is negative and their sum is above 0.</summary>
    public EmpiricalNonUniform(IReadOnlyList<T> observations, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(observations);
        this.observations = observations;
        cumulated = Cumulate(observations.Count, weights);
    }

    public override T Sample(IRandom random) => observations[Choose(random, cumulated)];

    public static T Sample(IRandom random, IList<T> source, IList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source[Choose(random, Cumulate(source.Count, [.. weights]))];
    }

    static double[] Cumulate(int count, IReadOnlyList<double> weights)
    {
        if (weights.Count != count) throw new ArgumentException("There must be one weight an observation.", nameof(weights));
        var sums = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            if (!(weights[i] >= 0)) throw new ArgumentException("A weight is negative.", nameof(weights));
            sums[i] = sum += weights[i];
        }
        if (!(sum > 0)) throw new ArgumentException("No weight is above 0.", nameof(weights));
        return sums;
    }

    /// <summary>The first place whose cumulated weight is above the draw, so never one of weight 0.</summary>
    static int Choose(IRandom random, double[] cumulated)
    {
        ArgumentNullException.ThrowIfNull(random);
        var draw = random.NextDouble() * cumulated[^1];
        var (low, high) = (0, cumulated.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cumulated[middle] > draw) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
