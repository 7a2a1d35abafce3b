using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class ScatterDrawing(Reports.Scatter figure) : IDrawing
{
    const float MarkerSize = 7, LineWidth = 1.2f, RangeWidth = 1, Top = 6, Right = 14, LabelGap = 7;
    const double BandOpacity = 0.12, RangeOpacity = 0.6, Margin = 0.04;

    readonly Scale x = new(figure.X), y = new(figure.Y);

    public IReadOnlyList<LegendEntry> Legend =>
    [
        .. figure.Series.Select((series, i) => Charts.Legend.Point(series.Name, MarkerOf(i))),
        Charts.Legend.Curve(figure.Band > 0 ? FormattableString.Invariant($"Equal, and within {100 * figure.Band:0} %") : "Equal", Lettering.Grey, LineWidth, Dash.Solid, MarkerStyle.None),
    ];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var points = figure.Series.SelectMany(series => series.Points).ToList();
        var (xLow, xHigh) = Limits(points.Select(point => x.Position(point.X)));
        var (yLow, yHigh) = Limits(points.SelectMany(point => new[] { point.Y, point.Range?.Low ?? point.Y, point.Range?.High ?? point.Y }).Select(y.Position));
        frame.Numbered(bottom: true, figure.X, xLow, xHigh);
        frame.Numbered(bottom: false, figure.Y, yLow, yHigh);
        AddDiagonal(frame, xLow, xHigh);
        for (var i = 0; i < figure.Series.Count; i++) AddSeries(frame, figure.Series[i], i);
        frame.Render(PlotFrame.LeftRoom(y.Value(yLow), y.Value(yHigh)), Right, PlotFrame.TickRoom + PlotFrame.AxisLabelRoom, Top);
        frame.BottomLabel(figure.X.Text);
        frame.LeftLabel(figure.Y.Text);
        foreach (var point in points.Where(point => point.Label.Length > 0))
        {
            var at = frame.At(x.Position(point.X), y.Position(point.Y));
            frame.Note(point.Label, at.X + LabelGap, at.Y, SKTextAlign.Left, size: Lettering.SmallSize);
        }
    }

    void AddDiagonal(PlotFrame frame, double low, double high)
    {
        double[] ends = [low, high];
        if (figure.Band > 0)
            frame.AddBand(ends, [.. ends.Select(end => y.Position(x.Value(end) * (1 - figure.Band)))], [.. ends.Select(end => y.Position(x.Value(end) * (1 + figure.Band)))], Lettering.Grey.WithAlpha(BandOpacity));
        frame.Add((canvas, at) => Shapes.Stroke(canvas, [.. ends.Select(end => at(end, y.Position(x.Value(end))))], Lettering.Grey, LineWidth));
    }

    void AddSeries(PlotFrame frame, ScatterSeries series, int index)
    {
        frame.Add((canvas, at) =>
        {
            foreach (var point in series.Points)
                if (point.Range is { } range)
                    Shapes.Stroke(canvas, [at(x.Position(point.X), y.Position(range.Low)), at(x.Position(point.X), y.Position(range.High))], Palette.Of(index).WithAlpha(RangeOpacity), RangeWidth);
        });
        foreach (var point in series.Points) frame.AddMarker(x.Position(point.X), y.Position(point.Y), MarkerOf(index));
    }

    static MarkerStyle MarkerOf(int index) => new(Palette.Marker(index), MarkerSize, Palette.Of(index));

    static (double Low, double High) Limits(IEnumerable<double> positions)
    {
        var all = positions.DefaultIfEmpty(0).ToArray();
        var (least, most) = (all.Min(), all.Max());
        var room = most > least ? (most - least) * Margin : 1;
        return (least - room, most + room);
    }
}
