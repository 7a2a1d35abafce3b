using System.Globalization;
using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

/// <summary>Draws stacked bars. "Along" is the direction of the values, "across" the one from bar to bar.</summary>
sealed class StackedBarsDrawing(StackedBars figure) : IDrawing
{
    const double BarWidth = 0.62, LeastBarWidth = 0.4, GroupGap = 0.45, Percent = 100;
    const float NameGap = 7, AnnotationGap = 7, GroupRoom = 18, Leader = 10, LeaderGap = 3, Right = 12, Top = 4;
    const float MostBarWidth = 110, MostBarHeight = 44;

    // A thin segment of shares has one digit before the point.
    const double ThinExample = 9.9;

    // A segment carries its label inside when it is at least this much longer than the text.
    const float InsideMargin = 3;

    readonly double[] across = Across(figure);
    double barWidth = BarWidth;

    public IReadOnlyList<LegendEntry> Legend =>
    [
        .. figure.Series.Select(Charts.Legend.Area),
        .. figure.Bars.Any(ShowsPublished)
            ? [new LegendEntry(figure.PublishedLabel, (canvas, area) => PublishedMarker.Triangle(canvas, area.MidX, area.Top, below: true))]
            : Array.Empty<LegendEntry>(),
    ];

    bool Grouped => figure.Bars.Any(bar => bar.Group.Length > 0);

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        using var frame = new PlotFrame(canvas, room);
        if (figure.Horizontal) DrawLying(canvas, frame, room);
        else DrawStanding(canvas, frame, room);
        MarkPublished(canvas, frame);
        if (figure.LabelSegments)
            for (var i = 0; i < figure.Bars.Count; i++) LabelSegments(frame, i);
    }

    void DrawLying(SKCanvas canvas, PlotFrame frame, PixelRect room)
    {
        var left = Lettering.Widest(figure.Bars.Select(bar => bar.Name), Lettering.NameSize) + NameGap + 3 + (Grouped ? GroupRoom : 0);
        var bottom = PlotFrame.TickRoom + PlotFrame.AxisLabelRoom;
        var slot = (room.Height - bottom - Top) / Slots;
        barWidth = Math.Min(BarWidth, MostBarHeight / slot);
        var limit = Limit(room.Width - left - Right, bar => AnnotationGap + Lettering.Width(bar.Annotation, Lettering.NoteSize));
        frame.Numbered(bottom: true, figure.Values, 0, limit);
        frame.Named(bottom: false, -Last - SideRoom, SideRoom);
        AddBars(frame);
        frame.Render(left, Right, bottom, Top);

        frame.BottomLabel(figure.Values.Text);
        for (var i = 0; i < figure.Bars.Count; i++)
        {
            var bar = figure.Bars[i];
            var end = Place(frame, i, End(bar));
            frame.Note(bar.Name, frame.Data.Left - NameGap, end.Y, SKTextAlign.Right, size: Lettering.NameSize);
            frame.Note(bar.Annotation, end.X + AnnotationGap, end.Y, SKTextAlign.Left);
        }
        foreach (var (group, first, last) in Groups())
            Lettering.Draw(canvas, group, room.Left + Lettering.NameSize / 2, (Place(frame, first, 0).Y + Place(frame, last, 0).Y) / 2,
                SKTextAlign.Center, Lettering.NameSize, Lettering.Ink, bold: true, degrees: -90);
    }

    void DrawStanding(SKCanvas canvas, PlotFrame frame, PixelRect room)
    {
        var line = Lettering.LineHeight(Lettering.NameSize);
        var note = Lettering.LineHeight(Lettering.NoteSize);
        var left = PlotFrame.LeftRoom(0, figure.Bars.Select(End).DefaultIfEmpty(1).Max());
        var slot = (room.Width - left - Right) / Slots;
        barWidth = Math.Min(Math.Min(BarWidth, MostBarWidth / slot), Math.Max(LeastBarWidth, 1 - LabelRoom / slot));
        var names = figure.Bars.Select(bar => Lettering.Wrap(bar.Name, Lettering.NameSize, slot - PlotFrame.Gap)).ToArray();
        var annotations = figure.Bars.Select(bar => Lettering.Wrap(bar.Annotation, Lettering.NoteSize, slot - PlotFrame.Gap)).ToArray();
        var bottom = NameGap + names.Select(lines => lines.Count).DefaultIfEmpty(1).Max() * line + (Grouped ? GroupRoom : 0);
        var behind = AnnotationGap + note * annotations.Select(lines => lines.Count).DefaultIfEmpty(0).Max();
        frame.Numbered(bottom: false, figure.Values, 0, Limit(room.Height - bottom - Top, _ => behind));
        frame.Named(bottom: true, -SideRoom, Last + SideRoom);
        AddBars(frame);
        frame.Render(left, Right, bottom, Top);

        frame.LeftLabel(figure.Values.Text);
        for (var i = 0; i < figure.Bars.Count; i++)
        {
            var end = Place(frame, i, End(figure.Bars[i]));
            Lettering.DrawLines(canvas, names[i], end.X, frame.Data.Bottom + NameGap + line / 2, SKTextAlign.Center, Lettering.NameSize, Lettering.Ink);
            var first = end.Y - AnnotationGap - Lettering.NoteSize / 2 - (annotations[i].Count - 1) * note;
            Lettering.DrawLines(canvas, annotations[i], end.X, first, SKTextAlign.Center, Lettering.NoteSize, Lettering.Ink);
        }
        foreach (var (group, first, last) in Groups())
            frame.Note(group, (Place(frame, first, 0).X + Place(frame, last, 0).X) / 2, room.Bottom - GroupRoom / 2, SKTextAlign.Center, size: Lettering.NameSize, bold: true);
    }

    void AddBars(PlotFrame frame)
    {
        for (var i = 0; i < figure.Bars.Count; i++)
        {
            var (bar, middle, half) = (figure.Bars[i], across[i], barWidth / 2);
            foreach (var (series, from, to) in Segments(bar))
                if (figure.Horizontal) frame.AddBar(series, from, -middle - half, to, -middle + half);
                else frame.AddBar(series, middle - half, from, middle + half, to);
        }
    }

    // Drawn over the finished plot: at the foot of its axis it would be cut off within.
    void MarkPublished(SKCanvas canvas, PlotFrame frame)
    {
        for (var i = 0; i < figure.Bars.Count; i++)
        {
            if (!ShowsPublished(figure.Bars[i])) continue;
            var tip = Place(frame, i, figure.Bars[i].Published!.Value, figure.Horizontal ? -barWidth / 2 : barWidth / 2);
            PublishedMarker.Triangle(canvas, tip.X, tip.Y, below: figure.Horizontal);
        }
    }

    // Labels that fit stand inside their segment; the others beside the bar, moved apart, each with a line to its segment.
    void LabelSegments(PlotFrame frame, int index)
    {
        var thin = new List<(string Text, SKPoint Edge)>();
        foreach (var (series, from, to) in Segments(figure.Bars[index]))
        {
            var text = LabelOf(to - from);
            var middle = Place(frame, index, (from + to) / 2);
            var (start, end) = (Place(frame, index, from), Place(frame, index, to));
            var length = figure.Horizontal ? end.X - start.X : start.Y - end.Y;
            var needed = figure.Horizontal ? Lettering.Width(text, Lettering.NoteSize) : Lettering.NoteSize;
            if (length >= needed + InsideMargin) frame.Note(text, middle.X, middle.Y, SKTextAlign.Center, Palette.TextOn(series));
            else thin.Add((text, Place(frame, index, (from + to) / 2, barWidth / 2)));
        }
        if (figure.Horizontal) LabelAbove(frame, thin);
        else LabelBeside(frame, thin);
    }

    // What stands beside a bar ends before the next one.
    float LabelRoom => figure.LabelSegments ? Leader + 2 * LeaderGap + Lettering.Width(LabelOf(ThinExample), Lettering.NoteSize) : 0;

    static void LabelBeside(PlotFrame frame, List<(string Text, SKPoint Edge)> thin)
    {
        thin.Reverse();
        var lowest = frame.Data.Bottom - Lettering.NoteSize / 2;
        var heights = Spread.Apart(thin.Select(label => label.Edge.Y).ToArray(), Lettering.LineHeight(Lettering.NoteSize), lowest);
        for (var i = 0; i < thin.Count; i++)
        {
            var (text, edge) = thin[i];
            frame.Leader(edge.X + 1, edge.Y, edge.X + Leader, heights[i]);
            frame.Note(text, edge.X + Leader + LeaderGap, heights[i], SKTextAlign.Left);
        }
    }

    static void LabelAbove(PlotFrame frame, List<(string Text, SKPoint Edge)> thin)
    {
        var gap = Lettering.Widest(thin.Select(label => label.Text), Lettering.SmallSize) + 5;
        var xs = Spread.Apart(thin.Select(label => label.Edge.X).ToArray(), gap, frame.Data.Right);
        for (var i = 0; i < thin.Count; i++)
        {
            var (text, edge) = thin[i];
            frame.Leader(edge.X, edge.Y - 1, xs[i], edge.Y - 4);
            frame.Note(text, xs[i], edge.Y - 4 - Lettering.SmallSize / 2, SKTextAlign.Center, size: Lettering.SmallSize);
        }
    }

    SKPoint Place(PlotFrame frame, int index, double along, double beside = 0) =>
        figure.Horizontal ? frame.At(along, -across[index] + beside) : frame.At(across[index] + beside, along);

    string LabelOf(double value) =>
        figure.Normalised ? value.ToString("0.0", CultureInfo.InvariantCulture) + " %" : value.ToString("#,0.#", CultureInfo.InvariantCulture);

    IEnumerable<(int Series, double From, double To)> Segments(StackedBar bar)
    {
        var unit = figure.Normalised && bar.Total > 0 ? Percent / bar.Total : 1;
        var from = 0.0;
        for (var series = 0; series < figure.Series.Count; series++)
        {
            var to = from + bar[figure.Series[series]] * unit;
            if (to > from) yield return (series, from, to);
            from = to;
        }
    }

    bool ShowsPublished(StackedBar bar) => bar.Published is not null && !figure.Normalised;

    double End(StackedBar bar) => figure.Normalised ? Percent : bar.Total;

    // The axis reaches so far that what stands behind the end of each bar fits within the plot.
    double Limit(float length, Func<StackedBar, float> behind)
    {
        if (figure.Values.To is { } chosen) return chosen;
        if (figure.Normalised && figure.Bars.All(bar => bar.Annotation.Length == 0)) return Percent;
        const double LeastShareForBar = 0.25;
        var bars = figure.Bars.Select(bar => End(bar) / Math.Max(LeastShareForBar, 1 - behind(bar) / length));
        var published = figure.Bars.Where(ShowsPublished).Select(bar => bar.Published!.Value / (1 - PublishedMarker.Reach / length));
        var limit = bars.Concat(published).DefaultIfEmpty(0).Max();
        return limit > 0 ? limit : 1;
    }

    // Half a bar and a little at both ends of the row of bars.
    const double SideRoom = 0.6;

    float Slots => (float)(Last + 2 * SideRoom);

    double Last => across.Length == 0 ? 0 : across[^1];

    static double[] Across(StackedBars figure)
    {
        var positions = new double[figure.Bars.Count];
        for (var i = 1; i < positions.Length; i++)
            positions[i] = positions[i - 1] + 1 + (figure.Bars[i].Group == figure.Bars[i - 1].Group ? 0 : GroupGap);
        return positions;
    }

    IEnumerable<(string Group, int First, int Last)> Groups()
    {
        for (var first = 0; first < figure.Bars.Count;)
        {
            var last = first;
            while (last + 1 < figure.Bars.Count && figure.Bars[last + 1].Group == figure.Bars[first].Group) last++;
            if (figure.Bars[first].Group.Length > 0) yield return (figure.Bars[first].Group, first, last);
            first = last + 1;
        }
    }
}
