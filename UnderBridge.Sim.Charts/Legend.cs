using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>One line of a legend: draws its symbol into the area it is given.</summary>
sealed record LegendEntry(string Label, Action<SKCanvas, SKRect> Symbol);

/// <summary>A legend in centred rows of about equal length.</summary>
static class Legend
{
    const float FontSize = 11, SymbolWidth = 18, SymbolHeight = 9, SymbolGap = 5, EntryGap = 14, RowHeight = 15.5f;

    /// <summary>Draws within the room from the given height downwards, and returns where the legend ends.</summary>
    public static float Draw(SKCanvas canvas, IReadOnlyList<LegendEntry> entries, float left, float right, float top)
    {
        foreach (var row in Rows(entries, right - left))
        {
            var x = (left + right - Length(row)) / 2;
            var middle = top + RowHeight / 2;
            foreach (var entry in row)
            {
                entry.Symbol(canvas, new SKRect(x, middle - SymbolHeight / 2, x + SymbolWidth, middle + SymbolHeight / 2));
                Lettering.Draw(canvas, entry.Label, x + SymbolWidth + SymbolGap, middle, SKTextAlign.Left, FontSize, Lettering.Ink);
                x += Length(entry) + EntryGap;
            }
            top += RowHeight;
        }
        return top;
    }

    /// <summary>Bars of a series.</summary>
    public static LegendEntry Area(string label, int series) => new(label, (canvas, area) => Shapes.FillAs(canvas, area, series));

    /// <summary>A curve with its marker, if it has one.</summary>
    public static LegendEntry Curve(string label, Color color, float width, Dash dash, MarkerStyle marker) => new(label, (canvas, area) =>
    {
        Shapes.Stroke(canvas, [new(area.Left, area.MidY), new(area.Right, area.MidY)], color, width, dash);
        Mark(canvas, area, marker);
    });

    /// <summary>Points that no curve joins.</summary>
    public static LegendEntry Point(string label, MarkerStyle marker) => new(label, (canvas, area) => Mark(canvas, area, marker));

    static void Mark(SKCanvas canvas, SKRect area, MarkerStyle marker)
    {
        using var paint = Paint.NewDisposablePaint();
        marker.Render(canvas, new Pixel(area.MidX, area.MidY), paint);
    }

    /// <summary>An error bar.</summary>
    public static LegendEntry Whisker(string label, Action<SKCanvas, float, float, float> draw) =>
        new(label, (canvas, area) => draw(canvas, area.MidX, area.Bottom + 1, area.Top - 1));

    // As few rows as fit, then the narrowest room that needs no more rows.
    static List<List<LegendEntry>> Rows(IReadOnlyList<LegendEntry> entries, float room)
    {
        const float Step = 8;
        var best = Fill(entries, room);
        for (var narrower = room - Step; narrower > 0; narrower -= Step)
        {
            var rows = Fill(entries, narrower);
            if (rows.Count > best.Count) break;
            best = rows;
        }
        return best;
    }

    static List<List<LegendEntry>> Fill(IReadOnlyList<LegendEntry> entries, float room)
    {
        var rows = new List<List<LegendEntry>>();
        foreach (var entry in entries)
        {
            if (rows.Count == 0 || Length(rows[^1]) + EntryGap + Length(entry) > room) rows.Add([]);
            rows[^1].Add(entry);
        }
        return rows;
    }

    static float Length(List<LegendEntry> row) => row.Sum(Length) + (row.Count - 1) * EntryGap;

    static float Length(LegendEntry entry) => SymbolWidth + SymbolGap + Lettering.Width(entry.Label, FontSize);
}
