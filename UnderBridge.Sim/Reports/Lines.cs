namespace UnderBridge.Sim.Reports;

/// <summary>Curves over a numeric axis. The points of each are in ascending order of X.</summary>
public sealed record Lines : Figure
{
    public Lines(string title, string caption, Axis x, Axis y, IReadOnlyList<LineSeries> series) : base(title, caption)
    {
        CheckFinite(series.SelectMany(one => one.Points).SelectMany(point => new double?[] { point.X, point.Y, point.Band?.Low, point.Band?.High }));
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

/// <summary>One curve.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">In ascending order of X.</param>
public sealed record LineSeries(string Name, IReadOnlyList<LinePoint> Points);

/// <summary>A point of a curve.</summary>
/// <param name="X">In the unit of the axis.</param>
/// <param name="Y">In the unit of the axis.</param>
/// <param name="Band">Bounds of Y where it is uncertain, in its unit.</param>
public readonly record struct LinePoint(double X, double Y, Interval? Band = null);

/// <summary>The default value of an axis.</summary>
/// <param name="X">In the unit of the axis.</param>
/// <param name="Label">What to call it.</param>
public sealed record DefaultPoint(double X, string Label);
