using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class ScatterDrawing(Reports.Scatter figure) : IDrawing
{
    const float MarkerSize = 9, Top = 8, Right = 14, LabelGap = 8, RangeWidth = 1.1f, Cap = 3, FrontierWidth = 1.6f;
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

    void AddPoint(PlotFrame frame, ScatterPoint point, int index)
    {
        var color = Palette.Of(index);
        frame.Add((canvas, at) =>
        {
            if (point.XRange is { } across) Line(canvas, At(at, across.Low, point.Y), At(at, across.High, point.Y), color);
            if (point.YRange is { } along) Line(canvas, At(at, point.X, along.Low), At(at, point.X, along.High), color);
        });
        frame.AddMarker(x.Position(point.X), y.Position(point.Y), new MarkerStyle(Palette.Marker(index), MarkerSize, color));
    }

    // Right of its point, or left of it near the edge; names that would touch move apart.
    void WriteNames(PlotFrame frame)
    {
        var line = Lettering.LineHeight(Lettering.SmallSize);
        var written = new List<SKRect>();
        foreach (var point in figure.Points.OrderBy(point => -point.Y).ThenBy(point => point.X))
        {
            var at = frame.At(x.Position(point.X), y.Position(point.Y));
            var width = Lettering.Width(point.Name, Lettering.SmallSize);
            var left = at.X + LabelGap + width > frame.Data.Right ? at.X - LabelGap - width : at.X + LabelGap;
            var area = Free(new SKRect(left, at.Y - line, left + width, at.Y), written, line, frame.Data);
            written.Add(area);
            if (Math.Abs(area.MidY - at.Y) > line) frame.Leader(left < at.X ? area.Right + 1 : area.Left - 1, area.MidY, at.X, at.Y);
            frame.Note(point.Name, area.Left, area.MidY, SKTextAlign.Left, size: Lettering.SmallSize);
        }
    }

    // The nearest height, above or below, at which nothing is written yet.
    static SKRect Free(SKRect wanted, List<SKRect> written, float line, PixelRect data)
    {
        for (var step = 0; step < 40; step++)
        {
            var moved = wanted with { };
            moved.Offset(0, (step % 2 == 0 ? 1 : -1) * ((step + 1) / 2) * line / 2);
            if (moved.Top >= data.Top && moved.Bottom <= data.Bottom && !written.Exists(other => other.IntersectsWith(moved))) return moved;
        }
        return wanted;
    }

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
