using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class TradeoffDrawing(Tradeoff figure) : IDrawing
{
    const float MarkerSize = 9, Top = 8, Right = 14, LabelGap = 8, RangeWidth = 1.1f, Cap = 3, FrontierWidth = 1.6f, Reach = 12;
    const double Margin = 0.08;

    static readonly Color frontier = Color.FromHex("#888888");

    readonly Scale x = new(figure.X), y = new(figure.Y);

    public IReadOnlyList<LegendEntry> Legend =>
    [
        Charts.Legend.Curve("Beaten by no other on both axes", frontier, FrontierWidth, Dash.Long, MarkerStyle.None),
        Charts.Legend.Whisker("Range", (canvas, at, low, high) => Line(canvas, new SKPoint(at, low), new SKPoint(at, high), Lettering.Grey)),
    ];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var (xLow, xHigh) = Limits(figure.X, x, figure.Points.SelectMany(point => Ends(point.X, point.XRange)));
        var (yLow, yHigh) = Limits(figure.Y, y, figure.Points.SelectMany(point => Ends(point.Y, point.YRange)));
        frame.Numbered(bottom: true, figure.X, xLow, xHigh);
        frame.Numbered(bottom: false, figure.Y, yLow, yHigh);
        frame.Add((plane, at) => Shapes.Stroke(plane, [.. figure.Frontier.Select(point => At(at, point.X, point.Y))], frontier, FrontierWidth, Dash.Long));
        for (var i = 0; i < figure.Points.Count; i++) AddPoint(frame, figure.Points[i], i);
        frame.Render(PlotFrame.LeftRoom(y.Value(yLow), y.Value(yHigh)), Right, PlotFrame.TickRoom + PlotFrame.AxisLabelRoom, Top);
        frame.BottomLabel(figure.X.Text);
        frame.LeftLabel(figure.Y.Text);
        WriteNames(frame);
    }

    void AddPoint(PlotFrame frame, TradeoffPoint point, int index)
    {
        var color = Palette.Of(index);
        frame.Add((canvas, at) =>
        {
            if (point.XRange is { } across) Line(canvas, At(at, across.Low, point.Y), At(at, across.High, point.Y), color);
            if (point.YRange is { } along) Line(canvas, At(at, point.X, along.Low), At(at, point.X, along.High), color);
        });
        frame.AddMarker(x.Position(point.X), y.Position(point.Y), new MarkerStyle(Palette.Marker(index), MarkerSize, color));
    }

    // Beside its point, where it covers no other point, no range and no name.
    void WriteNames(PlotFrame frame)
    {
        var taken = figure.Points.SelectMany(point => Taken(frame, point)).ToList();
        foreach (var point in figure.Points.OrderBy(point => -point.Y).ThenBy(point => point.X))
        {
            var at = frame.At(x.Position(point.X), y.Position(point.Y));
            var places = Places(at, Lettering.Width(point.Name, Lettering.SmallSize)).Where(place => Inside(place, frame.Data)).ToList();
            var place = places.OrderBy(place => taken.Count(other => other.IntersectsWith(place))).First();
            taken.Add(place);
            var middle = place.MidY;
            if (place.Bottom < at.Y - Reach || place.Top > at.Y + Reach) frame.Leader(Math.Clamp(at.X, place.Left, place.Right), middle < at.Y ? place.Bottom : place.Top, at.X, at.Y);
            frame.Note(point.Name, place.Left, middle, SKTextAlign.Left, size: Lettering.SmallSize);
        }
    }

    IEnumerable<SKRect> Taken(PlotFrame frame, TradeoffPoint point)
    {
        var at = frame.At(x.Position(point.X), y.Position(point.Y));
        yield return Around(at, at);
        if (point.XRange is { } across) yield return Around(frame.At(x.Position(across.Low), y.Position(point.Y)), frame.At(x.Position(across.High), y.Position(point.Y)));
        if (point.YRange is { } along) yield return Around(frame.At(x.Position(point.X), y.Position(along.High)), frame.At(x.Position(point.X), y.Position(along.Low)));
    }

    static SKRect Around(SKPoint from, SKPoint to) => new(from.X - Cap, from.Y - Cap, to.X + Cap, to.Y + Cap);

    // From the nearest to the farthest: right, left, above and below, then the same farther up and down.
    static IEnumerable<SKRect> Places(SKPoint at, float width)
    {
        var line = Lettering.LineHeight(Lettering.SmallSize);
        for (var step = 0; step < 12; step++)
            foreach (var sign in step == 0 ? [1] : new[] { -1, 1 })
            {
                var top = at.Y - line / 2 + sign * (step == 0 ? 0 : LabelGap + (step - 0.4f) * line / 2);
                yield return SKRect.Create(at.X + LabelGap, top, width, line);
                yield return SKRect.Create(at.X - LabelGap - width, top, width, line);
                if (step > 0) yield return SKRect.Create(at.X - width / 2, top, width, line);
            }
    }

    static bool Inside(SKRect place, PixelRect data) => place.Left >= data.Left && place.Right <= data.Right && place.Top >= data.Top && place.Bottom <= data.Bottom;

    static void Line(SKCanvas canvas, SKPoint from, SKPoint to, Color color)
    {
        Shapes.Stroke(canvas, [from, to], color, RangeWidth);
        foreach (var end in (ReadOnlySpan<SKPoint>)[from, to])
        {
            var lying = from.Y == to.Y;
            Shapes.Stroke(canvas, lying ? [new(end.X, end.Y - Cap), new(end.X, end.Y + Cap)] : [new(end.X - Cap, end.Y), new(end.X + Cap, end.Y)], color, RangeWidth);
        }
    }

    SKPoint At(Func<double, double, SKPoint> at, double across, double along) => at(x.Position(across), y.Position(along));

    static IEnumerable<double> Ends(double value, Interval? range) => range is { } ends ? [value, ends.Low, ends.High] : [value];

    static (double Low, double High) Limits(Reports.Axis axis, Scale scale, IEnumerable<double> values)
    {
        var positions = values.Select(scale.Position).DefaultIfEmpty(0).ToArray();
        var (least, most) = (positions.Min(), positions.Max());
        var room = most > least ? (most - least) * Margin : 1;
        return (axis.From is { } from ? scale.Position(from) : least - room, axis.To is { } to ? scale.Position(to) : most + room);
    }
}
