using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp.Scripting.Hosting;
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli.Notebooks;

/// <summary>A value as notebooks show it: figures as pictures, tables as HTML, everything as text.</summary>
static class MimeBundle
{
    public static JsonObject Of(object value) => value switch
    {
        Figure figure => new() { ["image/png"] = Convert.ToBase64String(ChartWriter.Png(figure)), ["text/plain"] = figure.Title },
        Table table => new() { ["text/html"] = HtmlTable.Text(table), ["text/plain"] = table.ToText() },
        IEnumerable<ResultRow> rows => Of(StudyTables.Results("", [.. rows])),
        _ => new() { ["text/plain"] = CSharpObjectFormatter.Instance.FormatObject(value) },
    };
}
