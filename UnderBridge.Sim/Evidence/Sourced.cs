using System.Globalization;

namespace UnderBridge.Sim.Evidence;

/// <summary>A number of the model as reports see it: any <see cref="Sourced{T}"/> without its type.</summary>
public interface ISourced
{
    string Name { get; }
    double Number { get; }
    double LowNumber { get; }
    double HighNumber { get; }
    string Unit { get; }
    Grade Grade { get; }
    Citation Source { get; }
    string? RestsOn { get; }
    string Note { get; }
}

/// <summary>A place in the range of a number.</summary>
enum RangeEnd { Value, Low, High }

/// <summary>
/// A value of the model with the reason to believe it. <paramref name="Name"/> is its stable key, such as <c>machine.wrpkru</c>;
/// <paramref name="Low"/> and <paramref name="High"/> bound it, and equal the value where the grade needs no range;
/// <paramref name="RestsOn"/> names the published number it was read from, fitted to, or chosen in sight of, if any.
/// </summary>
public sealed record Sourced<T>(
    string Name, T Value, string Unit, Grade Grade, Citation Source, T Low, T High, string? RestsOn = null, string Note = "") : ISourced
    where T : struct, IConvertible, IComparable<T>
{
    /// <summary>A number without a range, for grades that need none.</summary>
    public Sourced(string name, T value, string unit, Grade grade, Citation source)
        : this(name, value, unit, grade, source, value, value) { }

    public double Number => Value.ToDouble(CultureInfo.InvariantCulture);
    public double LowNumber => Low.ToDouble(CultureInfo.InvariantCulture);
    public double HighNumber => High.ToDouble(CultureInfo.InvariantCulture);

    /// <summary>The number moved to a place in its range.</summary>
    internal Sourced<T> At(RangeEnd end) => end switch
    {
        RangeEnd.Low => this with { Value = Low },
        RangeEnd.High => this with { Value = High },
        _ => this,
    };

    /// <summary>The same quantity as the user set it: an assumption of theirs, without a range.</summary>
    public Sourced<T> Override(T value, string by) => this with
    {
        Value = value, Low = value, High = value, Grade = Grade.Assumed, Source = new Citation("user", by), RestsOn = null, Note = "set by the user",
    };
}
