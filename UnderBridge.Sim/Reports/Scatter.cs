namespace UnderBridge.Sim.Reports;

/// <summary>Points that should lie on the diagonal, such as simulated against published values.</summary>
public sealed record Scatter : Figure
{
    public Scatter(string title, string caption, Axis x, Axis y, IReadOnlyList<ScatterSeries> series) : base(title, caption)
    {
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

public sealed record ScatterSeries(string Name, IReadOnlyList<ScatterPoint> Points);

/// <summary>A point of a scatter; <paramref name="Range"/> bounds Y where it is uncertain, and a label names the few that need it.</summary>
public readonly record struct ScatterPoint(double X, double Y, Interval? Range = null, string Label = "");
