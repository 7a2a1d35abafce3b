using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Sim.Reports;

/// <summary>What a calibration gave: as numbers for the catalogue, as tables, and as JSON.</summary>
static class CalibrationReport
{
    // More digits of a cycle mean nothing.
    const int Digits = 3;

    static readonly JsonWriterOptions layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The solved numbers as the catalogue writes them, by name and machine, graded fitted.</summary>
    public static string Yaml(IReadOnlyList<FittedParameter> fitted, string targets)
    {
        var text = new StringBuilder($"# Written by `underbridge calibrate {targets}`. Do not edit: change the targets and run it again.\n");
        foreach (var byName in fitted.GroupBy(one => one.Parameter.Name))
        {
            text.Append(CultureInfo.InvariantCulture, $"{byName.Key}:\n");
            foreach (var one in byName) Append(text, one);
        }
        return text.ToString();
    }

    static void Append(StringBuilder text, FittedParameter one)
    {
        var first = one.Targets[0].Row.Published!;
        var residuals = one.Targets.Select(target => $"{target.Row.Published!.Id} {ValidationTables.Percent(target.Error)}");
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
              {one.Parameter.Machine}:
                value: {Value(one.Value)}
                unit: {one.Parameter.Committed.Unit}
                grade: fitted
                source: {first.Source.Key}
                at: {Quoted(first.Source.Place)}
                range: [{Value(one.Parameter.Low)}, {Value(one.Parameter.High)}]
                rests-on: {first.Id}
                note: {Quoted($"residuals: {string.Join(", ", residuals)}")}

            """).ReplaceLineEndings("\n"));
    }

    static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>What was solved, beside what is committed.</summary>
    public static Table Parameters(IReadOnlyList<FittedParameter> fitted) => new("Parameters",
        [new("number"), new("machine"), new("committed", Alignment.Right), new("fitted", Alignment.Right), new("range")],
        [.. fitted.Select(one => (IReadOnlyList<string>)[one.Parameter.Name, one.Parameter.Machine, Value(one.Parameter.Committed.Value), Value(one.Value), $"{Value(one.Parameter.Low)} to {Value(one.Parameter.High)}"])]);

    /// <summary>The published numbers, met and left out.</summary>
    public static Table Targets(IReadOnlyList<FittedParameter> fitted) => new("Targets",
        [new("published number"), new("published", Alignment.Right), new("simulated", Alignment.Right), new("residual", Alignment.Right), new("left out", Alignment.Right), new("its error", Alignment.Right)],
        [.. Distinct(fitted).Select(target => (IReadOnlyList<string>)
            [target.Row.Published!.Id, Value(target.Row.Published.Value), Value(target.Simulated), ValidationTables.Percent(target.Error),
             target.LeftOut is { } left ? Value(left) : "", target.LeftOutError is { } error ? ValidationTables.Percent(error) : "not determined"])]);

    /// <summary>The mean absolute error of predicting each target from the others, as a sentence.</summary>
    public static string LeaveOneOut(IReadOnlyList<FittedParameter> fitted)
    {
        var errors = LeftOutErrors(fitted);
        return errors.Count == 0
            ? "Leave-one-out: as many parameters as targets wherever they meet, so no target is predicted by the others."
            : string.Create(CultureInfo.InvariantCulture, $"Leave-one-out: {errors.Count} targets, each predicted from the others, miss by {100 * errors.Average(Math.Abs):0.00} % on average, {100 * errors.Max(Math.Abs):0.00} % at worst.");
    }

    /// <summary><c>{"parameters":[...],"targets":[...],"leave_one_out":{"targets","mean_absolute_error","worst"}}</c>; errors are fractions.</summary>
    public static string Json(IReadOnlyList<FittedParameter> fitted)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, layout))
        {
            json.WriteStartObject();
            json.WriteStartArray("parameters");
            foreach (var one in fitted) Write(json, ("number", one.Parameter.Name), ("machine", one.Parameter.Machine), ("committed", one.Parameter.Committed.Value), ("value", one.Value), ("low", one.Parameter.Low), ("high", one.Parameter.High));
            json.WriteEndArray();
            json.WriteStartArray("targets");
            foreach (var target in Distinct(fitted)) Write(json, ("id", target.Row.Published!.Id), ("published", target.Row.Published.Value), ("simulated", target.Simulated), ("error", target.Error), ("left_out", target.LeftOut), ("left_out_error", target.LeftOutError));
            json.WriteEndArray();
            var errors = LeftOutErrors(fitted);
            json.WritePropertyName("leave_one_out");
            Write(json, ("targets", errors.Count), ("mean_absolute_error", errors.Count == 0 ? null : errors.Average(Math.Abs)), ("worst", errors.Count == 0 ? null : errors.Max(Math.Abs)));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    static void Write(Utf8JsonWriter json, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            if (value is string text) json.WriteStringValue(text);
            else if (value is IConvertible number) json.WriteRawValue(Numbers.Text(number.ToDouble(CultureInfo.InvariantCulture)));
            else json.WriteNullValue();
        }
        json.WriteEndObject();
    }

    static List<double> LeftOutErrors(IReadOnlyList<FittedParameter> fitted) => [.. Distinct(fitted).Select(target => target.LeftOutError).OfType<double>()];

    static IEnumerable<FittedTarget> Distinct(IReadOnlyList<FittedParameter> fitted) => fitted.SelectMany(one => one.Targets).DistinctBy(target => target.Row.Id);

    static string Value(double value) => Numbers.Text(Math.Round(value, Digits));
}
