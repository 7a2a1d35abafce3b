using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>
/// Text on a canvas, and how much room it takes. Sizes are in units of the page. Letters are drawn as outlines, so that an SVG looks the same
/// on a machine that has no such font.
/// </summary>
static class Lettering
{
    public const float TitleSize = 15, LabelSize = 12, NameSize = 12, NoteSize = 10.5f, SmallSize = 9.5f;

    public static readonly Color Ink = Color.FromHex("#1A1A1A"), Grey = Color.FromHex("#555555");

    // A line is this many times as high as its letters are large.
    const float Leading = 1.3f;

    public static float LineHeight(float size) => size * Leading;

    public static float Width(string text, float size, bool bold = false)
    {
        using var font = Font(size, bold);
        return font.MeasureText(text);
    }

    public static float Widest(IEnumerable<string> texts, float size, bool bold = false) =>
        texts.Select(text => Width(text, size, bold)).DefaultIfEmpty(0).Max();

    /// <summary>Breaks at blanks so that lines fit; a word wider than the room gets a line of its own.</summary>
    public static IReadOnlyList<string> Wrap(string text, float size, float room, bool bold = false)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length > 0 && Width(longer, size, bold) > room)
                {
                    lines.Add(line);
                    line = word;
                }
                else line = longer;
            }
            if (line.Length > 0) lines.Add(line);
        }
        return lines;
    }

    /// <summary>Lines one below the other; the first is centred vertically on y.</summary>
    public static void DrawLines(
        SKCanvas canvas, IReadOnlyList<string> lines, float x, float y, SKTextAlign align, float size, Color color, bool bold = false)
    {
        for (var i = 0; i < lines.Count; i++) Draw(canvas, lines[i], x, y + i * LineHeight(size), align, size, color, bold);
    }

    /// <summary>One line, centred vertically on y by the height of its capitals, turned by some degrees about (x, y).</summary>
    public static void Draw(
        SKCanvas canvas, string text, float x, float y, SKTextAlign align, float size, Color color, bool bold = false, float degrees = 0)
    {
        if (text.Length == 0) return;
        using var font = Font(size, bold);
        using var glyphs = font.GetTextPath(text, new SKPoint(-Offset(font, text, align), font.Metrics.CapHeight / 2));
        using var paint = new SKPaint { Color = Shapes.Of(color), IsAntialias = true };
        var restore = canvas.Save();
        canvas.Translate(x, y);
        if (degrees != 0) canvas.RotateDegrees(degrees);
        canvas.DrawPath(glyphs, paint);
        canvas.RestoreToCount(restore);
    }

    static float Offset(SKFont font, string text, SKTextAlign align) => align switch
    {
        SKTextAlign.Center => font.MeasureText(text) / 2,
        SKTextAlign.Right => font.MeasureText(text),
        _ => 0,
    };

    static SKFont Font(float size, bool bold) =>
        new(Inter.Typeface(bold), size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };
}
