using UnderBridge.Cli;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Cli;

/// <summary>What a user of the command line sees, in process.</summary>
public class ToolTests
{
    static readonly string roundTrip = Path.Combine(Repository.Root, "scenarios", "ipc-roundtrip.yaml");

    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("underbridge-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_run_leaves_a_folder_of_results_and_nothing_else()
    {
        var (exit, _, error) = Run("run", roundTrip, "--out", folder);
        Assert.That((exit, error), Is.EqualTo((0, "")));
        Assert.That(Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName), Is.EqualTo(new[] { "ipc-roundtrip" }));
        Assert.That(Directory.EnumerateFiles(Path.Combine(folder, "ipc-roundtrip")).Select(Path.GetFileName), Is.EquivalentTo(new[]
        {
            "resolved.yaml", "results.csv", "results.json", "results.parquet", "report.html", "round-trip.png", "round-trip.svg", "composition.png", "composition.svg",
        }));
    }

    [Test]
    public void All_errors_of_flags_and_files_come_at_once_and_nothing_runs()
    {
        var (exit, output, error) = Run("run", roundTrip, "no-such.yaml", "--out", folder, "--set", "machine.wrpkr=3", "--jobs", "0");
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.Contain("no-such.yaml: found no such file").And.Contain("did you mean 'machine.wrpkru'?").And.Contain("--jobs: found '0'"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
    }

    [Test]
    public void An_output_that_can_not_be_written_fails_the_run_with_one_line()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var (exit, _, error) = Run("run", roundTrip, "--out", file);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_setting_that_changes_nothing_is_answered_with_a_warning()
    {
        var (exit, _, error) = Run("run", roundTrip, "--out", folder, "--set", "machine.ipi=3");
        Assert.That((exit, error.TrimEnd()), Is.EqualTo((0, "warning: ipc-roundtrip: --set machine.ipi=3 changes nothing: every result is the same without it")));
    }

    [Test]
    public void A_run_on_another_machine_says_so_in_its_files_and_figures()
    {
        Assert.That(Run("run", roundTrip, "--out", folder, "--machine", "i7-12700h") is (0, _, ""));
        var (resolved, svg) = (File.ReadAllText(Path.Combine(folder, "ipc-roundtrip", "resolved.yaml")), File.ReadAllText(Path.Combine(folder, "ipc-roundtrip", "round-trip.svg")));
        Assert.That(resolved, Does.Contain("set:\n  machine: i7-12700h\n"));
        Assert.That(svg, Does.Contain("machine=i7-12700h"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "ipc-roundtrip", "results.json")), Does.Contain("\"machine\": \"i7-12700h\""));
        var set = Path.Combine(folder, "set");
        Assert.That(Run("run", roundTrip, "--out", set, "--set", "machine=i7-12700h") is (0, _, ""));
        Assert.That(File.ReadAllText(Path.Combine(set, "ipc-roundtrip", "results.csv")), Is.EqualTo(File.ReadAllText(Path.Combine(folder, "ipc-roundtrip", "results.csv"))));
    }

    [TestCase("run")]
    [TestCase("check")]
    [TestCase("audit")]
    public void A_machine_that_there_is_not_is_refused_with_what_was_meant(string verb)
    {
        var (exit, output, error) = Run(verb, roundTrip, "--machine", "i7-670");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("--machine: found 'i7-670', expected one of ").And.Contain("did you mean 'i7-6700'?"));
    }

    [TestCase("run")]
    [TestCase("check")]
    [TestCase("audit")]
    public void A_machine_that_lacks_what_a_path_takes_is_bad_input(string verb)
    {
        var (exit, _, error) = Run([verb, roundTrip, "--machine", "ryzen-5900x", .. verb == "run" ? new[] { "--out", folder } : []]);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain("ryzen-5900x has no price 'vmfunc'"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
    }

    [TestCase("--set machine=i7-6700 --machine i7-12700h")]
    [TestCase("--machine i7-12700h --set machine=i7-6700")]
    public void A_machine_named_in_two_ways_is_refused(string flags)
    {
        var (exit, output, error) = Run(["run", roundTrip, "--out", folder, .. flags.Split(' ')]);
        Assert.That((exit, output, error.TrimEnd()), Is.EqualTo((2, "", "--machine: found a machine beside '--set machine=i7-6700', expected one of the two")));
    }

    [Test]
    public void A_number_that_other_machines_have_is_explained_on_one_of_them()
    {
        var (exit, _, error) = Run("explain", "machine.vmfunc", "--machine", "ryzen-5900x");
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("explain: found 'machine.vmfunc', which ryzen-5900x does not have, expected --machine one of ").And.Contain("xeon-gold-6138"));
    }

    [Test]
    public void Checking_a_scenario_without_its_traces_says_what_is_wrong_alone()
    {
        var resolved = Path.Combine(folder, "resolved.yaml");
        File.Copy(Path.Combine(Repository.Root, "plots", "sqlite-ycsb-a", "resolved.yaml"), resolved);
        var (exit, output, error) = Run("check", resolved, roundTrip);
        Assert.That((exit, output), Is.EqualTo((2, $"ok {roundTrip}\n")));
        Assert.That(error, Does.Contain("can not be opened"));
    }

    [TestCase("rnu", "did you mean 'run'?")]
    [TestCase("explain sel4-fastpth", "did you mean 'sel4-fastpath'?")]
    [TestCase("run scenarios --sed 3", "--sed")]
    public void A_wrong_word_is_bad_input_with_the_nearest_right_one(string line, string expected)
    {
        var (exit, _, error) = Run(line.Split(' '));
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public void A_path_is_explained_with_its_price_and_the_verdict()
    {
        var (exit, output, _) = Run("explain", "underbridge-gate", "--kpti");
        Assert.That(exit, Is.EqualTo(0));
        Assert.That(output, Does.Contain("Round trip  109 cycles").And.Contain("Verifier    accepts it").And.Contain("slide 9"));
    }

    [Test]
    public void An_imported_trace_is_a_scenario_that_runs()
    {
        var trace = Path.Combine(folder, "cat.strace");
        File.WriteAllText(trace, """
            openat(AT_FDCWD, "/data/a", O_RDWR|O_CREAT, 0644) = 3
            pwrite64(3, ""..., 4096, 0) = 4096
            getxattr("/data/a", "user.x", 0x0, 0) = -1 ENODATA (No data available)
            close(3) = 0

            """);
        var scenario = Path.Combine(folder, "cat.yaml");
        var (imported, listing, problems) = Run("import", "strace", trace, "-o", scenario);
        Assert.That((imported, problems), Is.EqualTo((0, "")));
        Assert.That(listing, Does.Contain("getxattr").And.Contain("no row"));
        Assert.That(Run("run", scenario, "--out", Path.Combine(folder, "out")).Exit, Is.EqualTo(0));
        Assert.That(File.ReadAllText(Path.Combine(folder, "out", "cat", "results.csv")), Does.Contain(",calls.pwrite64,calls,1,"));
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var exit = Tool.Invoke(arguments, new Terminal(output, error));
        return (exit, output.ToString(), error.ToString());
    }
}
