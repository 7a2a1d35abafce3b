using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>How one kind of figure is drawn between its legend and its caption.</summary>
interface IDrawing
{
    /// <summary>What the legend above the drawing lists, in order.</summary>
    IReadOnlyList<LegendEntry> Legend { get; }

    void Draw(SKCanvas canvas, PixelRect room);
}
