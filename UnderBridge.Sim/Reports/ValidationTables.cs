using System.Globalization;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Units;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Sim.Reports;

/// <summary>A validation as tables: one a group, and the errors over all.</summary>
static class ValidationTables
{
    /// <summary>What one row of the summary counts.</summary>
    static readonly IReadOnlyList<(string Title, Func<ValidatedRow, bool> Counts)> Sums =
    [
        ("fitted", row => row.Status == RowStatus.Fitted),
        ("predicted", row => row.Status == RowStatus.Predicted),
        ("predicted and known gaps", row => row.Status is RowStatus.Predicted or RowStatus.KnownGap),
    ];

    /// <summary>What <c>--set</c> moved, whatever it was before: far from its publication or near, it is no evidence.</summary>
    static readonly (string Title, Func<ValidatedRow, bool> Counts) Changed = ("changed", row => row.Status == RowStatus.Changed);

    /// <summary>Rows with a publication, in tables by group.</summary>
    public static IReadOnlyList<Table> Groups(IReadOnlyList<ValidatedRow> rows) => [.. rows.Where(row => row.Spec.Published is not null).GroupBy(row => row.Spec.Group).Select(Group)];

    /// <summary>Rows without one, in tables by group.</summary>
    public static IReadOnlyList<Table> Predictions(IReadOnlyList<ValidatedRow> rows) =>
        [.. rows.Where(row => row.Status == RowStatus.Prediction).GroupBy(row => row.Spec.Group).Select(group => new Table(group.Key,
            [new("id"), new("quantity"), new("simulated", Alignment.Right), new("over ranges", Alignment.Right)],
            [.. group.Select(row => (IReadOnlyList<string>)[row.Spec.Id, row.Spec.Quantity, Value(row, row.Simulated), Bounds(row)])]))];

    /// <summary>Mean and worst error of fitted rows, of predicted rows, of these with the known gaps, and of rows that the user changed, if there are any.</summary>
    public static Table Summary(IReadOnlyList<ValidatedRow> rows) => new("Errors",
        [new("rows"), new("count", Alignment.Right), new("mean absolute error", Alignment.Right), new("worst", Alignment.Right), new("of")],
        [.. (rows.Any(Changed.Counts) ? Sums.Append(Changed) : Sums).Select(sum => Summary(sum.Title, ErrorSummary.Of(rows.Where(sum.Counts)))), ["input", Text(rows.Count(row => row.Status == RowStatus.Input)), "", "", "read back; never evidence"]]);

    /// <summary>How many rows with a publication each setting moves.</summary>
    public static Table Changes(IReadOnlyList<ValidatedRow> rows, IReadOnlyList<Setting> settings) => new("Changed",
        [new("set"), new("published rows that it moves", Alignment.Right)],
        [.. settings.Select(setting => (IReadOnlyList<string>)[$"{setting.Key}={setting.Value}", Text(rows.Count(row => row.Status == RowStatus.Changed && row.Parameters.Contains(setting.Key)))])]);

    static IReadOnlyList<string> Summary(string title, ErrorSummary errors) =>
        [title, Text(errors.Count), Percent(errors.Mean, signed: false), errors.Worst is { } worst ? Percent(worst.Error!.Value) : "", errors.Worst?.Spec.Id ?? ""];

    static Table Group(IGrouping<string, ValidatedRow> group) => new(group.Key,
        [new("id"), new("quantity"), new("published", Alignment.Right), new("simulated", Alignment.Right), new("error", Alignment.Right), new("over ranges", Alignment.Right), new("status"), new("parameter"), new("source")],
        [.. group.Select(row => (IReadOnlyList<string>)
            [row.Spec.Id, row.Spec.Quantity, Value(row, row.Spec.Published!.Value), Value(row, row.Simulated), Percent(row.Error!.Value), row.Status is RowStatus.Fitted or RowStatus.Input ? "" : Bounds(row), Kebab.Of(row.Status), string.Join(", ", row.Parameters), row.Spec.Published.Source.ToString()])]);

    internal static string Percent(double fraction, bool signed = true) => (100 * fraction).ToString(signed ? "+0.0;−0.0;0.0" : "0.0", CultureInfo.InvariantCulture) + " %";

    static string Bounds(ValidatedRow row) => row.High > row.Low ? $"{Value(row, row.Low)} to {Value(row, row.High)}" : "";

    static string Value(ValidatedRow row, double value) => value.ToString(row.Spec.Unit == "cycles" ? "#,0.#" : "0.00", CultureInfo.InvariantCulture);

    static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
