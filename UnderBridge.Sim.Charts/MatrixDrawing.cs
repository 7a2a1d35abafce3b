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
        var down = (figure.Panels.Count + across - 1) / across;
        var size = figure.Panels.Max(panel => panel.Rows.Count) > MostSmallRows ? Lettering.SmallSize : Lettering.SmallSize - 0.5f;
        var names = Lettering.Widest(figure.Panels.SelectMany(panel => panel.Rows), size) + Gap;
        // Panels that share their names are named at the left and at the top of the page only.
        var shared = figure.Panels.All(panel => panel.Rows.SequenceEqual(figure.Panels[0].Rows) && panel.Columns.SequenceEqual(figure.Panels[0].Columns));
        var width = (room.Width - (across - 1) * PanelGap - (shared ? names : across * names)) / across;
        var heads = figure.Panels.Select(panel => new Heads(panel.Columns, Math.Min(MostCellWidth, width / panel.Columns.Count), size)).ToArray();
        var head = heads.Max(one => one.Height);
        var title = figure.Panels.All(panel => panel.Title.Length == 0) ? 0 : Lettering.LineHeight(Lettering.NoteSize);
        var height = (room.Height - (down - 1) * Gap - (shared ? head : down * head)) / down - title;
        var (left, top) = (room.Left + names, room.Top);
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            var (first, above) = (i % across == 0, i < across);
            if (first) left = room.Left + names;
            if (first && i > 0) top += height + title + Gap + (i == across || !shared ? head : 0);
            var cells = SKRect.Create(left, top + title + (above || !shared ? head : 0), width, height);
            var panel = figure.Panels[i];
            WriteTitle(canvas, panel.Title, left, top + title / 2, width);
            if (above || !shared) heads[i].Write(canvas, left, cells.Top);
            DrawCells(canvas, panel, cells, heads[i].Cell, first || !shared ? size : 0);
            left += width + PanelGap + (shared ? 0 : names);
        }
    }

    static int Across(int panels) => panels switch { <= FewPanels => Math.Max(1, panels), <= 2 * FewPanels => FewPanels, <= 12 => 4, _ => 5 };

    static void WriteTitle(SKCanvas canvas, string title, float left, float middle, float width)
    {
        var size = Lettering.NoteSize;
        while (size > LeastText && Lettering.Width(title, size, bold: true) > width + PanelGap - Gap) size -= 0.5f;
        Lettering.Draw(canvas, title, left, middle, SKTextAlign.Left, size, Lettering.Ink, bold: true);
    }

    static void DrawCells(SKCanvas canvas, MatrixPanel panel, SKRect room, float cell, float nameSize)
    {
        var height = Math.Min(MostCellHeight, room.Height / panel.Rows.Count);
        for (var r = 0; r < panel.Rows.Count; r++)
        {
            if (nameSize > 0) Lettering.Draw(canvas, panel.Rows[r], room.Left - Gap, room.Top + (r + 0.5f) * height, SKTextAlign.Right, Math.Min(nameSize, height), Lettering.Ink);
            for (var c = 0; c < panel.Columns.Count; c++)
                DrawCell(canvas, panel.Cells[r][c], new SKRect(room.Left + c * cell, room.Top + r * height, room.Left + (c + 1) * cell - CellGap, room.Top + (r + 1) * height - CellGap));
        }
    }

    /// <summary>The names of columns above their cells: in lines, or upright where a word is too wide.</summary>
    sealed class Heads
    {
        readonly IReadOnlyList<string> columns;
        readonly IReadOnlyList<string>[] lines;
        readonly float size;
        readonly bool upright;

        public Heads(IReadOnlyList<string> columns, float cell, float size)
        {
            (this.columns, this.size, Cell) = (columns, size, cell);
            lines = [.. columns.Select(column => Lettering.Wrap(column, size, cell - 2))];
            upright = lines.Any(wrapped => wrapped.Any(line => Lettering.Width(line, size) > cell));
            Height = upright ? Lettering.Widest(columns, size) + Gap : lines.Max(wrapped => wrapped.Count) * Lettering.LineHeight(size);
        }

        /// <summary>The width of a column.</summary>
        public float Cell { get; }

        public float Height { get; }

        public void Write(SKCanvas canvas, float left, float bottom)
        {
            for (var c = 0; c < columns.Count; c++)
            {
                var middle = left + (c + 0.5f) * Cell;
                if (upright) Lettering.Draw(canvas, columns[c], middle, bottom - Gap, SKTextAlign.Left, size, Lettering.Grey, degrees: -90);
                else Lettering.DrawLines(canvas, lines[c], middle, bottom - (lines[c].Count - 0.5f) * Lettering.LineHeight(size), SKTextAlign.Center, size, Lettering.Grey);
            }
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
