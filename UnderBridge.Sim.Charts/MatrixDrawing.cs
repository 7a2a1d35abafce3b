using ScottPlot;
using SkiaSharp;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

sealed class MatrixDrawing(Reports.Matrix figure) : IDrawing
{
    const float Gap = 4, PanelGap = 16, CellGap = 1.5f, LeastText = 6, MostCellWidth = 96, MostCellHeight = 34;
    const int FewPanels = 3, MostSmallRows = 8;

    // From calm to alarming, in colours that the colour-blind tell apart by lightness too.
    static readonly Color[] shades = [Color.FromHex("#CFE3F1"), Color.FromHex("#F3D9A0"), Color.FromHex("#E08A3C"), Color.FromHex("#A83208")];
    static readonly Color empty = Color.FromHex("#F4F4F4");

    public IReadOnlyList<LegendEntry> Legend =>
        [.. figure.Classes.Select((name, i) => (name, i)).Where(entry => entry.name.Length > 0).Select(entry => new LegendEntry(entry.name, (canvas, area) => Shapes.Fill(canvas, area, ShadeOf(entry.i))))];

    public void Draw(SKCanvas canvas, PixelRect room)
    {
        var across = Across(figure.Panels.Count);
        var down = (figure.Panels.Count + across - 1) / Math.Max(1, across);
        var (width, height) = ((room.Width - (across - 1) * PanelGap) / across, (room.Height - (down - 1) * Gap) / down);
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            var (left, top) = (room.Left + i % across * (width + PanelGap), room.Top + i / across * (height + Gap));
            DrawPanel(canvas, figure.Panels[i], new SKRect(left, top, left + width, top + height));
        }
    }

    static int Across(int panels) => panels switch { <= FewPanels => panels, <= 2 * FewPanels => FewPanels, <= 12 => 4, _ => 5 };

    static void DrawPanel(SKCanvas canvas, MatrixPanel panel, SKRect room)
    {
        var size = panel.Rows.Count > MostSmallRows ? Lettering.SmallSize : Lettering.SmallSize - 0.5f;
        var title = panel.Title.Length == 0 ? 0 : Lettering.LineHeight(Lettering.NoteSize);
        var names = Lettering.Widest(panel.Rows, size) + Gap;
        var cell = Math.Min(MostCellWidth, (room.Width - names) / panel.Columns.Count);
        var heads = panel.Columns.Select(column => Lettering.Wrap(column, size, cell - 2)).ToArray();
        var upright = heads.Any(lines => lines.Any(line => Lettering.Width(line, size) > cell));
        var head = upright ? Lettering.Widest(panel.Columns, size) + Gap : heads.Max(lines => lines.Count) * Lettering.LineHeight(size);
        var (left, top) = (room.Left + names, room.Top + title + head);
        var height = Math.Min(MostCellHeight, (room.Bottom - top) / panel.Rows.Count);
        Lettering.Draw(canvas, panel.Title, left, room.Top + title / 2, SKTextAlign.Left, Lettering.NoteSize, Lettering.Ink, bold: true);
        for (var c = 0; c < panel.Columns.Count; c++)
        {
            var middle = left + (c + 0.5f) * cell;
            if (upright) Lettering.Draw(canvas, panel.Columns[c], middle, top - Gap, SKTextAlign.Left, size, Lettering.Grey, degrees: -90);
            else Lettering.DrawLines(canvas, heads[c], middle, top - (heads[c].Count - 0.5f) * Lettering.LineHeight(size), SKTextAlign.Center, size, Lettering.Grey);
        }
        for (var r = 0; r < panel.Rows.Count; r++)
        {
            var middle = top + (r + 0.5f) * height;
            Lettering.Draw(canvas, panel.Rows[r], left - Gap, middle, SKTextAlign.Right, size, Lettering.Ink);
            for (var c = 0; c < panel.Columns.Count; c++)
                DrawCell(canvas, panel.Cells[r][c], new SKRect(left + c * cell, top + r * height, left + (c + 1) * cell - CellGap, top + (r + 1) * height - CellGap));
        }

    }

    static void DrawCell(SKCanvas canvas, MatrixCell? cell, SKRect area)
    {
        Shapes.Fill(canvas, area, cell is { } known ? ShadeOf(known.Class) : empty);
        if (cell is not { Text.Length: > 0 } written) return;
        var size = Lettering.SmallSize;
        while (size > LeastText && (Lettering.Width(written.Text, size) > area.Width - 2 || Lettering.LineHeight(size) > area.Height + 2)) size -= 0.5f;
        Lettering.Draw(canvas, written.Text, area.MidX, area.MidY, SKTextAlign.Center, size, written.Class == shades.Length - 1 ? Colors.White : Lettering.Ink);
    }

    static Color ShadeOf(int @class) => shades[Math.Min(@class, shades.Length - 1)];
}
