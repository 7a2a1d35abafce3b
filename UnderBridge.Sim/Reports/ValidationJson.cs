using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using UnderBridge.Sim.Units;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Sim.Reports;

/// <summary>The rows of a validation as <c>{"rows":[{"id","quantity","published","simulated","low","high","status","parameter","source"}]}</c>; <c>published</c> is null where nothing is known.</summary>
static class ValidationJson
{
    static readonly JsonWriterOptions layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(IReadOnlyList<ValidatedRow> rows)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, layout))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (var row in rows) Write(json, row);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    static void Write(Utf8JsonWriter json, ValidatedRow row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Spec.Id);
        json.WriteString("quantity", $"{row.Spec.Quantity} ({row.Spec.Unit})");
        Write(json, "published", row.Spec.Published?.Value);
        Write(json, "simulated", row.Simulated);
        Write(json, "low", row.Low);
        Write(json, "high", row.High);
        json.WriteString("status", Kebab.Of(row.Status));
        json.WriteString("parameter", string.Join(", ", row.Parameters));
        json.WriteString("source", row.Spec.Published is { } published ? $"{published.Source}; {published.Conditions}" : "");
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        if (value is { } number) json.WriteRawValue(Numbers.Text(number));
        else json.WriteNullValue();
    }
}
