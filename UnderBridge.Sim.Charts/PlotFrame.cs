using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;
using UnderBridge.Sim.Reports;
using Axis = UnderBridge.Sim.Reports.Axis;

namespace UnderBridge.Sim.Charts;

/// <summary>What all drawings share: a frame open to the top and right, a light grid, axis labels, reference lines.</summary>
sealed class PlotFrame(SKCanvas canvas, PixelRect room) : IDisposable
{
    public const float TickRoom = 18, AxisLabelRoom = 20, Gap = 6;

    // Labels of reference lines stand right of the plot and wrap at this width.
    const float ReferenceLabelRoom = 92;

    const float TickLabelGap = 7;

    static readonly Color gridColor = Color.FromHex("#E4E4E4"), frameColor = Color.FromHex("#444444");

    readonly Plot plot = Inter.NewPlot();

    /// <summary>Where data are drawn, known once the frame is rendered.</summary>
    public PixelRect Data { get; private set; }

    /// <summary>The room left of a standing value axis for its label and numbers.</summary>
    public static float LeftRoom(double low, double high) =>
        Lettering.LabelSize + 3 * Gap + Lettering.Widest([Scale.Text(Math.Round(low, 1)), Scale.Text(Math.Round(high, 1))], Lettering.NoteSize);

    /// <summary>An axis of names: it has neither ticks nor grid, and its names are written by the drawing.</summary>
    public void Named(bool bottom, double low, double high)
    {
        IAxis axis = bottom ? plot.Axes.Bottom : plot.Axes.Left;
        axis.TickGenerator = new NumericManual();
        SetLimits(bottom, low, high);
        if (bottom) plot.Grid.XAxisStyle.IsVisible = false;
        else plot.Grid.YAxisStyle.IsVisible = false;
    }

    public void Numbered(bool bottom, Axis values, double low, double high)
    {
        IAxis axis = bottom ? plot.Axes.Bottom : plot.Axes.Left;
        axis.TickGenerator = new Scale(values).Ticks(low, high, standing: !bottom);
        if (!values.Logarithmic) axis.MinorTickStyle.Length = 0;
        SetLimits(bottom, low, high);
    }

    void SetLimits(bool bottom, double low, double high)
    {
        if (bottom) plot.Axes.SetLimitsX(low, high);
        else plot.Axes.SetLimitsY(low, high);
    }

    /// <summary>Adds something to the plot, over what was added before.</summary>
    public void Add(Action<SKCanvas, Func<double, double, SKPoint>> sketch) => plot.Add.Plottable(new Sketch(sketch));

    public void AddMarker(double x, double y, MarkerStyle style) => plot.Add.Marker(x, y).MarkerStyle = style;

    /// <summary>The area between two curves.</summary>
    public void AddBand(double[] xs, double[] low, double[] high, Color color)
    {
        var band = plot.Add.FillY(xs, low, high);
        band.FillStyle.Color = color;
        band.LineStyle.Width = 0;
        band.MarkerStyle.IsVisible = false;
    }

