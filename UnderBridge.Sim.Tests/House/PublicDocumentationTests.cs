using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace UnderBridge.Sim.Tests.House;

/// <summary>Who has the package alone reads what its XML documentation says: it speaks of what is public, and says what each value means.</summary>
public partial class PublicDocumentationTests
{
    static readonly Assembly library = typeof(Systems.SimulatedSystem).Assembly;

    static readonly Dictionary<string, XElement> documented = XDocument.Load(Path.ChangeExtension(library.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    static readonly Dictionary<string, Type> types = library.GetExportedTypes().ToDictionary(Name);

    static IEnumerable<Type> PublicTypes => library.GetExportedTypes();

    [Test]
    public void Every_member_of_a_public_enum_says_what_it_means() => Assert.That(
        PublicTypes.Where(type => type.IsEnum).SelectMany(type => Enum.GetNames(type).Select(name => $"F:{Name(type)}.{name}")).Where(id => !documented.ContainsKey(id)), Is.Empty);

    [Test]
    public void Every_positional_parameter_of_a_public_record_says_what_it_means()
    {
        var parameters = PublicTypes.SelectMany(type => type.GetConstructors().Where(IsPositional).SelectMany(constructor => constructor.GetParameters())
            .Where(one => type.GetProperty(one.Name!, BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance) is not null).Select(one => $"P:{Name(type)}.{one.Name}")).ToList();
        Assert.That(parameters, Has.Count.GreaterThan(150));
        Assert.That(string.Join('\n', parameters.Where(id => !documented.ContainsKey(id))), Is.Empty);
    }

    [Test]
    public void What_is_public_is_explained_by_what_is_public()
    {
        var wrong = documented.Where(member => IsPublic(member.Key)).SelectMany(member => member.Value.Descendants().Attributes("cref").Select(cref => (member.Key, cref.Value)))
            .Where(reference => reference.Value[2..].StartsWith("UnderBridge.", StringComparison.Ordinal) && !IsPublic(reference.Value)).Select(reference => $"{reference.Key} names {reference.Value}");
        Assert.That(string.Join('\n', wrong), Is.Empty);
    }

    // The constructor that a record's own parameters make: it is taken apart into the same.
    static bool IsPositional(ConstructorInfo constructor) => constructor.GetParameters().Length > 0 && constructor.DeclaringType!.GetMethods()
        .Any(method => method.Name == "Deconstruct" && constructor.GetParameters().Select(one => one.Name).SequenceEqual(method.GetParameters().Select(one => one.Name)));

    // Whether an id of the documentation, such as M:Name.Space.Type.Member``1(...), is that of a public type or of a public member of one.
    static bool IsPublic(string id)
    {
        var name = Arity().Replace(id[2..].Split('(')[0], "");
        if (types.ContainsKey(name)) return true;
        var dot = name.LastIndexOf('.');
        return types.TryGetValue(name[..dot], out var owner)
            && owner.GetMember(name[(dot + 1)..].Replace('#', '.'), BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Length > 0;
    }

    static string Name(Type type) => type.FullName!.Replace('+', '.');

    [GeneratedRegex("``[0-9]+$")]
    private static partial Regex Arity();
}
