using System.Text.Json;
using UnderBridge.Cli;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Tests.House;
using UnderBridge.Sim.Validation;

namespace UnderBridge.Sim.Tests.Validation;

/// <summary>Fitted numbers are what the tool solves them to be, and what it refuses to solve.</summary>
public class CalibrationTests
{
    // The catalogue keeps three digits after the point.
    const double Tolerance = 0.001;

    static readonly IReadOnlyList<RowSpec> rows = RowReader.Read(Shipped.Catalogue);

    static string Targets(string name) => Path.Combine(Repository.Root, "calibration", name);

    static IReadOnlyList<FittedParameter> Solve(string path) =>
        Calibration.Run(Shipped.Catalogue, rows, CalibrationTargets.Read(path, Shipped.Catalogue, rows, new ErrorList()), [], Environment.ProcessorCount);

    [Test]
    public void The_committed_catalogue_is_what_calibrate_solves()
    {
        var fitted = Solve(Targets("targets.yaml"));
        foreach (var one in fitted)
        {
            Assert.That(one.Value, Is.EqualTo(one.Parameter.Committed.Value).Within(Tolerance), $"commit it as {one.Parameter}");
            foreach (var target in one.Targets) Assert.That(target.Error, Is.Zero.Within(1e-5), target.Row.Id);
        }
        Assert.That(CalibrationReport.Yaml(fitted, "targets.yaml"), Is.EqualTo(File.ReadAllText(Targets("targets.fitted.yaml"))));
    }

    [Test]
    public void Every_fitted_number_of_a_row_is_a_parameter_of_the_committed_targets_and_rests_on_its_target()
    {
        var used = rows.SelectMany(row => row.Prices(Shipped.Catalogue)).Where(number => number.Grade == Grade.Fitted).Select(number => (number.Name, number.RestsOn)).ToHashSet();
        var solved = CalibrationTargets.Read(Targets("targets.yaml"), Shipped.Catalogue, rows, new ErrorList());
        Assert.That(solved.Parameters.Select(parameter => (parameter.Name, parameter.Committed.RestsOn)).Distinct(), Is.EquivalentTo(used));
        Assert.That(solved.Targets.Select(target => target.Published!.Id), Is.EquivalentTo(used.Select(number => number.RestsOn)));
    }

    // The price of the null system call is 231. Increments of other rows put it lower, and predict each other better than 231 does.
    [Test]
    public void What_KPTI_adds_to_fifteen_benchmarks_agrees_on_the_price_of_a_CR3_write()
    {
        var fitted = Solve(Targets("cr3-write.yaml")).Single();
        Assert.That(fitted.Value, Is.InRange(203, 231));
        Assert.That(fitted.Targets, Has.Count.EqualTo(16));
        Assert.That(fitted.Targets.Select(target => Math.Abs(target.LeftOutError!.Value)).Average(), Is.InRange(0.001, 0.03));
        Assert.That(fitted.Targets.All(target => Math.Abs(target.LeftOutError!.Value) >= Math.Abs(target.Error) - 1e-9), "no target is predicted better than it is fitted");
    }

