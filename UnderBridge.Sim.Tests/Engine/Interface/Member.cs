namespace UnderBridge.Sim.Tests.Interface;

enum MemberKind { Constructor, Property, Method, Operator, Event, Field }

/// <summary>A member as the list writes it, whether read there or seen in an assembly.</summary>
/// <param name="Modifiers">Those that matter to who uses or derives, each followed by a space.</param>
/// <param name="Name">With type parameters.</param>
/// <param name="Writer">Of a property: "set", "protected set" or nothing.</param>
sealed record Member(string Modifiers, MemberKind Kind, string Name, string Parameters, string Result, string Writer = "")
{
    public bool IsAbstract => Modifiers.Contains("abstract", StringComparison.Ordinal);

    public override string ToString() => Modifiers + Kind switch
    {
        MemberKind.Constructor => $"new({Parameters})",
        MemberKind.Property => $"{Name}: {Result}{(Writer == "" ? "" : $", {Writer}")}",
        MemberKind.Method => $"{Name}({Parameters}){(Result == "void" ? "" : $": {Result}")}",
        MemberKind.Operator => $"operator {Name} ({Parameters}): {Result}",
        MemberKind.Event => $"event {Name}: {Result}",
        _ => $"field {Name}: {Result}",
    };
}

/// <summary>A type as the list writes it, with the members of its parts among its own.</summary>
/// <param name="Kind">With the modifier: "sealed class".</param>
/// <param name="Name">With type parameters and the type it is nested in: "Report.Builder", "Bounded&lt;T&gt;".</param>
/// <param name="Constraints">Of the type parameters, as in C#.</param>
/// <param name="Values">Of an enumeration: "Min = 1, Max = 2".</param>
sealed record MemberType(string Kind, string Name, IReadOnlyList<string> Bases, string Constraints, string Values, IReadOnlyList<Member> Members)
{
    /// <summary>Without type parameters and enclosing type.</summary>
    public string SimpleName => Name.Split('<')[0].Split('.')[^1];

    public bool IsInterface => Kind == "interface";
}
