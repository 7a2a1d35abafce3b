using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>
/// Loads a scenario file with what it extends laid under it: maps merge by key, everything else replaces; a map with another <c>kind</c>
/// replaces too. Every value still knows the file it came from.
/// </summary>
static class ScenarioFiles
{
    const string Extends = "extends";

    public static MapNode? Load(string path, ErrorList errors) => WithBases(YamlDocument.Tree(path, errors), [path], errors);

    public static MapNode? Parse(string text, string file, ErrorList errors) => WithBases(YamlTree.Parse(text, file, errors), [file], errors);

    static MapNode? WithBases(MapNode? map, IReadOnlyList<string> chain, ErrorList errors)
    {
        if (map?[Extends] is not { } extends) return map;
        if (extends is not ScalarNode { IsNothing: false } name)
        {
            errors.Add(extends.Error($"{extends.Description} for '{Extends}'", "the name of a scenario file"));
            return null;
        }
        var path = Path.Combine(Path.GetDirectoryName(map.File) ?? "", name.Text);
        if (chain.Any(file => Path.GetFullPath(file) == Path.GetFullPath(path)))
        {
            errors.Add(name.Error($"'{name.Text}', which extends itself ({string.Join(" -> ", chain.Append(path))})", "a scenario that does not lead back here"));
            return null;
        }
        if (!File.Exists(path))
        {
            errors.Add(name.Error($"no file '{name.Text}' for '{Extends}'", "a scenario file, relative to this one", YamlDocument.Sibling(path)));
            return null;
        }
        var below = WithBases(YamlDocument.Tree(path, errors), [.. chain, path], errors);
        return below is null ? null : Merge(Without(below, "name"), Without(map, Extends));
    }

    static MapNode Without(MapNode map, string key) =>
        new(map.File, map.Line, map.Column, [.. map.Entries.Where(entry => entry.Key.Text != key)]);

    static MapNode Merge(MapNode below, MapNode above)
    {
        var entries = below.Entries.Select(entry => above.Entries.FirstOrDefault(over => over.Key.Text == entry.Key.Text) is { } over
            ? over with { Value = MergeValue(entry.Value, over.Value) }
            : entry);
        var added = above.Entries.Where(entry => below[entry.Key.Text] is null);
        return new MapNode(above.File, above.Line, above.Column, [.. entries, .. added]);
    }

    static YamlNode MergeValue(YamlNode below, YamlNode above) =>
        below is MapNode lower && above is MapNode upper && SameKind(lower, upper) ? Merge(lower, upper) : above;

    static bool SameKind(MapNode below, MapNode above) =>
        above["kind"] is not ScalarNode kind || below["kind"] is ScalarNode other && other.Text == kind.Text;
}