    /// <summary>A bar of a series between two corners of the plot. It has no outline, which would hide the thinnest ones.</summary>
    public void AddBar(int series, double x1, double y1, double x2, double y2) => Add((canvas, at) =>
    {
        var (a, b) = (at(x1, y1), at(x2, y2));
        Shapes.FillAs(canvas, new SKRect(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.X, b.X), Math.Max(a.Y, b.Y)), series);
    });

    /// <summary>Horizontal lines over the whole plot; <see cref="NameReferences"/> writes their labels after rendering.</summary>
    public void AddReferences(IReadOnlyList<ReferenceLine> references, Scale scale) => Add((canvas, at) =>
    {
        foreach (var reference in references)
        {
            var y = at(0, scale.Position(reference.Value)).Y;
            Shapes.Stroke(canvas, [new(Data.Left, y), new(Data.Right, y)], Lettering.Grey, 1, Dash.Long);
        }
    });

    /// <summary>Lays the axes out with fixed room around the data and renders everything that was added.</summary>
    public void Render(float left, float right, float bottom, float top)
    {
        Data = new PixelRect(room.Left + left, room.Right - right, room.Bottom - bottom, room.Top + top);
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.FrameLineStyle.Color = frameColor;
            axis.MajorTickStyle.Color = frameColor;
            axis.MinorTickStyle.Color = frameColor;
            axis.TickLabelStyle.FontSize = Lettering.NoteSize;
            axis.TickLabelStyle.IsVisible = false;
        }
        plot.Grid.MajorLineColor = gridColor;
        plot.Layout.Fixed(new PixelPadding(left, right, bottom, top));
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Render(canvas, room);
        WriteNumbers();
    }

    public void Dispose() => plot.Dispose();

    void WriteNumbers()
    {
        foreach (var tick in Ticks(plot.Axes.Bottom))
            Note(tick.Label, At(tick.Position, 0).X, Data.Bottom + TickLabelGap + Lettering.NoteSize / 2, SKTextAlign.Center);
        foreach (var tick in Ticks(plot.Axes.Left))
            Note(tick.Label, Data.Left - TickLabelGap, At(0, tick.Position).Y, SKTextAlign.Right);
    }

    static IEnumerable<Tick> Ticks(IAxis axis) => axis.TickGenerator.Ticks.Where(tick => tick.IsMajor && axis.Range.ToCoordinateRange.Contains(tick.Position));

    public SKPoint At(double x, double y)
    {
        var pixel = plot.GetPixel(new Coordinates(x, y));
        return new SKPoint(pixel.X, pixel.Y);
    }

    public void BottomLabel(string text) =>
        Lettering.Draw(canvas, text, Data.HorizontalCenter, room.Bottom - AxisLabelRoom / 2 + 2, SKTextAlign.Center, Lettering.LabelSize, Lettering.Ink);

    public void LeftLabel(string text) =>
        Lettering.Draw(canvas, text, room.Left + Lettering.LabelSize / 2, Data.VerticalCenter, SKTextAlign.Center, Lettering.LabelSize, Lettering.Ink, degrees: -90);

    public void Note(string text, float x, float y, SKTextAlign align, Color? color = null, float size = Lettering.NoteSize, bool bold = false) =>
        Lettering.Draw(canvas, text, x, y, align, size, color ?? Lettering.Ink, bold);

    /// <summary>A thin line from a label to what it names.</summary>
    public void Leader(float x1, float y1, float x2, float y2) => Shapes.Stroke(canvas, [new(x1, y1), new(x2, y2)], Lettering.Grey, 0.8f);

    public void NameReferences(IReadOnlyList<ReferenceLine> references, Scale scale)
    {
        var ordered = references.OrderByDescending(reference => reference.Value).ToArray();
        var wrapped = ordered.Select(reference => Lettering.Wrap(reference.Label, Lettering.SmallSize, ReferenceLabelRoom)).ToArray();
        var line = Lettering.LineHeight(Lettering.SmallSize);
        var gap = wrapped.Select(lines => lines.Count).DefaultIfEmpty(1).Max() * line + 2;
        var heights = Spread.Apart(ordered.Select(reference => At(0, scale.Position(reference.Value)).Y).ToArray(), gap, Data.Bottom);
        for (var i = 0; i < ordered.Length; i++)
            Lettering.DrawLines(canvas, wrapped[i], Data.Right + Gap, heights[i] - (wrapped[i].Count - 1) * line / 2, SKTextAlign.Left, Lettering.SmallSize, Lettering.Grey);
    }

    /// <summary>The room right of the plot that labels of reference lines take.</summary>
    public static float ReferenceRoom(IReadOnlyList<ReferenceLine> references) =>
        references.Count == 0 ? 0 : Gap + Math.Min(ReferenceLabelRoom, Lettering.Widest(references.Select(reference => reference.Label), Lettering.SmallSize));
}
