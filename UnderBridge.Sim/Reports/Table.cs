using System.Text;

namespace UnderBridge.Sim.Reports;

/// <summary>The side of a column that its cells stand at.</summary>
public enum Alignment
{
    /// <summary>As texts read best.</summary>
    Left,

    /// <summary>As numbers read best.</summary>
    Right,
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Alignment">The side that its cells stand at.</param>
public sealed record Column(string Name, Alignment Alignment = Alignment.Left);

/// <summary>A table of text. Cells are formatted by whoever fills them.</summary>
public sealed record Table
{
    const string Gap = "  ";

    public Table(string title, IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        foreach (var row in rows)
            if (row.Count != columns.Count)
                throw new ArgumentException($"table '{title}' has {columns.Count} columns but a row of {row.Count} cells");
        Title = title;
        Columns = columns;
        Rows = rows;
    }

    public string Title { get; }
    public IReadOnlyList<Column> Columns { get; }
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <summary>The table without the columns in which no row holds anything; only those of some names, if any are given.</summary>
    internal Table WithoutEmptyColumns(params IReadOnlyList<string> names) =>
        Rows.Count == 0 ? this : Without(i => (names.Count == 0 || names.Contains(Columns[i].Name)) && Rows.All(row => row[i].Length == 0));

    /// <summary>The table without the columns of these names.</summary>
    internal Table Without(params IReadOnlyList<string> names) => Without(i => names.Contains(Columns[i].Name));

    Table Without(Func<int, bool> drop)
    {
        var kept = Enumerable.Range(0, Columns.Count).Where(i => !drop(i)).ToList();
        return new Table(Title, [.. kept.Select(i => Columns[i])], [.. Rows.Select(row => (IReadOnlyList<string>)[.. kept.Select(i => row[i])])]);
    }

    /// <summary>The table for a terminal: columns as wide as their widest cell, a rule under the heading, no trailing blanks, line feeds.</summary>
    public string ToText()
    {
        var widths = Columns.Select((column, i) => Rows.Select(row => Width(row[i])).Append(Width(column.Name)).Max()).ToArray();
        var text = new StringBuilder();
        if (Title.Length > 0) text.Append(Title).Append('\n');
        Append(text, Columns.Select(column => column.Name).ToArray(), widths);
        Append(text, widths.Select(width => new string('-', width)).ToArray(), widths);
        foreach (var row in Rows) Append(text, row, widths);
        return text.ToString();
    }

    void Append(StringBuilder text, IReadOnlyList<string> cells, int[] widths)
    {
        var padded = cells.Select((cell, i) =>
        {
            var blanks = new string(' ', widths[i] - Width(cell));
            return Columns[i].Alignment == Alignment.Right ? blanks + cell : cell + blanks;
        });
        text.Append(string.Join(Gap, padded).TrimEnd()).Append('\n');
    }

    // Counts text elements, so that "é" takes one cell however it is encoded.
    static int Width(string cell) => new System.Globalization.StringInfo(cell).LengthInTextElements;
}
