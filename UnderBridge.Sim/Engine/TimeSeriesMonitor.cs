using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace UnderBridge.Sim.Engine;

/// <summary>Weighs the levels of a variable with the time for which they last, up to now. While it is not active the level is followed, but time does not count.</summary>
public sealed class TimeSeriesMonitor : ITimeSeriesMonitor
{
    readonly Simulation env;
    readonly List<Entry>? series;
    DateTime updated;
    TimeSpan elapsed;
    double area;
    double mean;
    double squares;
    double min;
    double max;
    bool active = true;

    public TimeSeriesMonitor(Simulation env, string? name = null, bool collect = false) : this(env, 0, name, collect) { }

    public TimeSeriesMonitor(Simulation env, double initial, string? name = null, bool collect = false)
    {
        ArgumentNullException.ThrowIfNull(env);
        this.env = env;
        Name = name ?? "";
        if (collect) series = [];
        Reset(initial);
    }

    public event EventHandler? Updated;

    public bool Collect => series is not null;

    public bool Active
    {
        get => active;
        set
        {
            if (active == value) return;
            CatchUp();
            active = value;
            if (active) Restart();
        }
    }

    public string Name { get; set; }

    public double TotalTimeD => env.ToDouble(TotalTime);

    /// <summary>The time that counts.</summary>
    public TimeSpan TotalTime
    {
        get
        {
            CatchUp();
            return elapsed;
        }
    }

    public double Min => min;

    public double Max => max;

    /// <summary>The sum of level times duration in steps.</summary>
    public double Area
    {
        get
        {
            CatchUp();
            return area;
        }
    }

    /// <summary>Over time; the current level while no time has passed.</summary>
    public double Mean => TotalTime > TimeSpan.Zero ? mean : Current;

    public double StdDev => Math.Sqrt(Variance);

    /// <summary>Of the level over time.</summary>
    public double Variance => TotalTimeD is var time and > 0 ? squares / time : 0;

    public double Current { get; private set; }

    /// <summary>The levels, when each began and how long it counted; none unless they are kept.</summary>
    public IEnumerable<Entry> Series
    {
        get
        {
            CatchUp();
            return series ?? [];
        }
    }

    double INumericMonitor.Sum => Area;

    double INumericMonitor.Last => Current;

    public double GetMedian() => GetPercentile(0.5);

    /// <summary>The lowest level such that the variable is at it or below for this share of the time; not a number unless the levels are kept.</summary>
    public double GetPercentile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        var levels = Durations().OrderBy(l => l.Level).ToArray();
        if (levels.Length == 0) return double.NaN;
        var left = p * levels.Sum(l => l.Duration);
        foreach (var (level, duration) in levels)
        {
            left -= duration;
            if (left <= 0) return level;
        }
        return levels[^1].Level;
    }

    public void Reset() => Reset(0);

    public void Reset(double initial)
    {
        Current = initial;
        elapsed = TimeSpan.Zero;
        area = mean = squares = 0;
        series?.Clear();
        Restart();
    }

    public void Increase(double value = 1) => UpdateTo(Current + value);

    public void Decrease(double value = 1) => UpdateTo(Current - value);

    public void UpdateTo(double value)
    {
        CatchUp();
        var changes = value != Current;
        Current = value;
        if (!active) return;
        min = Math.Min(min, value);
        max = Math.Max(max, value);
        if (changes) Begin();
        Updated?.Invoke(this, EventArgs.Empty);
    }

    string IMonitor.Summarize() => Summarize();

    public string Summarize(bool withHistogram = true, int maxBins = 20, double? histMin = null, double? binWidth = null)
    {
        var text = Summary.Of("Time series", this, ("Time", TotalTimeD), ("Min", Min), ("Mean", Mean), ("Max", Max), ("StdDev", StdDev), ("Median", GetMedian()));
        return withHistogram ? text + Summary.Histogram([.. Durations()], maxBins, histMin, binWidth) : text;
    }

    public override string ToString() => Summarize(withHistogram: false);

    /// <summary>Counts from now on, at the current level; the levels before the first time that counts are no part of the range.</summary>
    void Restart()
    {
        updated = env.Now;
        if (elapsed == TimeSpan.Zero) min = max = Current;
        min = Math.Min(min, Current);
        max = Math.Max(max, Current);
        if (active) Begin();
    }

    void Begin() => series?.Add(new() { Date = env.NowD, Level = Current });

    void CatchUp()
    {
        var passed = env.Now - updated;
        if (passed <= TimeSpan.Zero || !active) return;
        updated = env.Now;
        elapsed += passed;
        var weight = env.ToDouble(passed);
        area += weight * Current;
        // Welford's recurrence, weighted.
        var distance = Current - mean;
        mean += distance * weight / env.ToDouble(elapsed);
        squares += weight * distance * (Current - mean);
        if (series is not null) CollectionsMarshal.AsSpan(series)[^1].Duration += weight;
    }

    List<(double Level, double Duration)> Durations() => [.. Series.Select(entry => (entry.Level, entry.Duration))];

    /// <summary>A level, when it began and how long it counted, in steps.</summary>
    [SuppressMessage("Design", "CA1051", Justification = "The shared interface has fields here.")]
    [SuppressMessage("Design", "CA1034", Justification = "The shared interface nests it here.")]
    [SuppressMessage("Performance", "CA1815", Justification = "Entries are listed, not compared.")]
    public struct Entry
    {
        public double Date;
        public double Duration;
        public double Level;
    }
}
