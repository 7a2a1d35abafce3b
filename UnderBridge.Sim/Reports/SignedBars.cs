namespace UnderBridge.Sim.Reports;

/// <summary>Thin bars up and down from zero, such as errors, side by side in named groups.</summary>
public sealed record SignedBars : Figure
{
    public SignedBars(string title, string caption, Axis values, IReadOnlyList<string> series, IReadOnlyList<SignedGroup> groups) : base(title, caption)
    {
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

public sealed record SignedGroup(string Name, IReadOnlyList<SignedBar> Bars);

/// <summary>One bar: its value, and which series it belongs to.</summary>
public readonly record struct SignedBar(double Value, int Series);
