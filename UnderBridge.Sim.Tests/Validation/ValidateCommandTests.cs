using System.Text.Json;
using UnderBridge.Cli;

namespace UnderBridge.Sim.Tests.Validation;

/// <summary>What <c>underbridge validate</c> prints and writes.</summary>
public class ValidateCommandTests
{
    [Test]
    public void A_price_that_is_set_moves_the_rows_that_pay_it_and_no_file_is_written()
    {
        using var folder = new TemporaryFolder();
        var (before, after) = (Simulated(), Simulated("--set", "machine.cr3-write=100"));
        Assert.That(before["sel4-2026/i7-6700/kpti/call-cross"] - after["sel4-2026/i7-6700/kpti/call-cross"], Is.EqualTo(2 * 131).Within(1e-6));
        Assert.That(after["underbridge/xeon-gold-6138/round-trip"], Is.EqualTo(109));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void Page_and_figures_are_written_where_asked()
    {
        using var folder = new TemporaryFolder();
        var (exit, output, error) = Run("validate", "--out", folder.Path);
        Assert.That((exit, error.TrimEnd()), Is.EqualTo((0, NoApp)));
        Assert.That(output, Does.Contain("predicted and known gaps").And.Contain("sel4-2026/i7-4770/no-kpti/call-cross"));
        Assert.That(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file).Replace('\\', '/')),
            Is.EquivalentTo(new[] { "docs/validation.md", "plots/validation/scatter.png", "plots/validation/scatter.svg", "plots/validation/errors.png", "plots/validation/errors.svg" }));
    }

    [Test]
    public void Wrong_keys_values_and_flags_are_said_at_once()
    {
        var (exit, output, error) = Run("validate", "--set", "machine.cr3-wriet=3", "--set", "machine.wrpkru=-1", "--jobs", "none");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("did you mean 'machine.cr3-write'?").And.Contain("'-1'").And.Contain("--jobs"));
        (exit, _, error) = Run("validate", "--set", "workload.round-trips=5");
        Assert.That((exit, error), Is.EqualTo((2, "--set workload.round-trips=5: found 'workload.round-trips', expected machine.* or kernel.*, for paths are walked without a workload\n")));
    }

    // Tests run in their own folder, which has no recordings.
    const string NoApp = "warning: validate: rows of SQLite are left out, for there is no scenarios/sqlite-ycsb-a.yaml here";

    static Dictionary<string, double> Simulated(params string[] more)
    {
        var (exit, output, error) = Run(["validate", "--json", .. more]);
        Assert.That((exit, error.TrimEnd()), Is.EqualTo((0, NoApp)));
        return JsonDocument.Parse(output).RootElement.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("id").GetString()!, row => row.GetProperty("simulated").GetDouble());
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = Tool.Invoke(arguments, new Terminal(output, error));
        return (exit, output.ToString(), error.ToString());
    }
}
