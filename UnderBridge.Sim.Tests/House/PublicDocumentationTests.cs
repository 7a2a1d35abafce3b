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

    static readonly string[] rooms = ["Evidence", "Statistics", "Observations", "Hardware", "Paths", "Systems"];

    static IEnumerable<Type> PublicTypes => library.GetExportedTypes().Where(type => rooms.Contains(type.Namespace!.Split('.').Last()));

    [Test]
    public void Every_member_of_a_public_enum_says_what_it_means() => Assert.That(
        PublicTypes.Where(type => type.IsEnum).SelectMany(type => Enum.GetNames(type).Select(name => $"F:{Name(type)}.{name}")).Where(id => !documented.ContainsKey(id)), Is.Empty);

    [Test]
    public void Every_positional_parameter_of_a_public_record_says_what_it_means()
    {
        var parameters = PublicTypes.SelectMany(type => type.GetConstructors().Where(IsPositional).SelectMany(constructor => constructor.GetParameters().Select(one => $"P:{Name(type)}.{one.Name}"))).ToList();
        Assert.That(parameters, Has.Count.GreaterThan(50));
        Assert.That(parameters.Where(id => !documented.ContainsKey(id)), Is.Empty);
    }

    [Test]
    public void What_is_public_is_explained_by_what_is_public()
    {
        var wrong = documented.Where(member => rooms.Contains(RoomOf(member.Key)) && IsPublic(member.Key)).SelectMany(member => member.Value.Descendants().Attributes("cref").Select(cref => (member.Key, cref.Value)))
            .Where(reference => reference.Value[2..].StartsWith("UnderBridge.", StringComparison.Ordinal) && !IsPublic(reference.Value));
        Assert.That(wrong, Is.Empty);
    }

    // The constructor that a record's own parameters make: it is taken apart into the same.
    static bool IsPositional(ConstructorInfo constructor) => constructor.DeclaringType!.GetMethod("Deconstruct") is { } taken
        && constructor.GetParameters().Select(one => one.Name).SequenceEqual(taken.GetParameters().Select(one => one.Name));

    static string RoomOf(string id) => id[2..].Split('.') is [_, _, var room, ..] ? room : "";

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
