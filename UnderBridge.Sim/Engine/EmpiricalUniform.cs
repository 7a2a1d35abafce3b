using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Draws from observations, each as likely as the others.</summary>
[SuppressMessage("Design", "CA1000", Justification = "The shared interface has static members here.")]
public class EmpiricalUniform<T> : Distribution<T>
{
    readonly IReadOnlyList<T> observations;

    public EmpiricalUniform(IEnumerable<T> observations) : this((IReadOnlyList<T>)[.. observations]) { }

    public EmpiricalUniform(IReadOnlyList<T> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        if (observations.Count == 0) throw new ArgumentException("There are no observations.", nameof(observations));
        this.observations = observations;
    }

    public override T Sample(IRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return observations[random.Next(observations.Count)];
    }

    /// <summary>Draws without replacement, in random order; throws ArgumentOutOfRangeException for more than there are.</summary>
    public IEnumerable<T> SampleNoRepetition(IRandom random, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, observations.Count);
        return Draw();

        IEnumerable<T> Draw()
        {
            T[] left = [.. observations];
            for (var i = 0; i < count; i++)
            {
                var chosen = random.Next(i, left.Length);
                yield return left[chosen];
                left[chosen] = left[i];
            }
        }
    }

    /// <summary>Draws one while running once through observations of unknown number.</summary>
    public static T SampleOnline(IRandom random, IEnumerable<T> observations) => SampleOnline(random, observations, 1)[0];

    /// <summary>Draws with replacement while running once through observations of unknown number.</summary>
    public static IList<T> SampleOnline(IRandom random, IEnumerable<T> observations, int count)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(observations);
        var drawn = new T[count];
        var seen = 0;
        foreach (var observation in observations)
        {
            seen++;
            for (var i = 0; i < count; i++)
                if (random.Next(seen) == 0) drawn[i] = observation;
        }
        if (seen == 0) throw new ArgumentException("There are no observations.", nameof(observations));
        return drawn;
    }

    /// <summary>Draws without replacement while running once through observations of unknown number; all of them when there are no more. The order is not random.</summary>
    public static IEnumerable<T> SampleOnlineNoRepetition(IRandom random, IEnumerable<T> observations, int count)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(observations);
        var drawn = new List<T>();
        var seen = 0;
        foreach (var observation in observations)
        {
            seen++;
            if (drawn.Count < count) drawn.Add(observation);
            else if (random.Next(seen) is var place && place < count) drawn[place] = observation;
        }
        return drawn;
    }
}
