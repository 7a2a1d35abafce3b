using System.Text.RegularExpressions;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>
/// C# of an assembly that has the listed members, does nothing, and like the package knows nothing of nullable references. The types out of scope are
/// there by name, because their names clash with those of others.
/// </summary>
static partial class Facade
{
    public static string Source { get; } = Write();

    static string Write() => string.Join('\n',
    [
        "using System; using System.Collections; using System.Collections.Generic; using System.Collections.Specialized; using System.IO;",
        "#pragma warning disable CS0108 // a member that hides another is listed without the word 'new'",
        "namespace SimSharp;",
        .. MemberList.Types.Select(type => Nested(type) is { } outer ? $"partial class {outer} {{ {Declare(type)} }}" : Declare(type)),
        .. MemberList.Others.Select(name => $"public class {name} {{ }}"),
    ]);

    static string? Nested(MemberType type) => type.Name.Contains('.') ? type.Name.Split('.')[0] : null;

    static string Declare(MemberType type)
    {
        var name = type.Name[(type.Name.IndexOf('.') + 1)..];
        if (type.Kind == "enum") return $"public enum {name} {{ {type.Values} }}";
        var keyword = type.Kind.Split(' ')[^1];
        var bases = type.Bases.Count > 0 ? $" : {string.Join(", ", type.Bases)}" : "";
        var constraints = type.Constraints == "" ? "" : $" where {type.Constraints}";
        var members = type.Members.Select(member => Declare(type, member)).Concat(Unlisted(type));
        return $"public {type.Kind[..^keyword.Length]}partial {keyword} {name}{bases}{constraints}\n{{\n  {string.Join("\n  ", members)}\n}}";
    }

    static string Declare(MemberType type, Member member)
    {
        var access = type.IsInterface || member.Modifiers.StartsWith("protected", StringComparison.Ordinal) ? member.Modifiers : $"public {member.Modifiers}";
        var parameters = ParameterNamedEvent().Replace(member.Parameters, "@event");
        var body = type.IsInterface || member.IsAbstract ? ";" : " => throw null;";
        return member.Kind switch
        {
            MemberKind.Constructor => $"{access}{type.SimpleName}({parameters}) {{ }}",
            MemberKind.Property => $"{access}{member.Result} {member.Name} {{ get{body} {(member.Writer == "" ? "" : member.Writer + body)} }}",
            MemberKind.Method => $"{access}{member.Result} {member.Name}({parameters}){body}",
            MemberKind.Operator => $"public static {member.Result} operator {member.Name}({parameters}) => throw null;",
            MemberKind.Event => $"{access}event {member.Result} {member.Name}{(type.IsInterface ? ";" : " { add { } remove { } }")}",
            _ => $"public {member.Result} {member.Name};",
        };
    }

    /// <summary>What a type must have to compile though nobody can use it: a constructor for the types derived here, and explicit members of interfaces.</summary>
    static IEnumerable<string> Unlisted(MemberType type)
    {
        if (type.IsInterface) yield break;
        if (type.Kind.EndsWith("class", StringComparison.Ordinal) && type.Kind != "static class" && !type.Members.Any(member => member is { Kind: MemberKind.Constructor, Parameters: "" }))
            yield return $"internal {type.SimpleName}() {{ }}";
        if (type.Bases.Any(name => name.StartsWith("IEnumerable<", StringComparison.Ordinal))) yield return "IEnumerator IEnumerable.GetEnumerator() => throw null;";
        foreach (var listed in type.Bases.SelectMany(Interfaces).Distinct())
        {
            foreach (var member in listed.Members)
            {
                yield return member.Kind switch
                {
                    MemberKind.Property => $"{member.Result} {listed.Name}.{member.Name} {{ get => throw null; {(member.Writer == "" ? "" : "set => throw null;")} }}",
                    MemberKind.Event => $"event {member.Result} {listed.Name}.{member.Name} {{ add {{ }} remove {{ }} }}",
                    _ => $"{member.Result} {listed.Name}.{member.Name}({member.Parameters}) => throw null;",
                };
            }
        }
    }

    /// <summary>An interface of the list without type parameters, and those it extends.</summary>
    static IEnumerable<MemberType> Interfaces(string name) =>
        MemberList.Types.SingleOrDefault(type => type.IsInterface && type.Name == name && !name.Contains('<')) is { } listed ? listed.Bases.SelectMany(Interfaces).Prepend(listed) : [];

    [GeneratedRegex(@"(?<=\bEvent )event\b")]
    private static partial Regex ParameterNamedEvent();
}
