using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class HeatMapDrawing(Reports.HeatMap figure) : IDrawing
{
    const float LevelWidth = 2.4f, HaloWidth = 5, BarWidth = 16, BarGap = 16, Top = 6, Edge = 2, TickLength = 4;
    const int Shades = 128, MostTicks = 6, FewTicks = 4;

    // Of the bar, between two ticks.
    const double LeastDistance = 0.1;

    static readonly Color halo = Colors.White.WithAlpha(0.85);

    readonly Scale x = new(figure.X), y = new(figure.Y), value = new(figure.Value);
    readonly ScottPlot.Colormaps.Viridis colours = new();
    readonly double least = new Scale(figure.Value).Position(figure.Values.Min(row => row.Min())), most = new Scale(figure.Value).Position(figure.Values.Max(row => row.Max()));

    public IReadOnlyList<LegendEntry> Legend => [.. figure.Levels.Where(level => Pieces(level).Count > 0)
        .Select((level, i) => Charts.Legend.Curve(level.Label, Lettering.Ink, LevelWidth, Palette.DashOf(i), MarkerStyle.None))];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var (xs, ys) = (Edges(figure.Xs, x), Edges(figure.Ys, y));
        frame.Numbered(bottom: true, figure.X, xs[0], xs[^1]);
        frame.Numbered(bottom: false, figure.Y, ys[0], ys[^1]);
        frame.Add((at, place) => FillCells(at, place, xs, ys));
        foreach (var (level, i) in figure.Levels.Select((level, i) => (level, i))) frame.Add((at, place) => StrokeLevel(at, place, Pieces(level), Palette.DashOf(i)));
        var ticks = Ticks();
        var right = BarGap + BarWidth + TickLength + 3 * PlotFrame.Gap + Lettering.Widest(ticks.Select(Scale.Text), Lettering.NoteSize) + Lettering.LabelSize;
        frame.Render(PlotFrame.LeftRoom(y.Value(ys[0]), y.Value(ys[^1])), right, PlotFrame.TickRoom + PlotFrame.AxisLabelRoom, Top);
        frame.BottomLabel(figure.X.Text);
        frame.LeftLabel(figure.Y.Text);
        DrawColourBar(canvas, frame, room, ticks);
    }

    // Cells overlap a little: where two antialiased edges meet, the page would shine through.
    void FillCells(SKCanvas canvas, Func<double, double, SKPoint> at, double[] xs, double[] ys)
    {
        const float overlap = 0.4f;
        for (var j = 0; j < figure.Ys.Count; j++)
            for (var i = 0; i < figure.Xs.Count; i++)
            {
                var (low, high) = (at(xs[i], ys[j]), at(xs[i + 1], ys[j + 1]));
                Shapes.Fill(canvas, new SKRect(low.X, high.Y, high.X + overlap, low.Y + overlap), Colour(value.Position(figure.Values[j][i])));
            }
    }

    static void StrokeLevel(SKCanvas canvas, Func<double, double, SKPoint> at, IReadOnlyList<ContourPiece> pieces, Dash dash)
    {
        foreach (var line in Joined(pieces))
        {
            SKPoint[] points = [.. line.Select(point => at(point.X, point.Y))];
            Shapes.Stroke(canvas, points, halo, HaloWidth);
            Shapes.Stroke(canvas, points, Lettering.Ink, LevelWidth, dash);
        }
    }

    void DrawColourBar(SKCanvas canvas, PlotFrame frame, PixelRect room, IReadOnlyList<double> ticks)
    {
        var (left, right) = (frame.Data.Right + BarGap, frame.Data.Right + BarGap + BarWidth);
        float Height(double position) => (float)(frame.Data.Bottom - (position - least) / Spread * (frame.Data.Bottom - frame.Data.Top));
        for (var i = 0; i < Shades; i++)
        {
            var (from, to) = (least + Spread * i / Shades, least + Spread * (i + 1) / Shades);
            Shapes.Fill(canvas, new SKRect(left, Height(to), right, Math.Min(Height(from) + 0.4f, frame.Data.Bottom)), Colour((from + to) / 2));
        }
        foreach (var level in figure.Levels.Select(level => value.Position(level.Value)).Where(level => level > least && level < most))
        {
            Shapes.Stroke(canvas, [new(left - Edge, Height(level)), new(right + Edge, Height(level))], halo, HaloWidth);
            Shapes.Stroke(canvas, [new(left - Edge, Height(level)), new(right + Edge, Height(level))], Lettering.Ink, LevelWidth);
        }
        foreach (var tick in ticks)
        {
            Shapes.Stroke(canvas, [new(right, Height(value.Position(tick))), new(right + TickLength, Height(value.Position(tick)))], Lettering.Grey, 0.8f);
            frame.Note(Scale.Text(tick), right + TickLength + PlotFrame.Gap / 2, Height(value.Position(tick)), SKTextAlign.Left);
        }
        Lettering.Draw(canvas, figure.Value.Text, room.Right - Lettering.LabelSize / 2, frame.Data.VerticalCenter, SKTextAlign.Center, Lettering.LabelSize, Lettering.Ink, degrees: -90);
    }

    Color Colour(double position) => colours.GetColor((position - least) / Spread);

    double Spread => most > least ? most - least : 1;

    double[] Ticks()
    {
        var (low, high) = (value.Value(least), value.Value(most));
        return !(high > low) ? [low] : figure.Value.Logarithmic ? RoundNumbers(low, high) : Steps(low, high);
    }

    // The roundest numbers that keep their distance; finer ones only where there are few.
    double[] RoundNumbers(double low, double high)
    {
        var ticks = new List<double>();
        for (var power = Math.Floor(Math.Log10(high)); ; power--)
            foreach (var factor in new[] { 5, 2, 1 })
            {
                var step = factor * Math.Pow(10, power);
                if (step < low / 10 && ticks.Count >= FewTicks || step < (high - low) / 100) return [.. ticks.Order()];
                for (var i = Math.Ceiling(low / step); i <= Math.Floor(high / step); i++)
                {
                    var tick = Math.Round(i * step, 10);
                    if (tick > 0 && ticks.TrueForAll(other => Math.Abs(value.Position(other) - value.Position(tick)) >= LeastDistance * Spread)) ticks.Add(tick);
                }
            }
    }

    // Round steps of 1, 2 or 5.
    static double[] Steps(double low, double high)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10((high - low) / MostTicks)));
        step *= new[] { 1.0, 2, 5, 10 }.First(factor => (high - low) / (step * factor) <= MostTicks);
        var first = (int)Math.Ceiling(low / step);
        return [.. Enumerable.Range(first, (int)Math.Floor(high / step) - first + 1).Select(i => Math.Round(i * step, 10))];
    }

    IReadOnlyList<ContourPiece> Pieces(ReferenceLine level) => Contour.Of([.. figure.Xs.Select(x.Position)], [.. figure.Ys.Select(y.Position)], figure.Values, level.Value);

    // Half-way between neighbours; the outer cells are as wide outwards as inwards.
    static double[] Edges(IReadOnlyList<double> places, Scale scale)
    {
        var at = places.Select(scale.Position).ToArray();
        var between = at.Zip(at.Skip(1), (low, high) => (low + high) / 2).ToArray();
        return [2 * at[0] - between[0], .. between, 2 * at[^1] - between[^1]];
    }

    // Pieces end to end, so that dashes run on.
    static IEnumerable<List<(double X, double Y)>> Joined(IReadOnlyList<ContourPiece> pieces)
    {
        var left = pieces.Select(piece => (From: (piece.X1, piece.Y1), To: (piece.X2, piece.Y2))).ToList();
        while (left.Count > 0)
        {
            List<(double X, double Y)> line = [left[0].From, left[0].To];
            left.RemoveAt(0);
            for (var i = 0; i < left.Count; i++)
            {
                var (from, to) = left[i];
                if (from == line[^1]) line.Add(to);
                else if (to == line[^1]) line.Add(from);
                else if (to == line[0]) line.Insert(0, from);
                else if (from == line[0]) line.Insert(0, to);
                else continue;
                left.RemoveAt(i);
                i = -1;
            }
            yield return line;
        }
    }
}
