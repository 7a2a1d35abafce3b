using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class SignedBarsDrawing(SignedBars figure) : IDrawing
{
    // Between two groups as much room as this many bars; a bar fills this share of its place.
    const double GroupGap = 1.2, BarShare = 0.78, Margin = 0.06, BandOpacity = 0.1;
    const float Top = 6, Right = 10, NameGap = 6, MostNameRoom = 150;

    readonly Scale scale = new(figure.Values);

    public IReadOnlyList<LegendEntry> Legend => [.. figure.Series.Select(Charts.Legend.Area)];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var values = figure.Groups.SelectMany(group => group.Bars).Select(bar => bar.Value).Concat([0, figure.Band, -figure.Band]).ToArray();
        var spare = (values.Max() - values.Min()) * Margin;
        var places = Places().ToList();
        var (low, high) = (values.Min() - spare, values.Max() + spare);
        var right = places.Count == 0 ? 1 : places[^1].X + 1;
        frame.Numbered(bottom: false, figure.Values, low, high);
        frame.Named(bottom: true, -1, right);
        if (figure.Band > 0) frame.AddBand([-1, right], [-figure.Band, -figure.Band], [figure.Band, figure.Band], Lettering.Grey.WithAlpha(BandOpacity));
        foreach (var (x, bar) in places) frame.AddBar(bar.Series, x - BarShare / 2, 0, x + BarShare / 2, bar.Value);
        frame.Add((paper, at) => Shapes.Stroke(paper, [at(-1, 0), at(right, 0)], Lettering.Ink, 1));
        var names = Lettering.Widest(figure.Groups.Select(group => Cut(group.Name)), Lettering.SmallSize) + NameGap;
        frame.Render(PlotFrame.LeftRoom(scale.Value(low), scale.Value(high)), Right, names, Top);
        frame.LeftLabel(figure.Values.Text);
        WriteNames(canvas, frame);
    }

    // Upright below the middle of each group.
    void WriteNames(SKCanvas canvas, PlotFrame frame)
    {
        var x = 0.0;
        foreach (var group in figure.Groups)
        {
            var middle = frame.At(x + (group.Bars.Count - 1) / 2.0, 0).X;
            Lettering.Draw(canvas, Cut(group.Name), middle, frame.Data.Bottom + NameGap, SKTextAlign.Right, Lettering.SmallSize, Lettering.Ink, degrees: -90);
            x += group.Bars.Count + GroupGap;
        }
    }

    // A name that is longer than its room ends in an ellipsis.
    static string Cut(string name)
    {
        if (Lettering.Width(name, Lettering.SmallSize) <= MostNameRoom) return name;
        var length = name.Length;
        while (length > 0 && Lettering.Width(name[..length] + "…", Lettering.SmallSize) > MostNameRoom) length--;
        return name[..length].TrimEnd() + "…";
    }

    IEnumerable<(double X, SignedBar Bar)> Places()
    {
        var x = 0.0;
        foreach (var group in figure.Groups)
        {
            foreach (var bar in group.Bars) yield return (x++, bar);
            x += GroupGap;
        }
    }
}
