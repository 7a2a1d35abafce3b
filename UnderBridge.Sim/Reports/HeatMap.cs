namespace UnderBridge.Sim.Reports;

/// <summary>
/// A value over two numeric axes, a cell for each pair of their points. <see cref="Values"/> has a row for each of <see cref="Ys"/>, from low to
/// high, with a value for each of <see cref="Xs"/>; both in ascending order and at least two.
/// </summary>
public sealed record HeatMap : Figure
{
    public HeatMap(
        string title, string caption, Axis x, Axis y, Axis value, IReadOnlyList<double> xs, IReadOnlyList<double> ys, IReadOnlyList<IReadOnlyList<double>> values) : base(title, caption)
    {
        Check(title, x, xs);
        Check(title, y, ys);
        if (values.Count != ys.Count || values.Any(row => row.Count != xs.Count)) throw new ArgumentException($"heat map '{title}' needs {ys.Count} rows of {xs.Count} values");
        CheckFinite(values.SelectMany(row => row).Select(one => (double?)one));
        (X, Y, Value, Xs, Ys, Values) = (x, y, value, xs, ys, values);
    }

    public Axis X { get; }
    public Axis Y { get; }

    /// <summary>What the colours measure.</summary>
    public Axis Value { get; }
    public IReadOnlyList<double> Xs { get; }
    public IReadOnlyList<double> Ys { get; }
    public IReadOnlyList<IReadOnlyList<double>> Values { get; }

    /// <summary>Lines along which the value is the one given, such as 1 for "break-even".</summary>
    public IReadOnlyList<ReferenceLine> Levels { get; init; } = [];

    static void Check(string title, Axis axis, IReadOnlyList<double> places)
    {
        if (places.Count < 2) throw new ArgumentException($"heat map '{title}' needs two points or more on each axis");
        if (axis.Logarithmic && places[0] <= 0) throw new ArgumentException($"heat map '{title}' has the point {places[0]}, which a logarithmic axis can not show");
        for (var i = 1; i < places.Count; i++)
            if (!(places[i] > places[i - 1])) throw new ArgumentException($"heat map '{title}' has the point {places[i]} after {places[i - 1]}");
    }
}

/// <summary>A piece of a line of equal values, from one place of the grid to another.</summary>
/// <param name="X1">Where it begins, on the axis of X.</param>
/// <param name="Y1">Where it begins, on the axis of Y.</param>
/// <param name="X2">Where it ends, on the axis of X.</param>
/// <param name="Y2">Where it ends, on the axis of Y.</param>
public readonly record struct ContourPiece(double X1, double Y1, double X2, double Y2);

/// <summary>Lines of equal value over a grid, by marching squares with linear interpolation along the edges.</summary>
public static class Contour
{
    /// <summary>The pieces of the line, cell by cell; a value that equals the level counts as above it.</summary>
    public static IReadOnlyList<ContourPiece> Of(IReadOnlyList<double> xs, IReadOnlyList<double> ys, IReadOnlyList<IReadOnlyList<double>> values, double level)
    {
        var pieces = new List<ContourPiece>();
        for (var y = 0; y + 1 < ys.Count; y++)
            for (var x = 0; x + 1 < xs.Count; x++)
            {
                (double X, double Y, double Value)[] corners =
                [
                    (xs[x], ys[y], values[y][x] - level), (xs[x + 1], ys[y], values[y][x + 1] - level),
                    (xs[x + 1], ys[y + 1], values[y + 1][x + 1] - level), (xs[x], ys[y + 1], values[y + 1][x] - level),
                ];
                var crossings = Crossings(corners);
                // At a saddle the mean of the corners says which of them hang together.
                if (crossings.Count == 4 && corners.Average(corner => corner.Value) >= 0 != corners[0].Value >= 0) crossings = [crossings[3], .. crossings[..3]];
                for (var i = 0; i + 1 < crossings.Count; i += 2)
                    pieces.Add(new ContourPiece(crossings[i].X, crossings[i].Y, crossings[i + 1].X, crossings[i + 1].Y));
            }
        return pieces;
    }

    // Where the value changes its side along the edges, in the order of the corners.
    static List<(double X, double Y)> Crossings((double X, double Y, double Value)[] corners)
    {
        var crossings = new List<(double, double)>();
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
            if (from.Value >= 0 == to.Value >= 0) continue;
            var share = from.Value / (from.Value - to.Value);
            crossings.Add((from.X + share * (to.X - from.X), from.Y + share * (to.Y - from.Y)));
        }
        return crossings;
    }
}
