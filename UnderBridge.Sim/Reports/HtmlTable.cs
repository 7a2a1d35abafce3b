using System.Text;

namespace UnderBridge.Sim.Reports;

/// <summary>A table as HTML, without a style of its own but for the alignment of numbers.</summary>
static class HtmlTable
{
    public static string Text(Table table)
    {
        var html = new StringBuilder("<table>\n");
        if (table.Title.Length > 0) html.Append("<caption>").Append(Escape(table.Title)).Append("</caption>\n");
        html.Append("<thead>").Append(Row(table, "th", [.. table.Columns.Select(column => column.Name)])).Append("</thead>\n<tbody>\n");
        foreach (var row in table.Rows) html.Append(Row(table, "td", row)).Append('\n');
        return html.Append("</tbody>\n</table>\n").ToString();
    }

    static string Row(Table table, string cell, IReadOnlyList<string> texts) => $"<tr>{string.Concat(texts.Select((text, i) =>
        $"<{cell}{(table.Columns[i].Alignment == Alignment.Right ? " style=\"text-align:right\"" : "")}>{Escape(text)}</{cell}>"))}</tr>";

    static string Escape(string text) => HtmlPage.Escape(text);
}
