using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>The signs for a value of the literature.</summary>
static class PublishedMarker
{
    const float Half = 4, Edge = 1.3f, Clear = 1.5f;

    /// <summary>A triangle beside a bar whose tip points at the value, so that it hides nothing: below a lying bar, right of a standing one.</summary>
    public static void Triangle(SKCanvas canvas, float x, float y, bool below)
    {
        SKPoint[] corners = below
            ? [new(x, y + Clear), new(x + Half, y + Clear + 1.6f * Half), new(x - Half, y + Clear + 1.6f * Half)]
            : [new(x + Clear, y), new(x + Clear + 1.6f * Half, y - Half), new(x + Clear + 1.6f * Half, y + Half)];
        Shapes.Polygon(canvas, corners, Lettering.Ink, Lettering.Ink, 0.5f);
    }

    /// <summary>A white diamond with a dark edge, visible on every colour.</summary>
    public static void Diamond(SKCanvas canvas, float x, float y) =>
        Shapes.Polygon(canvas, [new(x, y - Half), new(x + Half, y), new(x, y + Half), new(x - Half, y)], Colors.White, Lettering.Ink, Edge);

    /// <summary>How far a diamond reaches from its middle.</summary>
    public const float Reach = Half + Edge;
}
