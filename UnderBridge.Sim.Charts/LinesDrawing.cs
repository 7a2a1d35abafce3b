using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class LinesDrawing(Reports.Lines figure) : IDrawing
{
    const float LineWidth = 2, MarkerSize = 6, DefaultMarkerSize = 13, Top = 6, Right = 14, RingWidth = 1.5f;
    const double BandOpacity = 0.18, XMargin = 0.02, YMargin = 0.06;

    // An axis that would start below this share of its end starts at zero.
    const double StartsAtZero = 0.5;

    readonly Scale x = new(figure.X), y = new(figure.Y);

    public IReadOnlyList<LegendEntry> Legend =>
        [.. figure.Series.Select((series, i) => Charts.Legend.Curve(series.Name, Palette.Of(i), LineWidth, Palette.DashOf(i), MarkerOf(i)))];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var (xLow, xHigh) = Limits(figure.X, x, Points.Select(point => point.X), XMargin);
        var (yLow, yHigh) = Limits(figure.Y, y, Points.SelectMany(Heights).Concat(figure.References.Select(reference => reference.Value)), YMargin);
        frame.Numbered(bottom: true, figure.X, xLow, xHigh);
        frame.Numbered(bottom: false, figure.Y, yLow, yHigh);
        frame.AddReferences(figure.References, y);
        AddDefault(frame);
        for (var i = 0; i < figure.Series.Count; i++) AddBand(frame, figure.Series[i], i);
        for (var i = 0; i < figure.Series.Count; i++) AddLine(frame, figure.Series[i], i);

        var above = Top + (figure.Default is null ? 0 : Lettering.LineHeight(Lettering.NoteSize));
        frame.Render(PlotFrame.LeftRoom(y.Value(yLow), y.Value(yHigh)), Right + PlotFrame.ReferenceRoom(figure.References), PlotFrame.TickRoom + PlotFrame.AxisLabelRoom, above);
        frame.BottomLabel(figure.X.Text);
        frame.LeftLabel(figure.Y.Text);
        frame.NameReferences(figure.References, y);
        NameDefault(frame);
    }

    void AddBand(PlotFrame frame, LineSeries series, int index)
    {
        if (series.Points.All(point => point.Band is null)) return;
        frame.AddBand(
            [.. series.Points.Select(point => x.Position(point.X))],
            [.. series.Points.Select(point => y.Position(point.Band?.Low ?? point.Y))],
            [.. series.Points.Select(point => y.Position(point.Band?.High ?? point.Y))], Palette.Of(index).WithAlpha(BandOpacity));
    }

    void AddLine(PlotFrame frame, LineSeries series, int index)
    {
        frame.Add((canvas, at) => Shapes.Stroke(
            canvas, [.. series.Points.Select(point => at(x.Position(point.X), y.Position(point.Y)))], Palette.Of(index), LineWidth, Palette.DashOf(index)));
        var ring = new MarkerStyle(MarkerShape.OpenCircle, DefaultMarkerSize, Palette.Of(index)) { LineWidth = RingWidth };
        foreach (var point in series.Points)
        {
            if (figure.Markers) frame.AddMarker(x.Position(point.X), y.Position(point.Y), MarkerOf(index));
            if (point.X == figure.Default?.X) frame.AddMarker(x.Position(point.X), y.Position(point.Y), ring);
        }
    }

    MarkerStyle MarkerOf(int index) => figure.Markers ? new(Palette.Marker(index), MarkerSize, Palette.Of(index)) : MarkerStyle.None;

    void AddDefault(PlotFrame frame)
    {
        if (figure.Default is not { } marked) return;
        frame.Add((canvas, at) =>
        {
            var across = at(x.Position(marked.X), 0).X;
            Shapes.Stroke(canvas, [new(across, frame.Data.Bottom), new(across, frame.Data.Top)], Lettering.Grey, 1.2f, Dash.Short);
        });
    }

    // Above the plot, where no curve can cross it.
    void NameDefault(PlotFrame frame)
    {
        if (figure.Default is not { } marked) return;
        var half = Lettering.Width(marked.Label, Lettering.NoteSize) / 2;
        var middle = frame.At(x.Position(marked.X), 0).X;
        var clamped = Math.Clamp(middle, frame.Data.Left + half, Math.Max(frame.Data.Left + half, frame.Data.Right - half));
        frame.Note(marked.Label, clamped, frame.Data.Top - Lettering.LineHeight(Lettering.NoteSize) / 2 - 2, SKTextAlign.Center, Lettering.Grey);
    }

    IEnumerable<LinePoint> Points => figure.Series.SelectMany(series => series.Points);

    static IEnumerable<double> Heights(LinePoint point) =>
        point.Band is { } band ? [point.Y, band.Low, band.High] : [point.Y];

    static (double Low, double High) Limits(Reports.Axis axis, Scale scale, IEnumerable<double> values, double margin)
    {
        var positions = values.Select(scale.Position).DefaultIfEmpty(0).ToArray();
        var (least, most) = (positions.Min(), positions.Max());
        var room = most > least ? (most - least) * margin : 1;
        var low = !axis.Logarithmic && least >= 0 && least <= StartsAtZero * most ? 0 : least - room;
        return (axis.From is { } from ? scale.Position(from) : low, axis.To is { } to ? scale.Position(to) : most + room);
    }
}
