using System.Text.Json;
using UnderBridge.Cli;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Cli;

public class AuditTests
{
    static readonly string roundTrip = Path.Combine(Repository.Root, "scenarios", "ipc-roundtrip.yaml");

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exit = Tool.Invoke(arguments, new Terminal(output, error));
        return (exit, output.ToString(), error.ToString());
    }

    [Test]
    public void An_audit_as_JSON_has_a_row_for_each_design_principal_and_object()
    {
        var (exit, output, error) = Run("audit", roundTrip, "--json");
        Assert.That((exit, error), Is.EqualTo((0, "")));
        var rows = JsonDocument.Parse(output).RootElement.GetProperty("rows").EnumerateArray().ToList();
        foreach (var row in rows)
        {
            Assert.That(row.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "design", "principal", "object", "read", "write", "execute", "call", "because" }));
            Assert.That(new[] { "read", "write", "execute", "call" }.Select(name => row.GetProperty(name).ValueKind), Is.All.AnyOf(JsonValueKind.True, JsonValueKind.False));
            Assert.That(row.GetProperty("because").GetString(), Is.Not.Empty);
        }
        Assert.That(rows.Select(row => row.GetProperty("design").GetString()).Distinct(), Is.EqualTo(new[]
        {
            "monolithic", "underbridge", "skybridge", "sel4/no-kpti", "sel4/kpti", "fiasco/no-kpti", "fiasco/kpti", "zircon",
        }));
        Assert.That(rows.GroupBy(row => (row.GetProperty("design").GetString(), row.GetProperty("principal").GetString(), row.GetProperty("object").GetString())).Where(same => same.Count() > 1), Is.Empty);
        Assert.That(rows.Where(row => row.GetProperty("design").GetString() == "underbridge").Select(row => row.GetProperty("principal").GetString()).Distinct(),
            Is.EqualTo(new[] { "caller", "echo", "stranger", "kernel" }));
    }

    [Test]
    public void An_audit_as_text_says_who_takes_down_whom_and_what_the_design_needs()
    {
        var (exit, output, _) = Run("audit", roundTrip);
        Assert.That(exit, Is.Zero);
        Assert.That(output, Does.Contain("echo takes down caller, stranger, kernel.").And.Contain("echo takes down nobody.").And.Contain("Needs: the kernel is correct; KPTI on."));
    }

    [TestCase("audit no-such.yaml", "no-such.yaml: found no such file")]
    [TestCase("audit", "FILE")]
    public void A_wrong_file_is_told_with_exit_code_2(string arguments, string message)
    {
        var (exit, output, error) = Run(arguments.Split(' '));
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain(message));
    }
}
