using UnderBridge.Sim.Evidence;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace UnderBridge.Sim.Catalog.Yaml;

/// <summary>
/// Builds the tree of a YAML text from the events of the parser. Takes the part of YAML that says what it means: one document, maps, lists and
/// scalars; refuses tags, anchors, aliases and repeated keys, and goes on after each so that all are reported.
/// </summary>
sealed class YamlTree
{
    const int DeepestNesting = 64;

    readonly string file;
    readonly ErrorList errors;
    readonly Parser parser;

    YamlTree(string text, string file, ErrorList errors)
    {
        this.file = file;
        this.errors = errors;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The map that the text is; null, with an error, when it is not one.</summary>
    public static MapNode? Parse(string text, string file, ErrorList errors)
    {
        var tree = new YamlTree(text, file, errors);
        try
        {
            return tree.Document();
        }
        catch (YamlException broken)
        {
            errors.Add(SyntaxError(broken.Start, broken.Message, text, file));
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // The scanner throws these, without a place, for a key inside an unclosed list and for a tag that is no URI.
            errors.Add(SyntaxError(tree.parser.Current?.Start ?? Mark.Empty, "a bracket, brace, colon or tag is out of place after this", text, file));
        }
        return null;
    }

    MapNode? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            errors.Add(file, "an empty file", "a map of keys");
            return null;
        }
        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out var next)) errors.Add(At(next ?? parser.Current!, "a second document", "one document a file"));
        if (root is MapNode map) return map;
        errors.Add(root.Error(root.Description, "a map of keys"));
        return null;
    }

    YamlNode Node(int depth)
    {
        var start = parser.Current!;
        if (depth > DeepestNesting) throw new YamlException(start.Start, start.End, $"nested deeper than {DeepestNesting} levels");
        if (start is NodeEvent node) RefuseMarks(node);
        switch (start)
        {
            case Scalar scalar:
                parser.MoveNext();
                return ScalarOf(scalar);
            case SequenceStart:
                return List(start, depth);
            case MappingStart:
                return Map(start, depth);
            case AnchorAlias alias:
                parser.MoveNext();
                errors.Add(At(alias, $"the alias '*{alias.Value}'", "the value itself"));
                return new ScalarNode(file, Line(alias), Column(alias), "", plain: true);
            default:
                throw new YamlException(start.Start, start.End, "a value is missing");
        }
    }

    ListNode List(ParsingEvent start, int depth)
    {
        parser.MoveNext();
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return new ListNode(file, Line(start), Column(start), items);
    }

    MapNode Map(ParsingEvent start, int depth)
    {
        parser.MoveNext();
        var entries = new List<MapNode.Entry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not ScalarNode name) errors.Add(key.Error($"{key.Description} as a key", "a name"));
            else if (entries.Find(entry => entry.Key.Text == name.Text) is { } first)
                errors.Add(name.Error($"'{name.Text}' a second time", FormattableString.Invariant($"it once (the first is at line {first.Key.Line})")));
            else entries.Add(new MapNode.Entry(name, value));
        }
        return new MapNode(file, Line(start), Column(start), entries);
    }

    ScalarNode ScalarOf(Scalar scalar) => new(file, Line(scalar), Column(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain);

    void RefuseMarks(NodeEvent node)
    {
        if (!node.Tag.IsEmpty) errors.Add(At(node, $"the tag '{node.Tag}'", "a value without a tag"));
        if (!node.Anchor.IsEmpty) errors.Add(At(node, $"the anchor '&{node.Anchor}'", "a value without an anchor"));
    }

    InputError At(ParsingEvent place, string found, string expected) => new(file, Line(place), Column(place), found, expected);

    static int Line(ParsingEvent place) => (int)place.Start.Line;

    static int Column(ParsingEvent place) => (int)place.Start.Column;

    static InputError SyntaxError(in Mark place, string message, string text, string file)
    {
        var lines = text.Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            var indentation = lines[line].Length - lines[line].TrimStart(' ', '\t').Length;
            var tab = lines[line].IndexOf('\t', 0, indentation);
            if (tab >= 0) return new InputError(file, line + 1, tab + 1, "a tab in the indentation", "spaces");
        }
        var reason = message.TrimEnd('.').ReplaceLineEndings(" ");
        return new InputError(file, (int)place.Line, (int)place.Column, $"a syntax error ({char.ToLowerInvariant(reason[0])}{reason[1..]})", "YAML");
    }
}
