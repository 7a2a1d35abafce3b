using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

/// <summary>The sheet a figure stands on: title, legend, drawing, caption, from top to bottom.</summary>
static class Page
{
    public const int Width = 800, Height = 500;

    const float Margin = 14, Gap = 6;
    const float CaptionFont = 10, LeastCaptionFont = 7;

    // A caption may not push the drawing below two thirds of the page; it is set smaller instead.
    const float MostCaption = Height / 3f;

    public static void Draw(Figure figure, SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        var drawing = Drawing(figure);
        var top = DrawTitle(canvas, figure.Title) + Gap;
        top = Legend.Draw(canvas, drawing.Legend, Margin, Width - Margin, top) + Gap;
        var bottom = DrawCaption(canvas, figure.Caption) - Gap;
        drawing.Draw(canvas, new PixelRect(Margin, Width - Margin, bottom, top));
    }

    static IDrawing Drawing(Figure figure) => figure switch
    {
        StackedBars stacked => new StackedBarsDrawing(stacked),
        GroupedBars grouped => new GroupedBarsDrawing(grouped),
        Reports.Lines lines => new LinesDrawing(lines),
        Reports.HeatMap map => new HeatMapDrawing(map),
        Reports.Matrix matrix => new MatrixDrawing(matrix),
        Tradeoff tradeoff => new TradeoffDrawing(tradeoff),
        Reports.Scatter scatter => new ScatterDrawing(scatter),
        SignedBars signed => new SignedBarsDrawing(signed),
        TornadoChart tornado => new TornadoDrawing(tornado),
        _ => throw new ArgumentException($"no way to draw a {figure.GetType().Name}"),
    };

    static float DrawTitle(SKCanvas canvas, string title)
    {
        var lines = Lettering.Wrap(title, Lettering.TitleSize, Width - 2 * Margin, bold: true);
        var height = Lettering.LineHeight(Lettering.TitleSize);
        Lettering.DrawLines(canvas, lines, Width / 2f, Margin + height / 2, SKTextAlign.Center, Lettering.TitleSize, Lettering.Ink, bold: true);
        return Margin + lines.Count * height;
    }

    static float DrawCaption(SKCanvas canvas, string caption)
    {
        var size = CaptionFont;
        var lines = Lettering.Wrap(caption, size, Width - 2 * Margin);
        while (lines.Count * Lettering.LineHeight(size) > MostCaption && size > LeastCaptionFont)
        {
            size -= 0.5f;
            lines = Lettering.Wrap(caption, size, Width - 2 * Margin);
        }
        var height = Lettering.LineHeight(size);
        var top = Height - Margin - lines.Count * height;
        Lettering.DrawLines(canvas, lines, Margin, top + height / 2, SKTextAlign.Left, size, Lettering.Grey);
        return top;
    }
}