    [Test]
    public void More_parameters_than_published_numbers_are_refused()
    {
        var (exit, output, error) = Calibrate("""
            parameters:
              - {number: machine.cr3-write, machine: i7-6700}
              - {number: sel4-2026.sel4-fastpath.call, machine: i7-6700}
            targets: [sel4bench-call]
            """);
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("targets.yaml:1:1: found 2 parameters for 1 published numbers, expected at most as many parameters as targets"));
    }

    [Test]
    public void Parameters_that_share_too_few_targets_are_refused_though_others_have_plenty()
    {
        var error = Calibrate("""
            parameters:
              - {number: machine.cr3-write, machine: i7-6700}
              - {number: sel4-2026.sel4-fastpath.call, machine: i7-6700, range: [0, 100]}
              - {number: machine.vmfunc, machine: xeon-gold-6138}
            targets: [sel4bench-call, rt-skybridge, rt-monolithic]
            """).Error;
        Assert.That(error, Does.Contain("2 parameters (machine.cr3-write on i7-6700, sel4-2026.sel4-fastpath.call on i7-6700) for the 1 targets they move"));
    }

    [Test]
    public void A_parameter_that_moves_no_target_is_refused() => Assert.That(
        Calibrate("""
            parameters: [{number: machine.vmfunc, machine: i7-6700}]
            targets: [sel4bench-call]
            """).Error, Does.Contain("machine.vmfunc on i7-6700, which no target depends on"));

    [Test]
    public void Everything_wrong_with_a_file_of_targets_is_said_at_once()
    {
        var (exit, _, error) = Calibrate("""
            parameters:
              - {number: machine.cr3-wriet, machine: i7-6700}
              - {number: machine.cr3-write, machine: i7-6701}
              - {number: machine.wrpkru, machine: i7-6700}
              - {number: machine.cr3-write, machine: i7-4770, range: [200, 100], rnage: 3}
            targets: [sel4bench-cal, sel4bench-call, sel4bench-call]
            target: sel4bench-call
            """);
        Assert.That(exit, Is.EqualTo(2));
        foreach (var expected in new[] { "did you mean 'machine.cr3-write'?", "did you mean 'i7-6700'?", "no 'machine.wrpkru' of i7-6700", "the range [200, 100]", "did you mean 'range'?", "did you mean 'sel4bench-call'?", "sel4bench-call twice", "did you mean 'targets'?" })
            Assert.That(error, Does.Contain(expected));
        Assert.That(error.TrimEnd().Split('\n'), Has.All.StartsWith(folder.Path), "each with its place");
    }

    [Test]
    public void JSON_holds_parameters_targets_and_the_error_of_leaving_one_out()
    {
        var (exit, output, _) = Calibrate("""
            parameters: [{number: machine.cr3-write, machine: i7-6700, range: [150, 300]}]
            targets: [sel4bench-call, sel4bench-reply, null-syscall-sel4-skylake-kpti]
            """, "--json");
        Assert.That(exit, Is.Zero);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.That(json.GetProperty("parameters")[0].GetProperty("value").GetDouble(), Is.InRange(213, 231));
        Assert.That(json.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("left_out_error").ValueKind), Is.All.EqualTo(JsonValueKind.Number));
        Assert.That(json.GetProperty("leave_one_out").GetProperty("targets").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public void Solved_numbers_stand_in_a_file_that_is_there_whole_or_not_at_all()
    {
        Calibrate("""
            parameters: [{number: machine.cr3-write, machine: i7-6700, range: [150, 200]}]
            targets: [null-syscall-sel4-skylake-kpti]
            """);
        var written = File.ReadAllText(folder["targets.fitted.yaml"]);
        Assert.That(written, Does.Contain("machine.cr3-write:\n  i7-6700:\n    value: 200\n").And.Contain("grade: fitted").And.Contain("rests-on: null-syscall-sel4-skylake-kpti").And.Contain("residuals: null-syscall-sel4-skylake-kpti −10.4 %"));
        Assert.That(Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "targets.yaml", "targets.fitted.yaml" }));
    }

    [Test]
    public void A_setting_moves_what_is_solved_beside_it()
    {
        const string targets = """
            parameters: [{number: sel4-2026.sel4-fastpath.call, machine: i7-6700, range: [0, 400]}]
            targets: [sel4bench-call-same-space]
            """;
        double Solved(params string[] more) => JsonDocument.Parse(Calibrate(targets, ["--json", .. more]).Output).RootElement.GetProperty("parameters")[0].GetProperty("value").GetDouble();
        Assert.That(Solved("--set", "machine.fpu-disable=238") - Solved(), Is.EqualTo(100).Within(Tolerance));
    }

    TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    (int Exit, string Output, string Error) Calibrate(string text, params string[] more)
    {
        File.WriteAllText(folder["targets.yaml"], text);
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = Tool.Invoke(["calibrate", folder["targets.yaml"], .. more], new Terminal(output, error));
        return (exit, output.ToString(), error.ToString());
    }
}
