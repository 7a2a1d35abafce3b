namespace UnderBridge.Sim.Reports;

/// <summary>Points that should lie on the diagonal, such as simulated against published values.</summary>
public sealed record Scatter : Figure
{
    public Scatter(string title, string caption, Axis x, Axis y, IReadOnlyList<ScatterSeries> series) : base(title, caption)
    {
        CheckFinite(series.SelectMany(one => one.Points).SelectMany(point => new double?[] { point.X, point.Y, point.Range?.Low, point.Range?.High }));
        foreach (var one in series)
            foreach (var point in one.Points)
                if ((x.Logarithmic && point.X <= 0) || (y.Logarithmic && point.Y <= 0))
                    throw new ArgumentException($"series '{one.Name}' has the point ({point.X}, {point.Y}), which a logarithmic axis can not show");
        X = x;
        Y = y;
        Series = series;
    }

    public Axis X { get; }
    public Axis Y { get; }
    public IReadOnlyList<ScatterSeries> Series { get; }

    /// <summary>The band around the diagonal reaches this fraction to both sides; 0 draws none.</summary>
    public double Band { get; init; }
}

/// <summary>Points of one kind.</summary>
/// <param name="Name">What the legend calls them.</param>
/// <param name="Points">In any order.</param>
public sealed record ScatterSeries(string Name, IReadOnlyList<ScatterPoint> Points);

/// <summary>A point of a scatter.</summary>
/// <param name="X">In the unit of the axis.</param>
/// <param name="Y">In the unit of the axis.</param>
/// <param name="Range">Bounds of Y where it is uncertain, in its unit.</param>
/// <param name="Label">Names the few that need it; empty for the others.</param>
public readonly record struct ScatterPoint(double X, double Y, Interval? Range = null, string Label = "");
