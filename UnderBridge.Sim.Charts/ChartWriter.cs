using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

/// <summary>The files one figure became.</summary>
public readonly record struct ChartFiles(string Png, string Svg);

/// <summary>
/// Draws figures as PNG (1600 by 1000 pixels) and SVG. The same figure gives the same bytes in every culture, with or without fonts installed.
/// </summary>
public static class ChartWriter
{
    const int PngScale = 2;

    /// <summary>Writes <c>folder/stem.png</c> and <c>folder/stem.svg</c>, making the folder if need be.</summary>
    /// <exception cref="UnwritableFileException">A file can not be written; an older one stays as it was.</exception>
    public static ChartFiles Write(Figure figure, string folder, string stem)
    {
        var files = new ChartFiles(Path.Combine(folder, stem + ".png"), Path.Combine(folder, stem + ".svg"));
        AtomicFile.Write(files.Png, Png(figure));
        AtomicFile.Write(files.Svg, Svg(figure));
        return files;
    }

    /// <summary>The figure as a PNG.</summary>
    public static byte[] Png(Figure figure)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Page.Width * PngScale, Page.Height * PngScale));
        surface.Canvas.Scale(PngScale);
        Page.Draw(figure, surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The figure as an SVG document in UTF-8. Letters are outlines; title and caption are also there as text, for search and screen readers.</summary>
    public static byte[] Svg(Figure figure)
    {
        using var stream = new MemoryStream();
        // The document is complete only when its canvas is closed.
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Page.Width, Page.Height), stream)) Page.Draw(figure, canvas);
        return SvgDocument.Finish(stream.ToArray(), figure);
    }
}
