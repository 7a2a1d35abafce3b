using System.Globalization;

namespace UnderBridge.Sim.Evidence;

/// <summary>A number of the model as reports see it: any <see cref="Sourced{T}"/> without its type.</summary>
public interface ISourced
{
    /// <summary>Stable key, such as <c>machine.wrpkru</c>.</summary>
    string Name { get; }

    /// <summary>The value, in the unit.</summary>
    double Number { get; }

    /// <summary>Lower end of its range.</summary>
    double LowNumber { get; }

    /// <summary>Upper end of its range.</summary>
    double HighNumber { get; }

    /// <summary>Such as <c>cycles</c>, <c>lines</c> or <c>KiB</c>.</summary>
    string Unit { get; }

    /// <summary>Why it is believed.</summary>
    Grade Grade { get; }

    /// <summary>Where it stands.</summary>
    Citation Source { get; }

    /// <summary>The published number it was read from, fitted to, or chosen in sight of; null where there is none.</summary>
    string? RestsOn { get; }

    /// <summary>How it came about; may be empty.</summary>
    string Note { get; }
}

/// <summary>A place in the range of a number.</summary>
enum RangeEnd { Value, Low, High }

/// <summary>A value of the model with the reason to believe it.</summary>
/// <param name="Name">Stable key, such as <c>machine.wrpkru</c>. Numbers of one name are one number where cycles are booked.</param>
/// <param name="Value">In the unit.</param>
/// <param name="Unit">Such as <c>cycles</c>, <c>lines</c>, <c>pages</c>, <c>KiB</c>, <c>GHz</c> or <c>ratio</c>.</param>
/// <param name="Grade">Why it is believed.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="Low">Lower end of its range, in the unit; the value itself where the grade needs no range.</param>
/// <param name="High">Upper end of its range, likewise.</param>
/// <param name="RestsOn">The published number it was read from, fitted to, or chosen in sight of; null where there is none.</param>
/// <param name="Note">How it came about; may be empty.</param>
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
