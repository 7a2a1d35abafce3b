using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>The engine has the interface of SimSharp: each listed member with just its signature, and in those types nothing else.</summary>
public class EngineSurfaceTests
{
    // What the engine offers in types of its own.
    static readonly Type[] own = [typeof(EngineExtensions), typeof(Signal), typeof(RandomStream), typeof(Resumption), typeof(Waiting), typeof(StallReport), typeof(ItemStore), typeof(SharedResource)];

    static readonly Dictionary<string, (Type Type, MemberType Surface)> engine = typeof(Simulation).Assembly.GetExportedTypes()
        .Where(type => type.Namespace == typeof(Simulation).Namespace && !own.Contains(Outermost(type)))
        .Select(type => (type, Surface.Of(type))).ToDictionary(seen => seen.Item2.Name);

    static IEnumerable<TestCaseData> Listed() => MemberList.Types.Select(type => new TestCaseData(type.Name));

    [TestCaseSource(nameof(Listed))]
    public void A_type_has_every_listed_member_with_its_signature(string name)
    {
        Assert.That(engine.ContainsKey(name), $"{name} is missing");
        Assert.That(Misses(Find(name), engine[name].Surface), Is.Empty);
    }

    [TestCaseSource(nameof(Listed))]
    public void A_type_shows_nothing_that_the_original_does_not_have(string name)
    {
        var listed = Find(name).Members.ToHashSet();
        var extra = engine[name].Surface.Members.Where(member => !listed.Contains(member) && !member.Modifiers.Contains("override", StringComparison.Ordinal));
        Assert.That(extra.Select(member => $"{name}: {member} is not listed"), Is.Empty);
    }

    [Test]
    public void Every_public_type_is_listed_or_one_of_the_engines_own() => Assert.That(engine.Keys, Is.EquivalentTo(MemberList.Types.Select(type => type.Name)));

    [Test]
    public void A_miss_names_the_type_the_listed_member_and_what_is_there_instead()
    {
        var listed = new MemberType("class", "Event", ["IDisposable"], "", "",
        [
            new("virtual ", MemberKind.Method, "Succeed", "object value = null, int priority = 1", "void"), new("", MemberKind.Property, "Nothing", "", "int", "set"),
        ]);
        Assert.That(Misses(listed, engine["Event"].Surface), Is.EqualTo(new[]
        {
            "Event is no IDisposable",
            "Event: virtual Succeed(object value = null, int priority = 1) is missing; there is virtual Succeed(object value = null, int priority = 0)",
            "Event: Nothing: int, set is missing",
        }));
    }

    static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    static MemberType Find(string name) => MemberList.Types.Single(type => type.Name == name);

    static IEnumerable<string> Misses(MemberType listed, MemberType seen)
    {
        var name = listed.Name;
        if (listed.Kind != seen.Kind) yield return $"{name} is a {seen.Kind} in place of a {listed.Kind}";
        if (listed.Constraints != seen.Constraints) yield return $"{name} is for '{seen.Constraints}' in place of '{listed.Constraints}'";
        if (listed.Values != seen.Values) yield return $"{name} has the values {seen.Values} in place of {listed.Values}";
        foreach (var missing in listed.Bases.Except(seen.Bases)) yield return $"{name} is no {missing}";
        foreach (var missing in listed.Members.Except(seen.Members))
        {
            var near = seen.Members.Except(listed.Members).Where(member => member.Name == missing.Name && member.Kind == missing.Kind).Select(member => member.ToString());
            yield return $"{name}: {missing} is missing{(near.Any() ? $"; there is {string.Join(" and ", near)}" : "")}";
        }
    }
}
