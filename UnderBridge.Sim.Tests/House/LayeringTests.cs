using System.Text.RegularExpressions;

namespace UnderBridge.Sim.Tests.House;

/// <summary>Data flows one way: a room uses only those named before it.</summary>
public partial class LayeringTests
{
    static readonly string[] rooms =
    [
        "Units", "Evidence", "Statistics", "Engine", "Observations", "Hardware", "Paths", "Workloads", "Systems", "Containment", "Catalog", "Scenarios", "Studies", "Validation", "Reports",
    ];

    // Models see the engine through a global using, so its absence shows in the words they use.
    static readonly string[] roomsWithProcesses = ["Engine", "Systems", "Containment"];

    static readonly (string Package, string[] Places)[] packages =
    [
        ("YamlDotNet", ["UnderBridge.Sim/Catalog", "UnderBridge.Sim/Scenarios"]), ("ScottPlot", ["UnderBridge.Sim.Charts"]), ("SkiaSharp", ["UnderBridge.Sim.Charts"]),
        ("System.CommandLine", ["UnderBridge.Cli"]), ("Microsoft.CodeAnalysis", ["UnderBridge.Cli/Notebooks"]), ("NetMQ", ["UnderBridge.Cli/Notebooks"]), ("MathNet.Numerics", ["UnderBridge.Sim/Statistics"]), ("Parquet", ["UnderBridge.Sim/Reports"]),
    ];

    [TestCaseSource(nameof(rooms))]
    public void A_room_uses_only_rooms_before_it(string room)
    {
        var allowed = rooms.Take(Array.IndexOf(rooms, room) + 1).ToHashSet();
        var wrong = Files($"UnderBridge.Sim/{room}").SelectMany(file => RoomName().Matches(File.ReadAllText(file))
            .Where(match => !allowed.Contains(match.Groups[1].Value)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_folder_of_the_library_is_a_known_room()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "UnderBridge.Sim")).Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder is not ("bin" or "obj" or "EngineOnSimSharp"));
        Assert.That(folders, Is.EquivalentTo(rooms));
    }

    [Test]
    public void Only_systems_are_processes()
    {
        var wrong = rooms.Except(roomsWithProcesses).SelectMany(room => Files($"UnderBridge.Sim/{room}"))
            .Where(file => EngineWord().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName);
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void A_package_is_used_only_where_it_belongs()
    {
        var wrong = packages.SelectMany(package => Files("UnderBridge.Sim").Concat(Files("UnderBridge.Sim.Charts")).Concat(Files("UnderBridge.Cli"))
            .Where(file => !package.Places.Any(place => file.StartsWith(Path.Combine(Repository.Root, place) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            .Where(file => File.ReadLines(file).Any(line => line.StartsWith($"using {package.Package}", StringComparison.Ordinal)))
            .Select(file => $"{Path.GetFileName(file)}: {package.Package}"));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void No_type_is_named_for_nothing()
    {
        var wrong = Files("UnderBridge.Sim").Concat(Files("UnderBridge.Sim.Charts")).Concat(Files("UnderBridge.Cli"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => EmptyName().IsMatch(name));
        Assert.That(wrong, Is.Empty);
    }

    static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"using UnderBridge\.Sim\.(\w+)")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"\bnew Simulation\(|\bIEnumerable<Event>|\bEvent\b.*\bWait\(|\.Hold\(")]
    private static partial Regex EngineWord();

    [GeneratedRegex("(Manager|Helper|Helpers|Utils|Info|Base|Impl)$")]
    private static partial Regex EmptyName();
}
