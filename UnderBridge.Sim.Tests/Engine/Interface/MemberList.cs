using System.Text.RegularExpressions;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>The project's list of the members of SimSharp that are in scope; simsharp-members.txt explains its notation.</summary>
static partial class MemberList
{
    static readonly string[] lines = Read();

    public static IReadOnlyList<MemberType> Types { get; } = [.. Sections("class", "interface", "struct", "enum").Select(Type)];

    /// <summary>Public types of SimSharp that are not in scope.</summary>
    public static IReadOnlyList<string> Others { get; } = [.. lines.Single(line => line.StartsWith("other ", StringComparison.Ordinal))[6..].Split(", ")];

    static string[] Read()
    {
        using var text = new StreamReader(typeof(MemberList).Assembly.GetManifestResourceStream("simsharp-members.txt")!);
        return [.. text.ReadToEnd().Split('\n').Where(line => line != "" && line[0] is not ('#' or '['))];
    }

    static MemberType Type(string[] section)
    {
        var header = TypeHeader().Match(section[0]);
        if (!header.Success) throw new FormatException($"'{section[0]}' is no type");
        var parts = Split(header.Groups["parts"].Value).SelectMany(name => Sections("part").Single(part => part[0] == $"part {name}").Skip(1));
        return new(header.Groups["kind"].Value, header.Groups["name"].Value, Split(header.Groups["bases"].Value), header.Groups["constraints"].Value, header.Groups["values"].Value,
            [.. parts.Concat(section.Skip(1)).SelectMany(Members)]);
    }

    /// <summary>The lines from each header of one of these kinds up to the next header.</summary>
    static IEnumerable<string[]> Sections(params string[] kinds)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i][0] == ' ' || !kinds.Any(kind => $" {lines[i]}".Contains($" {kind} ", StringComparison.Ordinal))) continue;
            yield return [lines[i], .. lines.Skip(i + 1).TakeWhile(line => line[0] == ' ')];
        }
    }

    static IEnumerable<Member> Members(string line)
    {
        var found = MemberLine().Match(line);
        if (!found.Success) throw new FormatException($"'{line}' is no member");
        string Part(string name) => found.Groups[name].Value;
        var kind = Part("new") != "" ? MemberKind.Constructor
            : Part("operator") != "" ? MemberKind.Operator
            : Part("word") == "event " ? MemberKind.Event
            : Part("word") == "field " ? MemberKind.Field
            : found.Groups["parameters"].Success ? MemberKind.Method : MemberKind.Property;
        var result = found.Groups["result"].Success || kind == MemberKind.Constructor ? Part("result") : "void";
        var names = kind switch { MemberKind.Constructor => [""], MemberKind.Operator => [Part("operator")], _ => Part("names").Split(", ") };
        return names.Select(name => new Member(Part("modifiers"), kind, name, Part("parameters"), result, Part("writer")));
    }

    /// <summary>At the commas that are not inside angle brackets.</summary>
    static string[] Split(string text) => text == "" ? [] : TopLevelComma().Split(text);

    [GeneratedRegex(@"^(?<kind>((sealed|abstract|static) )?(class|interface|struct|enum)) (?<name>[\w.]+(<[^>]+>)?)( : (?<bases>.+?))?( with (?<parts>.+?))?( where (?<constraints>.+))?( \{ (?<values>.+) \})?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"^  (?<modifiers>((protected|static|virtual|abstract|override) )*)((?<new>new)|operator (?<operator>[&|]) |(?<word>(event |field )?)(?<names>\w+(, \w+)*(<\w+>)?))(\((?<parameters>.*)\))?(: (?<result>.+?)(, (?<writer>(protected )?set))?)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex MemberLine();

    [GeneratedRegex(", (?![^<]*>)")]
    private static partial Regex TopLevelComma();
}
