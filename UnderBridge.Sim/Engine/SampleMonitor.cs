namespace UnderBridge.Sim.Engine;

/// <summary>Counts values that have no duration. Without any, what there is nothing to say about is not a number.</summary>
public sealed class SampleMonitor : ISampleMonitor
{
    readonly List<double>? samples;
    double mean;
    double squares;

    public SampleMonitor(string? name = null, bool collect = false)
    {
        Name = name ?? "";
        if (collect) samples = [];
        Reset();
    }

    public event EventHandler? Updated;

    public bool Collect => samples is not null;

    public bool Active { get; set; } = true;

    public string Name { get; set; }

    public int Count { get; private set; }

    public double Min { get; private set; }

    public double Max { get; private set; }

    public double Total { get; private set; }

    public double Mean => Count > 0 ? mean : double.NaN;

    public double StdDev => Math.Sqrt(Variance);

    /// <summary>Of the population: the divisor is the number of values.</summary>
    public double Variance => Count > 0 ? squares / Count : double.NaN;

    public double Last { get; private set; }

    /// <summary>The values in the order in which they came; none unless they are kept.</summary>
    public IEnumerable<double> Samples => samples ?? [];

    double INumericMonitor.Sum => Total;

    public double GetMedian() => GetPercentile(0.5);

    /// <summary>Interpolated between the neighbouring values of rank p (n - 1); not a number unless they are kept.</summary>
    public double GetPercentile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        if (samples is not { Count: > 0 }) return double.NaN;
        var sorted = samples.Order().ToArray();
        var rank = p * (sorted.Length - 1);
        var (below, above) = (sorted[(int)rank], sorted[Math.Min((int)rank + 1, sorted.Length - 1)]);
        return below + (rank - Math.Floor(rank)) * (above - below);
    }

    public void Reset()
    {
        Count = 0;
        Min = Max = Last = double.NaN;
        Total = mean = squares = 0;
        samples?.Clear();
    }

    public void Add(double value)
    {
        if (!Active) return;
        Count++;
        Min = Count == 1 ? value : Math.Min(Min, value);
        Max = Count == 1 ? value : Math.Max(Max, value);
        Total += value;
        Last = value;
        // Welford's recurrence, which does not lose digits to large means.
        var distance = value - mean;
        mean += distance / Count;
        squares += distance * (value - mean);
        samples?.Add(value);
        Updated?.Invoke(this, EventArgs.Empty);
    }

    string IMonitor.Summarize() => Summarize();

    public string Summarize(bool withHistogram = true, int maxBins = 20, double? histMin = null, double? binWidth = null)
    {
        var text = Summary.Of("Samples", this, ("Count", Count), ("Min", Min), ("Mean", Mean), ("Max", Max), ("StdDev", StdDev), ("Median", GetMedian()));
        return withHistogram ? text + Summary.Histogram([.. Samples.Select(s => (s, 1.0))], maxBins, histMin, binWidth) : text;
    }
}
