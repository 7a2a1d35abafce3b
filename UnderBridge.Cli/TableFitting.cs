using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli;

/// <summary>Makes tables fit a terminal.</summary>
static class TableFitting
{
    const int Gap = 2, NarrowestText = 16;

    /// <summary>
    /// The table without columns that hold nothing. Where it is too wide, dispensable columns go, in the order given; where it still is, its
    /// widest texts are broken between words. Numbers are never broken.
    /// </summary>
    public static Table Fit(this Table table, int width, params IReadOnlyList<string> dispensable)
    {
        table = table.WithoutEmptyColumns();
        foreach (var name in dispensable.TakeWhile(_ => Total(Natural(table)) > width)) table = table.Without(name);
        return Total(Natural(table)) > width ? Wrapped(table, Narrowed(table, width)) : table;
    }

    static int[] Natural(Table table) =>
        [.. table.Columns.Select((column, i) => table.Rows.Select(row => row[i].Length).Append(column.Name.Length).Max())];

    // A column is no narrower than its longest word, and never so narrow that it only holds that.
    static int[] Least(Table table) => [.. Natural(table).Select((natural, i) => table.Columns[i].Alignment == Alignment.Right
        ? natural
        : table.Rows.SelectMany(row => row[i].Split(' ')).Append(table.Columns[i].Name).Select(word => word.Length).Append(Math.Min(natural, NarrowestText)).Max())];

    static int Total(int[] widths) => widths.Sum() + Gap * (widths.Length - 1);

    static int[] Narrowed(Table table, int width)
    {
        var widths = Natural(table);
        var least = Least(table);
        while (Total(widths) > width)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => widths[i] > least[i]).DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : widths[i]);
            if (widest < 0) break;
            widths[widest]--;
        }
        return widths;
    }

    // A row that does not fit becomes several.
    static Table Wrapped(Table table, int[] widths)
    {
        var rows = table.Rows.SelectMany(row =>
        {
            var cells = row.Select((cell, i) => cell.Length <= widths[i] ? [cell] : Words.Wrap(cell, widths[i])).ToList();
            return Enumerable.Range(0, cells.Max(cell => cell.Count)).Select(line => (IReadOnlyList<string>)[.. cells.Select(cell => line < cell.Count ? cell[line] : "")]);
        });
        return new Table(table.Title, table.Columns, [.. rows]);
    }
}
