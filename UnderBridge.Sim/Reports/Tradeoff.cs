namespace UnderBridge.Sim.Reports;

/// <summary>Named points in a plane, each with the bounds it may lie in; those that no other beats on both axes are the frontier, joined by a line.</summary>
public sealed record Tradeoff : Figure
{
    public Tradeoff(string title, string caption, Axis x, Axis y, IReadOnlyList<TradeoffPoint> points) : base(title, caption)
    {
        CheckFinite(points.SelectMany(point => new double?[] { point.X, point.Y, point.XRange?.Low, point.XRange?.High, point.YRange?.Low, point.YRange?.High }));
        foreach (var point in points)
            if ((x.Logarithmic && Math.Min(point.X, point.XRange?.Low ?? point.X) <= 0) || (y.Logarithmic && Math.Min(point.Y, point.YRange?.Low ?? point.Y) <= 0))
                throw new ArgumentException($"point '{point.Name}' lies where a logarithmic axis can not show it");
        X = x;
        Y = y;
        Points = points;
    }

    public Axis X { get; }
    public Axis Y { get; }
    public IReadOnlyList<TradeoffPoint> Points { get; }

    /// <summary>Less of X is better; otherwise more. More of Y is always better.</summary>
    public bool LowXIsBetter { get; init; }

    /// <summary>Points that no other is at least as good as on both axes and better on one, from the best in X on.</summary>
    public IReadOnlyList<TradeoffPoint> Frontier => [.. Points.Where(point => !Points.Any(other => Beats(other, point))).OrderBy(point => LowXIsBetter ? point.X : -point.X)];

    bool Beats(TradeoffPoint one, TradeoffPoint other)
    {
        var (x, otherX) = LowXIsBetter ? (-one.X, -other.X) : (one.X, other.X);
        return x >= otherX && one.Y >= other.Y && (x > otherX || one.Y > other.Y);
    }
}

/// <summary>A point with the ranges that it may lie in.</summary>
/// <param name="Name">Written beside it.</param>
/// <param name="X">In the unit of the axis.</param>
/// <param name="Y">In the unit of the axis.</param>
/// <param name="XRange">Bounds of X, where it is uncertain.</param>
/// <param name="YRange">Bounds of Y, where it is uncertain.</param>
public sealed record TradeoffPoint(string Name, double X, double Y, Interval? XRange = null, Interval? YRange = null);
