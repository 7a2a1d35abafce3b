using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Catalog.Yaml;

/// <summary>
/// A cursor over one map of a YAML file: asks for keys by name and type, and on <see cref="Close"/> reports those nobody asked for. What is
/// missing or wrong is reported to the error list once, and reads as a placeholder (empty, 0, false).
/// </summary>
sealed class YamlMap
{
    readonly MapNode? node;
    readonly string name;
    readonly YamlContext context;
    readonly List<string> asked = [];

    internal YamlMap(MapNode? node, string name, string file, YamlContext context)
    {
        this.node = node;
        this.name = name;
        this.context = context;
        File = file;
    }

    /// <summary>The file, as the user named it.</summary>
    public string File { get; }

    /// <summary>The file's name without folder and extension.</summary>
    public string FileStem => Path.GetFileNameWithoutExtension(File);

    public int Line => node?.Line ?? 0;
    public int Column => node?.Column ?? 0;

    /// <summary>True for the placeholder of a map that could not be read, about which nothing more is reported.</summary>
    public bool IsBroken => node is null;

    /// <summary>Every key of the map in the order of the file, for maps whose keys are free; counts all of them as asked for.</summary>
    public IReadOnlyList<YamlValue> Entries
    {
        get
        {
            if (node is null) return [];
            asked.AddRange(node.Entries.Select(entry => entry.Key.Text));
            return [.. node.Entries.Select(entry => new YamlValue(entry.Value, entry.Key.Text, context, entry.Key))];
        }
    }

    /// <summary>The value of a key; null when the map lacks it.</summary>
    public YamlValue? Optional(string key)
    {
        if (!asked.Contains(key)) asked.Add(key);
        return node?.Entries.FirstOrDefault(entry => entry.Key.Text == key) is { } entry ? new YamlValue(entry.Value, key, context, entry.Key) : null;
    }

    /// <summary>The value of a key; reports that it is missing, and what was expected, when the map lacks it.</summary>
    public YamlValue? Required(string key, string expected)
    {
        var value = Optional(key);
        if (value is null && node is not null) Refuse($"no '{key}'{Under}", expected);
        return value;
    }

    public bool Has(string key) => Optional(key) is not null;

    /// <summary>The value of a key that has no place here, to be refused with a reason; where the map lacks it, nobody asked for it.</summary>
    public YamlValue? Unwanted(string key) => node?.Entries.Any(entry => entry.Key.Text == key) == true ? Optional(key) : null;

    public string Text(string key) => Required(key, "a text")?.Text() ?? "";
    public string? OptionalText(string key) => Optional(key)?.Text();
    public double Number(string key, Bounds? bounds = null) => Required(key, $"a number{bounds}")?.Number(bounds) ?? 0;
    public double? OptionalNumber(string key, Bounds? bounds = null) => Optional(key)?.Number(bounds);
    public int Whole(string key, Bounds? bounds = null) => Required(key, $"a whole number{bounds}")?.Whole(bounds) ?? 0;
    public int? OptionalWhole(string key, Bounds? bounds = null) => Optional(key)?.Whole(bounds);
    public bool Flag(string key) => Required(key, "true or false")?.Flag() ?? false;
    public bool? OptionalFlag(string key) => Optional(key)?.Flag();
    public YamlMap Map(string key, string shape = "a map") => Required(key, shape)?.Map(shape) ?? Broken(key);
    public YamlMap? OptionalMap(string key) => Optional(key)?.Map();
    public IReadOnlyList<YamlValue> List(string key) => Required(key, "a list")?.List() ?? [];
    public IReadOnlyList<YamlValue> OptionalList(string key) => Optional(key)?.List() ?? [];

    /// <summary>One of the values of an enum, in kebab-case.</summary>
    public TEnum Choice<TEnum>(string key) where TEnum : struct, Enum =>
        Required(key, YamlValue.OneOf(YamlValue.Names<TEnum>()))?.Choice<TEnum>() ?? default;

    /// <summary>The same where the key may be missing; <paramref name="anyCase"/> is for acronyms, which many write in capitals.</summary>
    public TEnum? OptionalChoice<TEnum>(string key, bool anyCase = false) where TEnum : struct, Enum => Optional(key)?.Choice<TEnum>(anyCase);

    /// <summary>One of some names; <paramref name="kind"/> says in messages what they name.</summary>
    public string Choice(string key, IEnumerable<string> names, string kind = "") =>
        Required(key, YamlValue.OneOf(names, kind))?.Choice(names, kind) ?? "";

    /// <summary>A number with its evidence, named <c>prefix.key</c>.</summary>
    public Sourced<double> Sourced(string key, string prefix, string unit, Bounds? bounds = null) =>
        Required(key, YamlValue.SourcedShape)?.Sourced($"{prefix}.{key}", unit, bounds) ?? YamlValue.NoNumber<double>($"{prefix}.{key}", unit);

    public Sourced<double>? OptionalSourced(string key, string prefix, string unit, Bounds? bounds = null) =>
        Optional(key)?.Sourced($"{prefix}.{key}", unit, bounds);

    /// <summary>A count with its evidence, named <c>prefix.key</c>.</summary>
    public Sourced<int> SourcedWhole(string key, string prefix, string unit, Bounds? bounds = null) =>
        Required(key, YamlValue.SourcedShape)?.SourcedWhole($"{prefix}.{key}", unit, bounds) ?? YamlValue.NoNumber<int>($"{prefix}.{key}", unit);

    /// <summary>The <c>source</c> and <c>at</c> of this map; the source must be in the bibliography.</summary>
    public Citation Citation()
    {
        var sources = context.Bibliography.Sources;
        var key = Required("source", "the key of a source")?.Known(sources.Keys, "the key of a source in the bibliography") ?? "";
        return new Citation(key, Text("at"));
    }

    /// <summary>The id of a published number under a key, if the map has it.</summary>
    public string? PublishedId(string key) => Optional(key)?.Known(context.Bibliography.Published.Keys, "the id of a published number");

    /// <summary>Reports each key that nobody asked for.</summary>
    public void Close()
    {
        if (node is null) return;
        foreach (var (key, _) in node.Entries.Where(entry => !asked.Contains(entry.Key.Text)))
        {
            var expected = asked.Count == 1 ? $"'{asked[0]}'" : YamlValue.OneOf(asked);
            context.Errors.Add(key.Error($"{ScalarNode.Quote(key.Text)}{Under}", expected, Nearest.To(key.Text, asked)));
        }
    }

    /// <summary>Reports what is wrong with the map as a whole.</summary>
    public void Refuse(string found, string expected, string? suggestion = null)
    {
        if (node is not null) context.Errors.Add(node.Error(found, expected, suggestion));
    }

    string Under => name.Length == 0 ? "" : $" under '{name}'";

    YamlMap Broken(string key) => new(null, key, File, context);
}
