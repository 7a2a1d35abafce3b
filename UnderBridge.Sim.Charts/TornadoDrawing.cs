using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

/// <summary>Lying bars on both sides of one value, the names with their ranges to the left.</summary>
sealed class TornadoDrawing(TornadoChart figure) : IDrawing
{
    const int Low = 0, High = 1, Whole = 2;
    const double BarHeight = 0.66, Margin = 0.05;
    const float NameGap = 8, Right = 16, Top = 4, LineWidth = 1.4f, MostBar = 26, LineLabel = 14;

    public IReadOnlyList<LegendEntry> Legend =>
        [Charts.Legend.Area("At the low end of its range", Low), Charts.Legend.Area("At the high end", High), Charts.Legend.Area("All numbers anywhere", Whole)];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var ends = figure.Spans.SelectMany(span => new[] { span.AtLow, span.AtHigh }).Append(figure.Value).ToList();
        var (least, most) = (ends.Min(), ends.Max());
        // The turn is shown where it is near, so that its distance can be seen.
        if (figure.Turn is { } near && near.Value > least - (most - least) && near.Value < most + (most - least)) (least, most) = (Math.Min(least, near.Value), Math.Max(most, near.Value));
        var margin = Math.Max((most - least) * Margin, Math.Abs(figure.Value) * 1e-3);
        var left = Lettering.Widest(figure.Spans.Select(span => span.Name), Lettering.NameSize) + Lettering.Widest(figure.Spans.Select(span => span.Range), Lettering.SmallSize) + 2 * NameGap + 4;
        var bottom = PlotFrame.TickRoom + PlotFrame.AxisLabelRoom;
        var half = Math.Min(BarHeight, MostBar / ((room.Height - bottom - Top - LineLabel) / figure.Spans.Count)) / 2;
        frame.Numbered(bottom: true, figure.Values, least - margin, most + margin);
        frame.Named(bottom: false, -figure.Spans.Count + 0.5, 0.5);
        for (var i = 0; i < figure.Spans.Count; i++) AddSpan(frame, figure.Spans[i], i, half);
        AddLine(frame, figure.Value, Dash.Solid);
        if (Shown(least, most) is { } turn) AddLine(frame, turn.Value, Dash.Long);
        frame.Render(left, Right, bottom, Top + LineLabel);

        frame.BottomLabel(figure.Values.Text);
        NameLines(frame, least, most);
        for (var i = 0; i < figure.Spans.Count; i++) Name(frame, figure.Spans[i], frame.At(figure.Value, -i).Y);
    }

    ReferenceLine? Shown(double least, double most) => figure.Turn is { } turn && turn.Value >= least && turn.Value <= most ? turn : null;

    void AddSpan(PlotFrame frame, TornadoSpan span, int row, double half)
    {
        if (row == 0)
        {
            frame.AddBar(Whole, span.AtLow, -half, span.AtHigh, half);
            return;
        }
        frame.AddBar(Low, figure.Value, -row - half, span.AtLow, -row + half);
        frame.AddBar(High, figure.Value, -row - half, span.AtHigh, -row + half);
    }

    static void AddLine(PlotFrame frame, double value, Dash dash) => frame.Add((canvas, at) =>
    {
        var x = at(value, 0).X;
        Shapes.Stroke(canvas, [new(x, frame.Data.Top), new(x, frame.Data.Bottom)], Lettering.Ink, LineWidth, dash);
    });

    void NameLines(PlotFrame frame, double least, double most)
    {
        var y = frame.Data.Top - LineLabel / 2;
        var value = FormattableString.Invariant($"{figure.Value:G4}");
        var at = frame.At(figure.Value, 0).X;
        var (turn, turnAt) = (Shown(least, most), Shown(least, most) is { } shown ? frame.At(shown.Value, 0).X : float.NaN);
        // Where the two lines are close, their labels stand on their outer sides.
        var close = turn is not null && Math.Abs(turnAt - at) < (Lettering.Widest([value, turn.Label], Lettering.NameSize) + NameGap);
        frame.Note(value, at, y, Side(at < turnAt), bold: true);
        if (turn is not null) frame.Note(turn.Label, turnAt, y, Side(turnAt < at));

        SKTextAlign Side(bool left) => !close ? SKTextAlign.Center : left ? SKTextAlign.Right : SKTextAlign.Left;
    }

    static void Name(PlotFrame frame, TornadoSpan span, float y)
    {
        var edge = frame.Data.Left - NameGap;
        frame.Note(span.Range, edge, y, SKTextAlign.Right, Lettering.Grey, Lettering.SmallSize);
        frame.Note(span.Name, edge - Lettering.Width(span.Range, Lettering.SmallSize) - NameGap, y, SKTextAlign.Right, size: Lettering.NameSize);
    }
}
