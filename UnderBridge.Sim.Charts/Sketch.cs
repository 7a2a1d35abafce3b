using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>
/// Something within the plot that the plotting library can not draw alike on every canvas; <paramref name="draw"/> gets the canvas and where
/// a point of the plot lies on it.
/// </summary>
sealed class Sketch(Action<SKCanvas, Func<double, double, SKPoint>> draw) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    /// <summary>None: the drawing sets the limits of its axes itself.</summary>
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp) => draw(rp.Canvas, (x, y) =>
    {
        var pixel = Axes.GetPixel(new Coordinates(x, y));
        return new SKPoint(pixel.X, pixel.Y);
    });
}
