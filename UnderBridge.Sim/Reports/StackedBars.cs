namespace UnderBridge.Sim.Reports;

/// <summary>
/// Bars made of segments. <see cref="Series"/> names what segments may mean, in the order in which they are stacked and listed;
/// a bar may lack any of them.
/// </summary>
public sealed record StackedBars : Figure
{
    public StackedBars(string title, string caption, Axis values, IReadOnlyList<string> series, IReadOnlyList<StackedBar> bars)
        : base(title, caption)
    {
        CheckFinite(bars.SelectMany(bar => bar.Segments.Select(segment => (double?)segment.Value).Append(bar.Published)));
        foreach (var bar in bars)
            foreach (var segment in bar.Segments)
                if (!series.Contains(segment.Series))
                    throw new ArgumentException($"bar '{bar.Name}' has a segment of '{segment.Series}', which is no series of the figure");
        if (values.Logarithmic) throw new ArgumentException("bars start at zero, which a logarithmic axis can not show");
        Values = values;
        Series = series;
        Bars = bars;
    }

    public Axis Values { get; }
    public IReadOnlyList<string> Series { get; }
    public IReadOnlyList<StackedBar> Bars { get; }

    /// <summary>Bars run from left to right, the first at the top. Otherwise they stand, the first at the left.</summary>
    public bool Horizontal { get; init; }

    /// <summary>Each bar is drawn as shares of its own total, in percent.</summary>
    public bool Normalised { get; init; }

    /// <summary>Segments carry their value, or their share when <see cref="Normalised"/>; beside the bar where the segment is too thin.</summary>
    public bool LabelSegments { get; init; }

    /// <summary>What the legend calls the markers of published values.</summary>
    public string PublishedLabel { get; init; } = "Published";
}

/// <summary>One bar. Consecutive bars of the same <paramref name="Group"/> stand together under its name.</summary>
/// <param name="Name">What the axis calls it.</param>
/// <param name="Segments">Its parts, none negative, each of a series of the figure.</param>
/// <param name="Annotation">Text at the end of the bar.</param>
/// <param name="Published">Where the literature puts the end of the bar, drawn as a marker unless bars are normalised.</param>
/// <param name="Group">Name of its group, or empty.</param>
public sealed record StackedBar(
    string Name, IReadOnlyList<Segment> Segments, string Annotation = "", double? Published = null, string Group = "")
{
    public double Total => Segments.Sum(segment => segment.Value);

    /// <summary>The bar's value of one series, 0 where it has none.</summary>
    public double this[string series] => Segments.Where(segment => segment.Series == series).Sum(segment => segment.Value);
}

/// <summary>A part of a bar.</summary>
/// <param name="Series">One of the series of the figure.</param>
/// <param name="Value">Its length, not negative.</param>
public readonly record struct Segment(string Series, double Value);
