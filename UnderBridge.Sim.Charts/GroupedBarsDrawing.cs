using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class GroupedBarsDrawing(GroupedBars figure) : IDrawing
{
    // The bars of a group fill this share of its place, each this share of its own.
    const double GroupWidth = 0.86, BarShare = 0.88;
    const float NameGap = 7, LabelGap = 4, Top = 4, Right = 10, MostStep = 72;
    const string Missing = "n/a";

    readonly Scale scale = new(figure.Values);
    double step = GroupWidth / Math.Max(1, figure.Series.Count);

    public IReadOnlyList<LegendEntry> Legend
    {
        get
        {
            var entries = figure.Series.Select((series, i) => Charts.Legend.Area(series.Name, i)).ToList();
            if (Has(bar => bar.Confidence is not null)) entries.Add(Charts.Legend.Whisker(figure.ConfidenceLabel, Whisker.Confidence));
            if (Has(bar => bar.Assumed is not null)) entries.Add(Charts.Legend.Whisker(figure.AssumedLabel, Whisker.Assumed));
            if (Has(bar => bar.Published is not null))
                entries.Add(new LegendEntry(figure.PublishedLabel, (canvas, area) => PublishedMarker.Diamond(canvas, area.MidX, area.MidY)));
            return entries;
        }
    }

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        var line = Lettering.LineHeight(Lettering.NameSize);
        var highest = Bars().Select(place => End(place.Bar)).Concat(figure.References.Select(reference => reference.Value)).DefaultIfEmpty(1).Max();
        var left = PlotFrame.LeftRoom(0, highest);
        var right = Right + PlotFrame.ReferenceRoom(figure.References);
        var slot = (room.Width - left - right) / Math.Max(1, figure.Groups.Count);
        step = Math.Min(step, MostStep / slot);
        var names = figure.Groups.Select(group => Lettering.Wrap(group, Lettering.NameSize, slot - PlotFrame.Gap, bold: true)).ToArray();
        var bottom = NameGap + line * names.Select(lines => lines.Count).DefaultIfEmpty(1).Max();
        var upright = Lettering.Widest(Labels, Lettering.SmallSize) > slot * step - 1;
        var labelRoom = PublishedMarker.Reach + 2 * LabelGap + (upright ? Lettering.Widest(Labels, Lettering.SmallSize) : Lettering.SmallSize);
        var limit = figure.Values.To ?? highest / (1 - labelRoom / (room.Height - bottom - Top));

        frame.Numbered(bottom: false, figure.Values, 0, limit > 0 ? limit : 1);
        frame.Named(bottom: true, -0.5, Math.Max(1, figure.Groups.Count) - 0.5);
        frame.AddReferences(figure.References, scale);
        AddBars(frame);
        frame.Render(left, right, bottom, Top);

        frame.LeftLabel(figure.Values.Text);
        frame.NameReferences(figure.References, scale);
        for (var group = 0; group < names.Length; group++)
            Lettering.DrawLines(canvas, names[group], frame.At(group, 0).X, frame.Data.Bottom + NameGap + line / 2, SKTextAlign.Center, Lettering.NameSize, Lettering.Ink, bold: true);
        WriteLabels(canvas, frame, upright);
    }

    void AddBars(PlotFrame frame)
    {
        var half = step * BarShare / 2;
        foreach (var (x, series, bar) in Bars()) frame.AddBar(series, x - half, 0, x + half, bar.Value);
        foreach (var (x, _, bar) in Bars())
            frame.Add((canvas, at) =>
            {
                if (bar.Assumed is { } assumed) Whisker.Assumed(canvas, at(x, 0).X, at(x, assumed.Low).Y, at(x, assumed.High).Y);
                if (bar.Confidence is { } confidence) Whisker.Confidence(canvas, at(x, 0).X, at(x, confidence.Low).Y, at(x, confidence.High).Y);
                if (bar.Published is { } published) PublishedMarker.Diamond(canvas, at(x, published).X, at(x, published).Y);
            });
    }

    void WriteLabels(SKCanvas canvas, PlotFrame frame, bool upright)
    {
        foreach (var (x, _, bar) in Bars())
        {
            var end = frame.At(x, End(bar));
            var foot = end.Y - LabelGap - (bar.Published is { } published && published >= End(bar) ? PublishedMarker.Reach : 0);
            if (upright) Lettering.Draw(canvas, bar.Label, end.X, foot, SKTextAlign.Left, Lettering.SmallSize, Lettering.Ink, degrees: -90);
            else frame.Note(bar.Label, end.X, foot - Lettering.SmallSize / 2, SKTextAlign.Center, size: Lettering.SmallSize);
        }
        for (var series = 0; series < figure.Series.Count; series++)
            for (var group = 0; group < figure.Groups.Count; group++)
            {
                if (figure.Series[series].Bars[group] is not null) continue;
                var foot = frame.At(Across(group, series), 0);
                frame.Note(Missing, foot.X, foot.Y - LabelGap - Lettering.SmallSize / 2, SKTextAlign.Center, Lettering.Grey, Lettering.SmallSize);
            }
    }

    IEnumerable<string> Labels => Bars().Select(place => place.Bar.Label);

    double Across(int group, int series) => group + (series - (figure.Series.Count - 1) / 2.0) * step;

    IEnumerable<(double X, int Series, Reports.Bar Bar)> Bars()
    {
        for (var group = 0; group < figure.Groups.Count; group++)
            for (var series = 0; series < figure.Series.Count; series++)
                if (figure.Series[series].Bars[group] is { } bar) yield return (Across(group, series), series, bar);
    }

    bool Has(Func<Reports.Bar, bool> what) => Bars().Any(place => what(place.Bar));

    static double End(Reports.Bar bar) =>
        Math.Max(Math.Max(bar.Value, bar.Published ?? 0), Math.Max(bar.Confidence?.High ?? 0, bar.Assumed?.High ?? 0));
}
