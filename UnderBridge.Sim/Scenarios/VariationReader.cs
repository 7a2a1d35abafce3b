using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Reads <c>vary</c>: a key with a list of values, or with a range cut into steps.</summary>
static class VariationReader
{
    static readonly Bounds Steps = new(2, 1000);

    enum Scale { Linear, Log }

    public static Variation? Read(YamlMap? map, SettableKeys? keys)
    {
        if (map is null || keys is null) return null;
        var named = map.Required("key", "a key that can be set");
        var name = named?.Text() ?? "";
        var key = keys.Find(name);
        if (key is null && name.Length > 0) named!.Refuse($"'{name}' for 'key'", keys.Expected(name), keys.Nearest(name));
        var values = map.Has("values") ? Listed(map, key) : Ranged(map, key);
        map.Close();
        return new Variation(name, values);
    }

    static List<string> Listed(YamlMap map, SettingKey? key)
    {
        var values = new List<string>();
        var items = map.List("values");
        foreach (var item in items)
        {
            var value = item.Text();
            if (value.Length == 0 || key is null) continue;
            if (!key.Accepts(value)) item.Refuse($"'{value}' for '{key.Name}'", key.Expected, Nearest.To(value, key.Choices));
            else if (values.Contains(Canonical(key, value))) item.Refuse($"the value '{value}' a second time", "each value once");
            else values.Add(Canonical(key, value));
        }
        if (items.Count == 0 && map.Optional("values")!.IsList) map.Optional("values")!.Refuse("no values", "at least one value");
        return values;
    }

    static List<string> Ranged(YamlMap map, SettingKey? key)
    {
        if (!map.Has("from") && !map.Has("to"))
        {
            map.Refuse("neither 'values' nor 'from' and 'to'", "a list of values, or a range with steps");
            map.Optional("steps");
            map.Optional("scale");
            return [];
        }
        var bounds = key?.Bounds ?? Bounds.Any;
        var from = map.Number("from", bounds);
        var to = map.Number("to", bounds);
        var steps = map.Whole("steps", Steps);
        var log = map.OptionalChoice<Scale>("scale") == Scale.Log;
        if (key is { IsNumber: false }) map.Refuse($"a range for '{key.Name}'", $"values, each {key.Expected}");
        if (log && (from <= 0 || to <= 0)) map.Refuse(FormattableString.Invariant($"a logarithmic range from {from} to {to}"), "a range above 0");
        else if (from == to && map.Has("from") && map.Has("to")) map.Refuse(FormattableString.Invariant($"a range from {from} to {to}"), "two different ends");
        return [.. Enumerable.Range(0, steps).Select(step => Format(Point(from, to, (double)step / (steps - 1), log), key is { Whole: true })).Distinct()];
    }

    static double Point(double from, double to, double share, bool log) => log ? from * Math.Pow(to / from, share) : from + (to - from) * share;

    /// <summary>Twelve digits, so that the points of a range read as one would write them.</summary>
    static string Format(double value, bool whole) =>
        whole ? Math.Round(value).ToString(CultureInfo.InvariantCulture)
            : double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    static string Canonical(SettingKey key, string value) =>
        key.IsNumber ? double.Parse(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : value;
}
