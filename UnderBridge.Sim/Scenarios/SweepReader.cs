using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Reads <c>sweep</c>: keys with lists of values or ranges cut into steps, or a Latin hypercube over such axes.</summary>
sealed class SweepReader(YamlMap map, SettableKeys keys)
{
    public const string Hypercube = "latin-hypercube", Seed = "seed", AxesOf = "axes", List = "list", From = "from", To = "to", Scale = "scale";

    const string Shape = "{list: [...]}, or {from, to, steps} with or without 'scale: log'";
    const int MostPoints = 100_000;
    static readonly Bounds Steps = new(2, 1000);

    enum Scaling { Linear, Log }

    public static Sweep? Read(YamlMap? map, SettableKeys? keys) => map is null || keys is null ? null : new SweepReader(map, keys).Read();

    Sweep Read()
    {
        if (map.Has(Hypercube)) return Sampled();
        var axes = Axes(map, sampled: false);
        var points = axes.Aggregate(1.0, (product, axis) => product * ((ListAxis)axis).Values.Count);
        if (points <= MostPoints) return new Sweep(axes);
        map.Refuse(FormattableString.Invariant($"a grid of {points} points"), FormattableString.Invariant($"at most {MostPoints}"));
        return new Sweep([]);
    }

    Sweep Sampled()
    {
        var count = map.Whole(Hypercube, new Bounds(1, MostPoints));
        var seed = map.OptionalWhole(Seed, Bounds.NotNegative) ?? 1;
        var axes = Axes(map.Map(AxesOf), sampled: true);
        map.Close();
        return new Sweep(axes, new LatinHypercube(count, seed));
    }

    List<SweepAxis> Axes(YamlMap from, bool sampled)
    {
        var axes = new List<SweepAxis>();
        foreach (var entry in from.Entries)
        {
            var key = keys.Find(entry.Name);
            if (key is null) entry.RefuseKey($"'{entry.Name}' in a sweep", keys.Expected(entry.Name), keys.Nearest(entry.Name) ?? Nearest.To(entry.Name, [Hypercube]));
            else if (!entry.IsMap) entry.Refuse($"no map for '{entry.Name}'", Shape);
            else if (Axis(entry.Map(), key, sampled) is { } axis) axes.Add(axis);
        }
        if (!from.IsBroken && from.Entries.Count == 0) from.Refuse("a sweep over nothing", "keys that can be set, each with its values");
        return axes;
    }

    static SweepAxis? Axis(YamlMap map, SettingKey key, bool sampled)
    {
        var axis = map.Has(List) ? Listed(map, key) : Ranged(map, key, sampled);
        map.Close();
        return axis;
    }

    static ListAxis? Listed(YamlMap map, SettingKey key)
    {
        var values = new List<string>();
        var items = map.List(List);
        foreach (var item in items)
        {
            var value = item.Text();
            if (value.Length == 0) continue;
            if (!key.Accepts(value)) item.Refuse($"'{value}' for '{key.Name}'", key.Expected, Nearest.To(value, key.Choices));
            else if (values.Contains(Canonical(key, value))) item.Refuse($"the value '{value}' a second time", "each value once");
            else values.Add(Canonical(key, value));
        }
        if (items.Count == 0 && map.Optional(List)!.IsList) map.Optional(List)!.Refuse("no values", "at least one value");
        return values.Count == 0 ? null : new ListAxis(key.Name, values);
    }

    static SweepAxis? Ranged(YamlMap map, SettingKey key, bool sampled)
    {
        if (!map.Has(From) && !map.Has(To))
        {
            map.Refuse($"neither '{List}' nor '{From}' and '{To}' for '{key.Name}'", Shape);
            map.Optional("steps");
            map.Optional(Scale);
            return null;
        }
        var (from, to) = (map.Number(From, key.Bounds), map.Number(To, key.Bounds));
        var steps = sampled ? 0 : map.Whole("steps", Steps);
        var log = map.OptionalChoice<Scaling>(Scale) == Scaling.Log;
        if (!key.IsNumber) map.Refuse($"a range for '{key.Name}'", $"a list, each {key.Expected}");
        if (log && (from <= 0 || to <= 0)) map.Refuse(FormattableString.Invariant($"a logarithmic range from {from} to {to}"), "a range above 0");
        else if (from == to && map.Has(From) && map.Has(To)) map.Refuse(FormattableString.Invariant($"a range from {from} to {to}"), "two different ends");
        else if (key.Whole && (from != Math.Round(from) || to != Math.Round(to)))
            map.Refuse(FormattableString.Invariant($"a range from {from} to {to} for '{key.Name}'"), "whole numbers");
        var range = new RangeAxis(key.Name, from, to, log, key.Whole);
        return sampled ? range : steps < Steps.Low || log && from <= 0 ? null : range.Cut(steps);
    }

    static string Canonical(SettingKey key, string value) =>
        key.IsNumber ? double.Parse(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : value;
}
