namespace UnderBridge.Sim.Reports;

/// <summary>Thin bars up and down from zero, such as errors, side by side in named groups.</summary>
public sealed record SignedBars : Figure
{
    public SignedBars(string title, string caption, Axis values, IReadOnlyList<string> series, IReadOnlyList<SignedGroup> groups) : base(title, caption)
    {
        CheckFinite(groups.SelectMany(group => group.Bars).Select(bar => (double?)bar.Value));
        if (values.Logarithmic) throw new ArgumentException("bars start at zero, which a logarithmic axis can not show");
        foreach (var bar in groups.SelectMany(group => group.Bars))
            if (bar.Series < 0 || bar.Series >= series.Count) throw new ArgumentException($"a bar of series {bar.Series} among {series.Count}");
        Values = values;
        Series = series;
        Groups = groups;
    }

    public Axis Values { get; }
    public IReadOnlyList<string> Series { get; }
    public IReadOnlyList<SignedGroup> Groups { get; }

    /// <summary>A shaded band this far to both sides of zero; 0 draws none.</summary>
    public double Band { get; init; }
}

/// <summary>Bars that stand together.</summary>
/// <param name="Name">What the axis calls them.</param>
/// <param name="Bars">From left to right.</param>
public sealed record SignedGroup(string Name, IReadOnlyList<SignedBar> Bars);

/// <summary>One bar.</summary>
/// <param name="Value">Its length, down from zero where negative.</param>
/// <param name="Series">Index among the series of the figure.</param>
public readonly record struct SignedBar(double Value, int Series);
