using System.Globalization;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Sim.Reports;

/// <summary>The figures of plots/validation.</summary>
static class ValidationFigures
{
    const double Band = 0.1;

    // What a reader trusts least comes last, and is drawn over the others.
    static readonly IReadOnlyList<(RowStatus Status, string Name)> Kinds =
    [
        (RowStatus.Predicted, "Predicted"), (RowStatus.KnownGap, "Known gap"), (RowStatus.Fitted, "Fitted"), (RowStatus.Input, "Input, read back"), (RowStatus.Changed, "Changed"),
    ];

    public static IReadOnlyList<(string Name, Figure Figure)> Of(IReadOnlyList<ValidatedRow> rows)
    {
        var published = rows.Where(row => row.Spec.Published is not null).ToList();
        return [("scatter", Scatter(published)), ("errors", Errors(published))];
    }

    static Scatter Scatter(List<ValidatedRow> rows) => new(
        "Simulated against published",
        $"{Summary(rows)} The band is 10 % to both sides. Bars span the ranges of the numbers under a prediction. Input rows are read back and no evidence; ratios are left out.",
        new Axis("Published", "cycles", Logarithmic: true), new Axis("Simulated", "cycles", Logarithmic: true),
        [.. Kinds.Select(kind => new ScatterSeries(kind.Name, [.. rows.Where(row => row.Status == kind.Status && row.Spec.Over is null).Select(Point)])).Where(series => series.Points.Count > 0)])
    {
        Band = Band,
    };

    static ScatterPoint Point(ValidatedRow row) => new(row.Spec.Published!.Value, row.Simulated, row.High > row.Low && row.Low > 0 ? new Interval(row.Low, row.High) : null);

    static SignedBars Errors(List<ValidatedRow> rows)
    {
        var kinds = Kinds.Where(kind => kind.Status != RowStatus.Input).ToList();
        var groups = rows.Where(row => row.Status is RowStatus.Predicted or RowStatus.KnownGap).GroupBy(row => string.Join('/', row.Spec.Id.Split('/').Take(2)))
            .Select(group => new SignedGroup(group.Key, [.. group.Select(row => new SignedBar(100 * row.Error!.Value, kinds.FindIndex(kind => kind.Status == row.Status)))]));
        return new SignedBars("Errors of the predictions",
            $"Simulated over published, less one, a bar for each row that was neither read back nor fitted. {Summary(rows)} The band is 10 % to both sides. Known gaps have their reasons in docs/validation.md.",
            new Axis("Error", "%"), [.. kinds.Take(2).Select(kind => kind.Name)], [.. groups])
        {
            Band = 100 * Band,
        };
    }

    static string Summary(List<ValidatedRow> rows)
    {
        var predicted = ErrorSummary.Of(rows.Where(row => row.Status == RowStatus.Predicted));
        var all = ErrorSummary.Of(rows.Where(row => row.Status is RowStatus.Predicted or RowStatus.KnownGap));
        return string.Create(CultureInfo.InvariantCulture,
            $"{predicted.Count} predictions miss by {100 * predicted.Mean:0.0} % on average; with the {all.Count - predicted.Count} known gaps the mean is {100 * all.Mean:0.0} %.");
    }
}
