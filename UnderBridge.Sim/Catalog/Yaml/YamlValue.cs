using System.Globalization;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Catalog.Yaml;

/// <summary>A value of a YAML file, read as the type that is asked for. What does not fit is reported, and reads as a placeholder.</summary>
sealed class YamlValue
{
    internal const string SourcedShape = "a map {value, unit, grade, source, at}, for each number says where it comes from";

    readonly YamlNode node;
    readonly YamlContext context;
    readonly YamlNode place;

    internal YamlValue(YamlNode node, string name, YamlContext context, YamlNode place)
    {
        this.node = node;
        this.context = context;
        this.place = place;
        Name = name;
    }

    /// <summary>The key it stands under; of an item of a list, the key of the list.</summary>
    public string Name { get; }

    public string File => node.File;
    public int Line => node.Line;
    public int Column => node.Column;
    public bool IsScalar => node is ScalarNode { IsNothing: false };
    public bool IsMap => node is MapNode;
    public bool IsList => node is ListNode;

    public string Text()
    {
        if (node is ScalarNode { IsNothing: false } scalar && !string.IsNullOrWhiteSpace(scalar.Text)) return scalar.Text;
        return Wrong("a text", "");
    }

    public double Number(Bounds? bounds = null)
    {
        if (Plain is { } text && TryNumber(text, out var number) && (bounds ?? Bounds.Any).Contains(number)) return number;
        return Wrong($"a number{bounds}", 0.0);
    }

    public int Whole(Bounds? bounds = null)
    {
        if (Plain is { } text && TryWhole(text, out var number) && (bounds ?? Bounds.Any).Contains(number)) return number;
        return Wrong($"a whole number{bounds}", 0);
    }

    public bool Flag() => Plain switch
    {
        "true" => true,
        "false" => false,
        _ => Wrong("true or false", false),
    };

    public TEnum Choice<TEnum>(bool anyCase = false) where TEnum : struct, Enum =>
        Kebab.TryParse<TEnum>(Known(Names<TEnum>(), OneOf(Names<TEnum>()), anyCase), out var value) ? value : default;

    /// <summary>One of some names, or empty when it is none; <paramref name="kind"/> says in messages what they name.</summary>
    public string Choice(IEnumerable<string> names, string kind = "") => Known(names, OneOf(names, kind));

    /// <summary>One of names that are too many to list in a message.</summary>
    internal string Known(IEnumerable<string> names, string expected, bool anyCase = false)
    {
        var letters = anyCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (node is ScalarNode scalar && names.FirstOrDefault(name => letters.Equals(name, scalar.Text)) is { } known) return known;
        return Wrong(expected, "", node is ScalarNode { IsNothing: false } other ? Nearest.To(other.Text, names) : null);
    }

    /// <param name="shape">What messages say is expected.</param>
    public YamlMap Map(string shape = "a map") => node is MapNode map ? new YamlMap(map, Name, File, context) : Wrong(shape, new YamlMap(null, Name, File, context));

    public IReadOnlyList<YamlValue> List() =>
        node is ListNode list ? [.. list.Items.Select(item => new YamlValue(item, Name, context, item))] : Wrong<IReadOnlyList<YamlValue>>("a list", []);

    public Sourced<double> Sourced(string name, string unit, Bounds? bounds = null) => Sourced(name, unit, value => value.Number(bounds));

    public Sourced<int> SourcedWhole(string name, string unit, Bounds? bounds = null) => Sourced(name, unit, value => value.Whole(bounds));

    /// <summary>Reports what is wrong with the value, at its place.</summary>
    public void Refuse(string found, string expected, string? suggestion = null) => context.Errors.Add(node.Error(found, expected, suggestion));

    /// <summary>Reports what is wrong with the key that the value stands under, at the key's place.</summary>
    public void RefuseKey(string found, string expected, string? suggestion = null) => context.Errors.Add(place.Error(found, expected, suggestion));

    internal static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    internal static bool TryWhole(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    internal static string OneOf(IEnumerable<string> names, string kind = "") =>
        $"one of {(kind.Length == 0 ? "" : $"the {kind} ")}{string.Join(", ", names)}";

    internal static IEnumerable<string> Names<TEnum>() where TEnum : struct, Enum => Enum.GetValues<TEnum>().Select(Kebab.Of);

    internal static Sourced<T> NoNumber<T>(string name, string unit) where T : struct, IConvertible, IComparable<T> =>
        new(name, default, unit, Grade.Assumed, new Citation("", ""));

    Sourced<T> Sourced<T>(string name, string unit, Func<YamlValue, T> read) where T : struct, IConvertible, IComparable<T>
    {
        if (node is ScalarNode { IsNothing: false }) return Naked(name, unit, NoNumber<T>(name, unit));
        if (node is not MapNode) return Wrong(SourcedShape, NoNumber<T>(name, unit));
        var map = Map();
        var errorsBefore = context.Errors.Count;
        var value = map.Required("value", "a number") is { } written ? read(written) : default;
        var known = context.Errors.Count == errorsBefore;
        map.Choice("unit", [unit]);
        var grade = map.Choice<Grade>("grade");
        var source = map.Citation();
        var (low, high) = Range(map, value, known, grade, read);
        var number = new Sourced<T>(name, value, unit, grade, source, low, high, map.PublishedId("rests-on"), map.OptionalText("note") ?? "");
        map.Close();
        return number;
    }

    T Naked<T>(string name, string unit, T placeholder)
    {
        Refuse($"the naked number {node.Description} for '{Name}'", $"{SourcedShape} (unit: {unit}; grade: {string.Join(", ", Names<Grade>())})");
        return placeholder;
    }

    (T Low, T High) Range<T>(YamlMap map, T value, bool known, Grade grade, Func<YamlValue, T> read) where T : IComparable<T>
    {
        const string shape = "[low, high] around the value";
        if (map.Optional("range") is not { } range)
        {
            if (grade > Grade.Published) map.Refuse($"no 'range' for a number graded {Kebab.Of(grade)}", shape);
            return (value, value);
        }
        var ends = range.List();
        if (ends.Count != 2)
        {
            if (range.IsList) range.Refuse(FormattableString.Invariant($"a range of {ends.Count} numbers"), shape);
            return (value, value);
        }
        var errorsBefore = context.Errors.Count;
        var (low, high) = (read(ends[0]), read(ends[1]));
        if (context.Errors.Count == errorsBefore && known && (low.CompareTo(value) > 0 || high.CompareTo(value) < 0))
            range.Refuse(FormattableString.Invariant($"the range [{low}, {high}] for the value {value}"), shape);
        return (low, high);
    }

    string? Plain => node is ScalarNode { Plain: true } scalar ? scalar.Text : null;

    T Wrong<T>(string expected, T placeholder, string? suggestion = null)
    {
        Refuse($"{node.Description} for '{Name}'", expected, suggestion);
        return placeholder;
    }
}
