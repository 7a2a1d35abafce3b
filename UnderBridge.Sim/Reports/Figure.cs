namespace UnderBridge.Sim.Reports;

/// <summary>A figure as data, without a way to draw it. Its texts are plain and are wrapped where they are drawn.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="Caption">How it came about and how to read it.</param>
public abstract record Figure(string Title, string Caption)
{
    /// <exception cref="ArgumentException">A value is no number or infinite, and could not be drawn.</exception>
    private protected void CheckFinite(params IEnumerable<double?> values)
    {
        if (values.FirstOrDefault(value => value is { } number && !double.IsFinite(number)) is { } wrong)
            throw new ArgumentException(FormattableString.Invariant($"the figure '{Title}' has the value {wrong}, which is no finite number"));
    }
}

/// <summary>What an axis measures.</summary>
/// <param name="Label">As it is written beside the axis.</param>
/// <param name="Unit">Of its values; may be empty.</param>
/// <param name="Logarithmic">It takes positive values only, and shows their ratios.</param>
/// <param name="From">Where it begins, in the unit; null follows the data.</param>
/// <param name="To">Where it ends, in the unit; null follows the data.</param>
public sealed record Axis(string Label, string Unit = "", bool Logarithmic = false, double? From = null, double? To = null)
{
    /// <summary>The label with its unit in brackets, such as "Round trip (cycles)".</summary>
    public string Text => Unit.Length == 0 ? Label : $"{Label} ({Unit})";
}

/// <summary>Bounds around a value: of confidence, or over assumed ranges.</summary>
/// <param name="Low">Lower bound, in the unit of the value.</param>
/// <param name="High">Upper bound, likewise.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>A line across the whole figure at one value of the value axis, such as "native with KPTI" at 1.</summary>
/// <param name="Value">In the unit of the axis.</param>
/// <param name="Label">What to call it.</param>
public sealed record ReferenceLine(double Value, string Label);
