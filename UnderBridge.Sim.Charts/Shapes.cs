using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>How a line is dashed: lengths of dash and gap in turn. Empty for a solid line.</summary>
sealed record Dash(params float[] Lengths)
{
    public static readonly Dash Solid = new(), Long = new(8, 5), Short = new(5, 3), Dots = new(2, 2.5f);
}

/// <summary>
/// Lines and areas on a canvas. Dashes and hatches are drawn as geometry: the SVG canvas knows neither path effects nor shaders.
/// </summary>
static class Shapes
{
    const float HatchStep = 5.5f, HatchWidth = 0.9f;

    public static SKColor Of(Color color) => new(color.Red, color.Green, color.Blue, color.Alpha);

    public static void Stroke(SKCanvas canvas, IReadOnlyList<SKPoint> points, Color color, float width, Dash? dash = null)
    {
        using var path = new SKPath();
        path.AddPoly([.. points], close: false);
        using var pen = new SKPaint { IsStroke = true, StrokeWidth = width, StrokeJoin = SKStrokeJoin.Round };
        if (dash is { Lengths.Length: > 0 }) pen.PathEffect = SKPathEffect.CreateDash(dash.Lengths, 0);
        using var outline = pen.GetFillPath(path);
        using var paint = new SKPaint { Color = Of(color), IsAntialias = true };
        canvas.DrawPath(outline, paint);
    }

    public static void Fill(SKCanvas canvas, SKRect area, Color color)
    {
        using var paint = new SKPaint { Color = Of(color), IsAntialias = true };
        canvas.DrawRect(area, paint);
    }

    /// <summary>A closed polygon with an edge around it.</summary>
    public static void Polygon(SKCanvas canvas, IReadOnlyList<SKPoint> corners, Color fill, Color edge, float edgeWidth)
    {
        using var path = new SKPath();
        path.AddPoly([.. corners], close: true);
        using var paint = new SKPaint { Color = Of(fill), IsAntialias = true };
        canvas.DrawPath(path, paint);
        paint.Color = Of(edge);
        paint.IsStroke = true;
        paint.StrokeWidth = edgeWidth;
        canvas.DrawPath(path, paint);
    }

    /// <summary>An area in the fill of a series, with its hatch if it has one.</summary>
    public static void FillAs(SKCanvas canvas, SKRect area, int series)
    {
        Fill(canvas, area, Palette.Of(series));
        var hatch = Palette.HatchOf(series);
        if (hatch == Hatch.None) return;
        var restore = canvas.Save();
        canvas.ClipRect(area);
        var rise = hatch == Hatch.Upright ? 0 : area.Height;
        for (var x = area.Left - rise + HatchStep / 2; x < area.Right + rise; x += HatchStep)
            Stroke(canvas, hatch == Hatch.Falling ? [new(x, area.Top), new(x + rise, area.Bottom)] : [new(x, area.Bottom), new(x + rise, area.Top)],
                Palette.TextOn(series), HatchWidth);
        canvas.RestoreToCount(restore);
    }
}
