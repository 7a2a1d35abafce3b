namespace UnderBridge.Sim.Reports;

/// <summary>
/// A figure as data, without a way to draw it. <paramref name="Title"/> says what is shown, <paramref name="Caption"/> how it came
/// about and how to read it; both are plain text and are wrapped where they are drawn.
/// </summary>
public abstract record Figure(string Title, string Caption);

/// <summary>
/// What an axis measures. Limits that are null follow the data; a logarithmic axis takes positive values only.
/// </summary>
public sealed record Axis(string Label, string Unit = "", bool Logarithmic = false, double? From = null, double? To = null)
{
    /// <summary>The label with its unit in brackets, such as "Round trip (cycles)".</summary>
    public string Text => Unit.Length == 0 ? Label : $"{Label} ({Unit})";
}

/// <summary>Bounds around a value: of confidence, or over assumed ranges.</summary>
public readonly record struct Interval(double Low, double High);

/// <summary>A line across the whole figure at one value of the value axis, such as "native with KPTI" at 1.</summary>
public sealed record ReferenceLine(double Value, string Label);
