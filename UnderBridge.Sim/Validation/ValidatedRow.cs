namespace UnderBridge.Sim.Validation;

/// <summary>What a row is worth as evidence; computed from the numbers that the simulation used.</summary>
enum RowStatus
{
    /// <summary>The publication, or arithmetic on it, read back.</summary>
    Input,

    /// <summary>A number of the model was solved to meet the publication, or chosen in sight of it.</summary>
    Fitted,

    /// <summary>No number of the model rests on the publication.</summary>
    Predicted,

    /// <summary>It misses the publication, for a stated reason.</summary>
    KnownGap,

    /// <summary>No publication is known here.</summary>
    Prediction,

    /// <summary>The user set something that moves it: it is no longer what was fitted, read back or predicted, and claims nothing.</summary>
    Changed,
}

/// <summary>
/// A row with its outcome. <paramref name="Low"/> and <paramref name="High"/> bound the simulation over the ranges of the numbers under it;
/// <paramref name="Parameters"/> names those that rest on the publication, or what the user set where that moves the row.
/// </summary>
sealed record ValidatedRow(RowSpec Spec, double Simulated, double Low, double High, RowStatus Status, IReadOnlyList<string> Parameters)
{
    /// <summary>Simulated over published, less one; null without a publication.</summary>
    public double? Error => Spec.Published is { } published ? Simulated / published.Value - 1 : null;

    /// <summary>True where the publication lies between the bounds.</summary>
    public bool Covers => Spec.Published is { } published && published.Value >= Low && published.Value <= High;
}

/// <summary>How far rows are from their publications: mean and worst of the absolute errors, as fractions.</summary>
sealed record ErrorSummary(int Count, double Mean, ValidatedRow? Worst)
{
    public static ErrorSummary Of(IEnumerable<ValidatedRow> rows)
    {
        var counted = rows.Where(row => row.Error is not null).ToList();
        return counted.Count == 0 ? new ErrorSummary(0, 0, null)
            : new ErrorSummary(counted.Count, counted.Average(row => Math.Abs(row.Error!.Value)), counted.MaxBy(row => Math.Abs(row.Error!.Value)));
    }
}
