using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>What is written on the engine compiles against SimSharp too: it uses the listed members, and of the engine's own what EngineOnSimSharp/ has.</summary>
public class OnSimSharpTests
{
    static readonly string[] projects =
    [
        "UnderBridge.Sim/UnderBridge.Sim.csproj", "UnderBridge.Sim.Charts/UnderBridge.Sim.Charts.csproj", "UnderBridge.Cli/UnderBridge.Cli.csproj",
        "UnderBridge.Sim.Benchmarks/Plain/UnderBridge.Sim.Benchmarks.Plain.csproj", "UnderBridge.Sim.Benchmarks/UnderBridge.Sim.Benchmarks.csproj",
    ];

    static IEnumerable<string> Samples() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs").Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal);

    [Test]
    public void The_list_makes_an_assembly() => Assert.That(OnSimSharp.Complaints(OnSimSharp.Package), Is.Empty);

    [TestCaseSource(nameof(projects))]
    public void A_project_compiles_against_the_listed_members_alone(string project) => Assert.That(OnSimSharp.Complaints(OnSimSharp.Project(project)), Is.Empty);

    [TestCaseSource(nameof(projects))]
    public void A_project_on_SimSharp_has_a_lock_file_of_its_own_which_restore_may_write(string project)
    {
        var file = OnSimSharp.File(project);
        Assert.That((file.LockFile, file.IsLocked), Is.EqualTo(("packages.simsharp.lock.json", false)));
    }

    [TestCaseSource(nameof(Samples))]
    public void A_sample_compiles_against_the_listed_members_alone(string sample)
    {
        var file = Path.Combine(Repository.Root, sample);
        Assert.That(OnSimSharp.Complaints(OnSimSharp.Program(File.ReadAllText(file), file)), Is.Empty);
    }

    [Test]
    public void What_the_package_lacks_is_told_by_file_line_and_name()
    {
        const string text = """
            #:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
            var env = new Simulation();
            env.Hold(1);
            env.WatchForStalls();
            env.Log(Event.NewLine);
            """;
        var complaints = OnSimSharp.Complaints(OnSimSharp.Program(text, Path.Combine(Repository.Root, "samples", "new.cs"))).ToArray();
        Assert.That(complaints, Has.Length.EqualTo(2));
        Assert.That(complaints[0], Does.StartWith("samples/new.cs:4: CS1061 ").And.Contain("'WatchForStalls'"));
        Assert.That(complaints[1], Does.StartWith("samples/new.cs:5: CS0117 ").And.Contain("'NewLine'"));
    }
}
