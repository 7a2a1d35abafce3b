using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>What results.json holds.</summary>
/// <param name="Run">Facts about the run (scenario, seed, version ...), in the order given.</param>
/// <param name="Rows">Those of results.csv.</param>
/// <param name="Tables">What the results rest on.</param>
public sealed record ResultsDocument(
    IReadOnlyList<KeyValuePair<string, string>> Run, IReadOnlyList<ResultRow> Rows, IReadOnlyList<Table> Tables)
{
    /// <summary>The results of a study, with what they rest on.</summary>
    public static ResultsDocument Of(StudyResult study, IReadOnlyList<ResultRow> rows)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new ResultsDocument(Facts(study.Scenario, Study.Version), rows, [StudyTables.Grades(study), StudyTables.Provenance(study)]);
    }

    /// <summary>What results say of their run.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Facts(Scenario scenario, string version) =>
    [
        new("scenario", scenario.Name), new("question", scenario.Question), new("hash", ScenarioWriter.Hash(scenario)),
        new("seed", scenario.Seed.ToString(CultureInfo.InvariantCulture)), new("version", version), new("machine", scenario.MachineInForce),
    ];
}

/// <summary>
/// results.json: the keys of a row are the column names of results.csv, absent numbers are left out. A table is a list of objects, one a
/// row, keyed by its columns.
/// </summary>
public static class ResultsJson
{
    /// <summary>How files that only the simulator reads are written: one line, names as in YAML.</summary>
    internal static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    static readonly JsonWriterOptions layout = new()
    {
        Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="UnwritableFileException">The file can not be written; an older one stays as it was.</exception>
    public static void Write(string path, ResultsDocument document) => AtomicFile.Write(path, Text(document));

    public static string Text(ResultsDocument document)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, layout)) Write(json, document);
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    static void Write(Utf8JsonWriter json, ResultsDocument document)
    {
        json.WriteStartObject();
        json.WriteStartObject("run");
        foreach (var (key, value) in document.Run) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteStartArray("results");
        foreach (var row in document.Rows) Write(json, row);
        json.WriteEndArray();
        json.WriteStartObject("tables");
        foreach (var table in document.Tables) Write(json, table);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ResultRow row)
    {
        json.WriteStartObject();
        json.WriteString("system", row.System);
        json.WriteString("base", row.Base);
        json.WriteString("variant", row.Variant);
        json.WriteString("point", row.Point);
        json.WriteString("metric", row.Metric);
        json.WriteString("unit", row.Unit);
        Write(json, "value", row.Value);
        Write(json, "low", row.Low);
        Write(json, "high", row.High);
        Write(json, "range_low", row.RangeLow);
        Write(json, "range_high", row.RangeHigh);
        Write(json, "published", row.Published);
        json.WriteString("status", row.Status);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is not { } number) return;
        json.WritePropertyName(name);
        json.WriteRawValue(Numbers.Text(number));
    }

    static void Write(Utf8JsonWriter json, Table table)
    {
        json.WriteStartArray(table.Title);
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Count; i++) json.WriteString(table.Columns[i].Name, row[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
