using System.Text;

namespace UnderBridge.Sim.Reports;

/// <summary>results.csv: one line a row, in the order given; RFC 4180 quoting, line feeds, no byte-order mark, an empty field for no number.</summary>
public static class ResultsCsv
{
    public const string Header = "system,base,variant,point,metric,unit,value,low,high,range_low,range_high,published,status";

    static readonly System.Buffers.SearchValues<char> special = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <exception cref="UnwritableFileException">The file can not be written; an older one stays as it was.</exception>
    public static void Write(string path, IEnumerable<ResultRow> rows) => AtomicFile.Write(path, Text(rows));

    public static string Text(IEnumerable<ResultRow> rows)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var row in rows) text.AppendJoin(',', Fields(row)).Append('\n');
        return text.ToString();
    }

    static IEnumerable<string> Fields(ResultRow row) =>
    [
        Quoted(row.System), Quoted(row.Base), Quoted(row.Variant), Quoted(row.Point), Quoted(row.Metric), Quoted(row.Unit),
        Numbers.Text(row.Value), Optional(row.Low), Optional(row.High), Optional(row.RangeLow), Optional(row.RangeHigh),
        Optional(row.Published), Quoted(row.Status),
    ];

    static string Optional(double? value) => value is { } number ? Numbers.Text(number) : "";

    static string Quoted(string field) =>
        field.AsSpan().ContainsAny(special) ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
