using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>What is written on the engine compiles against SimSharp too: it uses the listed members, and of the engine's own what EngineOnSimSharp/ has.</summary>
public class OnSimSharpTests
{
    const string Library = "UnderBridge.Sim/UnderBridge.Sim.csproj";

    static readonly string[] projects =
    [
        Library, "UnderBridge.Sim.Charts/UnderBridge.Sim.Charts.csproj", "UnderBridge.Cli/UnderBridge.Cli.csproj",
        "UnderBridge.Sim.Benchmarks/Plain/UnderBridge.Sim.Benchmarks.Plain.csproj", "UnderBridge.Sim.Benchmarks/UnderBridge.Sim.Benchmarks.csproj",
    ];

    static IEnumerable<string> All() =>
        [.. projects, .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs").Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Test]
    public void The_list_makes_an_assembly() => Assert.That(OnSimSharp.Complaints(OnSimSharp.Package), Is.Empty);

    [TestCaseSource(nameof(All))]
    public void What_is_written_on_the_engine_compiles_against_the_listed_members_alone(string project) =>
        Assert.That(OnSimSharp.Complaints(OnSimSharp.Project(project)), Is.Empty);

    [TestCaseSource(nameof(All))]
    public void On_SimSharp_a_project_has_a_lock_file_of_its_own_which_restore_may_write(string project)
    {
        var file = OnSimSharp.Read(project);
        Assert.That((file.LockFile, file.IsLocked), Is.EqualTo(("packages.simsharp.lock.json", false)));
    }

    [Test]
    public void What_SimSharp_lacks_is_told_by_file_line_and_name()
    {
        const string text = """
            static class Model
            {
                static void Run(Simulation env)
                {
                    env.Hold(1);
                    env.WatchForStalls();
                    env.Timeout(TimeSpan.Zero, delay: 1);
                }
            }
            """;
        var complaints = OnSimSharp.Complaints(OnSimSharp.Project(Library), text, "UnderBridge.Sim/Systems/Model.cs").ToArray();
        Assert.That(complaints, Has.Length.EqualTo(2));
        Assert.That(complaints[0], Does.StartWith("UnderBridge.Sim/Systems/Model.cs:6: CS1061 ").And.Contain("'WatchForStalls'"));
        Assert.That(complaints[1], Does.StartWith("UnderBridge.Sim/Systems/Model.cs:7: CS1744 ").And.Contain("'delay'"));
    }
}
