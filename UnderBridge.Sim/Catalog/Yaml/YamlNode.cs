using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Catalog.Yaml;

/// <summary>A piece of a YAML file, which knows where it stands; lines and columns count from 1.</summary>
abstract class YamlNode(string file, int line, int column)
{
    public string File { get; } = file;
    public int Line { get; } = line;
    public int Column { get; } = column;

    public InputError Error(string found, string expected, string? suggestion = null) => new(File, Line, Column, found, expected, suggestion);

    /// <summary>How the node reads in a message.</summary>
    public abstract string Description { get; }
}

/// <summary>A text, number or flag. <paramref name="plain"/> is false when it stood in quotes, which make it a text.</summary>
sealed class ScalarNode(string file, int line, int column, string text, bool plain) : YamlNode(file, line, column)
{
    const int LongestShown = 60;

    public string Text { get; } = text;
    public bool Plain { get; } = plain;

    public bool IsNothing => Plain && Text is "" or "~" or "null";

    public override string Description => IsNothing ? "nothing" : Plain ? Quote(Text) : $"the text {Quote(Text)}";

    /// <summary>A text in quotes, cut and on one line, for messages.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > LongestShown ? text[..LongestShown] + "..." : text;
        return $"'{shown.ReplaceLineEndings(" ")}'";
    }
}

sealed class ListNode(string file, int line, int column, IReadOnlyList<YamlNode> items) : YamlNode(file, line, column)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override string Description => Items.Count == 0 ? "an empty list" : "a list";
}

/// <summary>Keys with values in the order of the file, each key once.</summary>
sealed class MapNode(string file, int line, int column, IReadOnlyList<MapNode.Entry> entries) : YamlNode(file, line, column)
{
    public sealed record Entry(ScalarNode Key, YamlNode Value);

    public IReadOnlyList<Entry> Entries { get; } = entries;

    public YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

    public override string Description => "a map";
}
