namespace UnderBridge.Sim.Statistics;

/// <summary>When enough replications were run.</summary>
/// <param name="Most">Replications after which there are no more, precise or not.</param>
/// <param name="Precision">
/// The relative error asked for, such as 0.05 for 5 %; 0 asks for none and runs <paramref name="Most"/>.
/// </param>
/// <param name="Least">Replications before precision is looked at: few ones look precise by chance. Law advises 10.</param>
public sealed record StoppingRule(int Most, double Precision = 0, int Least = 10)
{
    /// <summary>
    /// The estimate is within the precision of the unknown mean. Half of the interval is held against p / (1 + p) of the estimate, since the mean may be smaller than that:
    /// Law, "Simulation Modeling and Analysis", 5th ed., section 9.4.1.
    /// </summary>
    public bool IsMet(Estimate estimate) => estimate.HalfWidth <= Precision / (1 + Precision) * Math.Abs(estimate.Value);

    /// <summary>Whether so many replications are enough, with what they gave so far.</summary>
    internal bool Ends(int count, IEnumerable<Estimate> estimates) => count >= Most || (Precision > 0 && count >= Least && estimates.All(IsMet));
}

/// <summary>
/// Independent runs of one or more systems. Each run gives one value a measure. Measures of one replication may share their random numbers, as systems do that run on the same streams;
/// differences and ratios are then paired, which keeps what the systems share out of the interval.
/// </summary>
public sealed class Replications
{
    readonly List<double>[] values;
    readonly double confidence;

    Replications(int measures, double confidence)
    {
        values = [.. Enumerable.Range(0, measures).Select(_ => new List<double>())];
        this.confidence = confidence;
    }

    /// <summary>Replications that were run.</summary>
    public int Count => values[0].Count;

    /// <summary>A precision was asked for, and not met by the mean of some measure when the most replications had run.</summary>
    public bool TooShort { get; private set; }

    /// <summary>The values of a measure, in the order of the replications.</summary>
    public IReadOnlyList<double> this[int measure] => values[measure];

    /// <summary>Runs replications until the rule is met by the mean of every measure, or until the most.</summary>
    /// <param name="replicate">Runs a replication, counted from 0, and gives a value for each measure.</param>
    /// <param name="rule">When to stop.</param>
    /// <param name="confidence">Of each interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">A rule allows fewer than two replications, which have no interval, its precision is negative or no number, or replications differ in what they measure.</exception>
    public static Replications Run(Func<int, IReadOnlyList<double>> replicate, StoppingRule rule, double confidence = BatchMeans.DefaultConfidence)
    {
        if (Math.Min(rule.Most, rule.Least) < 2) throw new ArgumentException("fewer than two replications have no interval", nameof(rule));
        if (!(rule.Precision >= 0 && rule.Precision < double.PositiveInfinity)) throw new ArgumentException(FormattableString.Invariant($"a precision of {rule.Precision}, expected 0 or a relative error above it"), nameof(rule));
        var first = replicate(0);
        var runs = new Replications(first.Count, confidence);
        runs.Add(first);
        while (!rule.Ends(runs.Count, runs.Means)) runs.Add(replicate(runs.Count));
        runs.TooShort = rule.Precision > 0 && !runs.Means.All(rule.IsMet);
        return runs;
    }

    /// <summary>The mean of a measure, with a Student-t interval.</summary>
    public Estimate Mean(int measure) => Mean([.. values[measure]]);

    /// <summary>The mean of one measure less that of another, paired.</summary>
    public Estimate Difference(int measure, int other) => Mean([.. values[measure].Zip(values[other], (one, two) => one - two)]);

    /// <summary>The mean of one measure by that of another, paired. Their ratio, not the mean of ratios, which is biased.</summary>
    public Estimate Ratio(int measure, int other) => BatchMeans.Ratio([.. values[measure]], [.. values[other]], Count, confidence);

    // Replications are batches that owe each other nothing.
    Estimate Mean(double[] observations) => BatchMeans.Mean(observations, observations.Length, confidence);

    IEnumerable<Estimate> Means => Enumerable.Range(0, values.Length).Select(Mean);

    void Add(IReadOnlyList<double> measured)
    {
        if (measured.Count != values.Length) throw new ArgumentException($"replication {Count} has {measured.Count} values, the first has {values.Length}");
        for (var measure = 0; measure < values.Length; measure++) values[measure].Add(measured[measure]);
    }
}
