namespace UnderBridge.Sim.Reports;

/// <summary>Curves over a numeric axis. The points of each are in ascending order of X.</summary>
public sealed record Lines : Figure
{
    public Lines(string title, string caption, Axis x, Axis y, IReadOnlyList<LineSeries> series) : base(title, caption)
    {
        foreach (var one in series)
            foreach (var point in one.Points)
                if ((x.Logarithmic && point.X <= 0) || (y.Logarithmic && point.Y <= 0))
                    throw new ArgumentException($"line '{one.Name}' has the point ({point.X}, {point.Y}), which a logarithmic axis can not show");
        X = x;
        Y = y;
        Series = series;
    }

    public Axis X { get; }
    public Axis Y { get; }
    public IReadOnlyList<LineSeries> Series { get; }

    /// <summary>The value of X that is used where nothing else is said, drawn as a vertical line with its label.</summary>
    public DefaultPoint? Default { get; init; }

    /// <summary>Horizontal lines.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Points carry a marker. Without it only the curve shows, as fits dense ones.</summary>
    public bool Markers { get; init; } = true;
}

public sealed record LineSeries(string Name, IReadOnlyList<LinePoint> Points);

/// <summary>A point of a curve; <paramref name="Band"/> bounds it where it is uncertain.</summary>
public readonly record struct LinePoint(double X, double Y, Interval? Band = null);

/// <summary>The default value of an axis and what to call it.</summary>
public sealed record DefaultPoint(double X, string Label);
