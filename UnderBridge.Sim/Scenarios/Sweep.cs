using System.Globalization;
using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Keys run over many values: every combination of those of its axes, or a sample of the space that they span.</summary>
public sealed record Sweep
{
    /// <param name="axes">The keys with their values; without a sample, lists of them.</param>
    /// <param name="sample">How the space is sampled; null for a grid.</param>
    /// <exception cref="ArgumentException">A key comes twice, or a grid has a range that is not cut into values.</exception>
    public Sweep(IReadOnlyList<SweepAxis> axes, LatinHypercube? sample = null)
    {
        if (sample is null && axes.FirstOrDefault(axis => axis is not ListAxis) is { } range)
            throw new ArgumentException($"a grid over '{range.Key}' as a range, expected a list of values: new RangeAxis(...).Cut(steps)", nameof(axes));
        if (axes.GroupBy(axis => axis.Key).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new ArgumentException($"a sweep over '{twice.Key}' twice, expected each key once", nameof(axes));
        Axes = axes;
        Sample = sample;
        Points = sample is null ? Grid(axes) : [.. sample.Draw(axes).DistinctBy(point => point.ToString())];
    }

    public IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>How the space is sampled; null for a grid.</summary>
    public LatinHypercube? Sample { get; }

    /// <summary>Each point once. In a grid the last axis runs fastest.</summary>
    public IReadOnlyList<SweepPoint> Points { get; }

    /// <summary>The sweep of one point.</summary>
    public static Sweep Of(SweepPoint point) => new([.. point.Settings.Select(setting => new ListAxis(setting.Key, [setting.Value]))]);

    static SweepPoint[] Grid(IReadOnlyList<SweepAxis> axes)
    {
        IEnumerable<SweepPoint> points = [SweepPoint.Origin];
        foreach (var axis in axes) points = points.SelectMany(point => ((ListAxis)axis).Values.Select(value => point.And(axis.Key, value)));
        return [.. points];
    }
}

/// <summary>A value for each key of a sweep.</summary>
/// <param name="Settings">In the order of its axes.</param>
public sealed record SweepPoint(IReadOnlyList<Setting> Settings)
{
    /// <summary>The one point of a scenario that sweeps nothing.</summary>
    public static readonly SweepPoint Origin = new([]);

    public SweepPoint And(string key, string value) => new([.. Settings, new Setting(key, value, $"sweep {key}={value}")]);

    /// <summary>The value of a key of the sweep.</summary>
    public string this[string key] => Settings.First(setting => setting.Key == key).Value;

    /// <summary>As <c>machine.wrpkru=28 workload.work-scale=2</c>; empty for a scenario that sweeps nothing.</summary>
    public override string ToString() => string.Join(' ', Settings.Select(setting => $"{setting.Key}={setting.Value}"));
}

/// <summary>The values of one key of a sweep.</summary>
/// <param name="Key">What may be set, such as <c>machine.wrpkru</c>.</param>
public abstract record SweepAxis(string Key)
{
    /// <summary>The value at a share of the axis, from 0 to below 1.</summary>
    internal abstract string At(double share);
}

/// <summary>Values one by one.</summary>
/// <param name="Key">What may be set, such as <c>machine.wrpkru</c>.</param>
/// <param name="Values">As <c>--set</c> takes them, each once.</param>
public sealed record ListAxis(string Key, IReadOnlyList<string> Values) : SweepAxis(Key)
{
    internal override string At(double share) => Values[(int)(share * Values.Count)];
}

/// <summary>Every number between two ends, or every whole one.</summary>
/// <param name="Key">What may be set, such as <c>machine.wrpkru</c>.</param>
/// <param name="From">One end, in the unit of the key.</param>
/// <param name="To">The other end, which may be the lower one.</param>
/// <param name="Logarithmic">Equal distances are equal ratios; both ends are above 0.</param>
/// <param name="Whole">Whole numbers alone.</param>
public sealed record RangeAxis(string Key, double From, double To, bool Logarithmic, bool Whole) : SweepAxis(Key)
{
    internal override string At(double share) =>
        Text(Logarithmic ? From * Math.Pow(To / From, share) : From + (To - From) * share);

    /// <summary>So many values at equal distances, both ends among them; fewer where whole numbers coincide.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two values, or a logarithmic range that does not begin above 0.</exception>
    public ListAxis Cut(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        if (Logarithmic) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(From);
        return Values(steps);
    }

    ListAxis Values(int steps) => new(Key, [.. Enumerable.Range(0, steps).Select(step => At((double)step / (steps - 1))).Distinct()]);

    // Twelve digits, so that the points of a range read as one would write them.
    string Text(double value) => Whole ? Math.Round(value).ToString(CultureInfo.InvariantCulture)
        : double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979): each axis is cut into as many strata as there are points, and every
/// stratum holds one. Each axis draws from a stream of its own, so another axis beside it changes nothing on it.
/// </summary>
/// <param name="Count">Points, 1 or more.</param>
/// <param name="Seed">Of the random streams.</param>
public sealed record LatinHypercube(int Count, int Seed)
{
    internal IEnumerable<SweepPoint> Draw(IReadOnlyList<SweepAxis> axes)
    {
        var columns = axes.Select(axis => Shares(axis.Key)).ToList();
        return Enumerable.Range(0, Count).Select(i => axes.Select((axis, a) => (axis.Key, Value: axis.At(columns[a][i])))
            .Aggregate(SweepPoint.Origin, (point, axis) => point.And(axis.Key, axis.Value)));
    }

    double[] Shares(string key)
    {
        var random = new RandomStream(Seed, $"latin-hypercube {key}");
        var strata = Enumerable.Range(0, Count).ToArray();
        for (var i = Count - 1; i > 0; i--)
        {
            var other = random.Next(i + 1);
            (strata[i], strata[other]) = (strata[other], strata[i]);
        }
        return [.. strata.Select(stratum => (stratum + random.NextDouble()) / Count)];
    }
}
