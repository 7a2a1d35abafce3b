using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>Standing error bars. A light edge keeps them visible on dark bars.</summary>
static class Whisker
{
    const float ConfidenceWidth = 1.6f, ConfidenceCap = 4, AssumedWidth = 0.9f, AssumedCap = 2.5f, Halo = 1.6f;

    /// <summary>Sampling error: thick, with wide caps.</summary>
    public static void Confidence(SKCanvas canvas, float x, float low, float high) => Draw(canvas, x, low, high, ConfidenceWidth, ConfidenceCap, Dash.Solid);

    /// <summary>Over assumed ranges: thin and dotted, with small caps.</summary>
    public static void Assumed(SKCanvas canvas, float x, float low, float high) => Draw(canvas, x, low, high, AssumedWidth, AssumedCap, Dash.Dots);

    static void Draw(SKCanvas canvas, float x, float low, float high, float width, float cap, Dash dash)
    {
        var halo = Colors.White.WithAlpha(0.7);
        Stem(halo, width + Halo, Dash.Solid);
        Caps(halo, width + Halo);
        Stem(Lettering.Ink, width, dash);
        Caps(Lettering.Ink, width);

        void Stem(Color color, float thickness, Dash pattern) => Shapes.Stroke(canvas, [new(x, low), new(x, high)], color, thickness, pattern);

        void Caps(Color color, float thickness)
        {
            Shapes.Stroke(canvas, [new(x - cap, low), new(x + cap, low)], color, thickness);
            Shapes.Stroke(canvas, [new(x - cap, high), new(x + cap, high)], color, thickness);
        }
    }
}
