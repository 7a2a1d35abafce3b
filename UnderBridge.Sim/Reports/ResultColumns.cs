namespace UnderBridge.Sim.Reports;

/// <summary>Results as columns, an array a column of results.csv: for plots, data frames and column stores. An absent number is null.</summary>
public sealed record ResultColumns
{
    public required IReadOnlyList<string> System { get; init; }
    public required IReadOnlyList<string> Base { get; init; }
    public required IReadOnlyList<string> Variant { get; init; }
    public required IReadOnlyList<string> Point { get; init; }
    public required IReadOnlyList<string> Metric { get; init; }
    public required IReadOnlyList<string> Unit { get; init; }
    public required IReadOnlyList<double> Value { get; init; }
    public required IReadOnlyList<double?> Low { get; init; }
    public required IReadOnlyList<double?> High { get; init; }
    public required IReadOnlyList<double?> RangeLow { get; init; }
    public required IReadOnlyList<double?> RangeHigh { get; init; }
    public required IReadOnlyList<double?> Published { get; init; }
    public required IReadOnlyList<string> Status { get; init; }

    public static ResultColumns Of(IReadOnlyList<ResultRow> rows)
    {
        T[] Column<T>(Func<ResultRow, T> cell) => [.. rows.Select(cell)];
        return new ResultColumns
        {
            System = Column(row => row.System),
            Base = Column(row => row.Base),
            Variant = Column(row => row.Variant),
            Point = Column(row => row.Point),
            Metric = Column(row => row.Metric),
            Unit = Column(row => row.Unit),
            Value = Column(row => row.Value),
            Low = Column(row => row.Low),
            High = Column(row => row.High),
            RangeLow = Column(row => row.RangeLow),
            RangeHigh = Column(row => row.RangeHigh),
            Published = Column(row => row.Published),
            Status = Column(row => row.Status),
        };
    }

    /// <summary>Every column under its name in results.csv, in that order.</summary>
    public IReadOnlyList<(string Name, object Cells)> All =>
    [
        ("system", System), ("base", Base), ("variant", Variant), ("point", Point), ("metric", Metric), ("unit", Unit), ("value", Value), ("low", Low), ("high", High),
        ("range_low", RangeLow), ("range_high", RangeHigh), ("published", Published), ("status", Status),
    ];
}
