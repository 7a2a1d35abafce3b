namespace UnderBridge.Sim.Reports;

/// <summary>Bars side by side: every series has one bar, or a gap, in every group.</summary>
public sealed record GroupedBars : Figure
{
    public GroupedBars(string title, string caption, Axis values, IReadOnlyList<string> groups, IReadOnlyList<BarSeries> series)
        : base(title, caption)
    {
        CheckFinite(series.SelectMany(one => one.Bars).SelectMany(bar => new double?[] { bar?.Value, bar?.Published, bar?.Confidence?.Low, bar?.Confidence?.High, bar?.Assumed?.Low, bar?.Assumed?.High }));
        foreach (var one in series)
            if (one.Bars.Count != groups.Count)
                throw new ArgumentException($"series '{one.Name}' has {one.Bars.Count} bars for {groups.Count} groups; a missing bar is null");
        if (values.Logarithmic) throw new ArgumentException("bars start at zero, which a logarithmic axis can not show");
        Values = values;
        Groups = groups;
        Series = series;
    }

    public Axis Values { get; }
    public IReadOnlyList<string> Groups { get; }
    public IReadOnlyList<BarSeries> Series { get; }

    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>What the legend calls <see cref="Bar.Confidence"/>.</summary>
    public string ConfidenceLabel { get; init; } = "95 % interval";

    /// <summary>What the legend calls <see cref="Bar.Assumed"/>.</summary>
    public string AssumedLabel { get; init; } = "Over assumed ranges";

    /// <summary>What the legend calls <see cref="Bar.Published"/>.</summary>
    public string PublishedLabel { get; init; } = "Published";
}

/// <summary>One bar of each group.</summary>
/// <param name="Name">What the legend calls them.</param>
/// <param name="Bars">In the figure's order of groups; null leaves a gap.</param>
public sealed record BarSeries(string Name, IReadOnlyList<Bar?> Bars);

/// <summary>One bar of a group.</summary>
/// <param name="Value">Its length, not negative.</param>
/// <param name="Confidence">Sampling error, drawn as an error bar.</param>
/// <param name="Assumed">Where the value may lie over the assumed ranges of the inputs, drawn as a wider and thinner whisker.</param>
/// <param name="Label">Text above the bar, or empty.</param>
/// <param name="Published">Where the literature puts the end of the bar, drawn as a marker.</param>
public sealed record Bar(double Value, Interval? Confidence = null, Interval? Assumed = null, string Label = "", double? Published = null);
