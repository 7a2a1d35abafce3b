using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Studies;

/// <summary>A study in code is the scenario file that says the same, met with the same checks.</summary>
public class StudyInCodeTests
{
    static readonly string[] roundTrips =
        ["monolithic", "underbridge", "skybridge", "sel4 without kpti", "sel4 with kpti", "fiasco without kpti", "fiasco with kpti", "zircon"];
    static readonly string[] two = ["underbridge", "sel4 with kpti"];
    static readonly PingPong few = new() { WarmUp = 20, RoundTrips = 30 };
    static readonly StudyOptions options = new() { Catalogue = Shipped.Catalogue };

    [Test]
    public void A_comparison_gives_the_rows_of_the_scenario_file()
    {
        var study = Study.Compare("xeon-gold-6138", roundTrips, options: options);
        Assert.That(ResultsCsv.Text(StudyRows.Of(study)), Is.EqualTo(ResultsCsv.Text(FileRows("ipc-roundtrip"))));
    }

    [TestCase("machine.wrpkru=128")]
    [TestCase("workload.round-trips=300")]
    [TestCase("kernel.pcid=true")]
    public void Settings_do_what_they_do_on_the_command_line(string setting)
    {
        var study = Study.Compare("xeon-gold-6138", roundTrips, options: options with { Settings = [setting] });
        Assert.That(ResultsCsv.Text(StudyRows.Of(study)), Is.EqualTo(ResultsCsv.Text(FileRows("ipc-roundtrip", setting))));
    }

    [Test]
    public void A_sweep_gives_at_each_point_the_rows_of_the_file_with_its_values_set()
    {
        const string brief = "workload.round-trips=50";
        ListAxis[] axes = [new("machine.wrpkru", ["11", "128"]), new("machine.cr3-write", ["100", "231"])];
        var rows = StudyRows.Of(Study.Sweep("xeon-gold-6138", roundTrips, axes, options: options with { Settings = [brief] }));
        foreach (var (wrpkru, cr3) in new[] { ("11", "100"), ("11", "231"), ("128", "100"), ("128", "231") })
        {
            var point = rows.Where(row => row.Point == $"machine.wrpkru={wrpkru} machine.cr3-write={cr3}").Select(row => (row.System, row.Variant, row.Value));
            var file = FileRows("ipc-roundtrip", brief, $"machine.wrpkru={wrpkru}", $"machine.cr3-write={cr3}").Select(row => (row.System, row.Variant, row.Value));
            Assert.That(point, Is.EqualTo(file), $"{wrpkru} {cr3}");
        }
        Assert.That(rows, Has.Count.EqualTo(4 * roundTrips.Length));
    }

    [Test]
    public void A_sweep_over_nothing_is_a_comparison() => Assert.That(
        ResultsCsv.Text(StudyRows.Of(Study.Sweep("xeon-gold-6138", two, [], few, options))), Is.EqualTo(ResultsCsv.Text(StudyRows.Of(Study.Compare("xeon-gold-6138", two, few, options)))));

    [Test]
    public void Without_a_catalogue_the_shipped_one_is_taken() =>
        Assert.That(Study.Compare("xeon-gold-6138", two, few).Catalogue.Machines.Keys, Is.EquivalentTo(Shipped.Catalogue.Machines.Keys));

    [Test]
    public void A_scenario_from_a_file_is_run_with_the_same_options()
    {
        var scenario = Shipped.Scenario("ipc-roundtrip");
        var told = new Told();
        var study = Study.Run(scenario, new StudyOptions { Settings = ["machine.wrpkru=128"], Progress = told });
        Assert.That(ResultsCsv.Text(StudyRows.Of(study)), Is.EqualTo(ResultsCsv.Text(FileRows("ipc-roundtrip", "machine.wrpkru=128"))));
        Assert.That((study.Scenario.Seed, told.All.Count), Is.EqualTo((scenario.Seed, scenario.Systems.Count)));
        Assert.That(Study.Run(scenario, new StudyOptions { Seed = 7 }).Scenario.Seed, Is.EqualTo(7));
        Assert.That(() => Study.Run(scenario, new StudyOptions { Settings = ["machine.wrpkur=1"] }), Throws.TypeOf<InputException>().With.Message.Contains("did you mean 'machine.wrpkru'?"));
    }

    [Test]
    public void A_scenario_runs_on_the_catalogue_that_it_was_read_with_unless_told_otherwise()
    {
        var dearer = Shipped.Catalogue.With(new Dictionary<string, double> { ["machine.wrpkru"] = 128 });
        var scenario = ScenarioReader.Load(Path.Combine(House.Repository.Root, "scenarios", "ipc-roundtrip.yaml"), dearer);
        double Underbridge(StudyOptions? how = null) => Study.Run(scenario, how).Observations.Single(seen => seen.System.System == "underbridge").Units.Average();
        Assert.That((Underbridge(), Underbridge(options)), Is.EqualTo((309, 109)));
    }

    [Test]
    public void The_machine_is_a_key_like_others()
    {
        var swept = StudyRows.Of(Study.Sweep("xeon-gold-6138", two, [new ListAxis("machine", ["i7-12700h", "xeon-silver-4114"])], few, options));
        foreach (var machine in new[] { "i7-12700h", "xeon-silver-4114" })
            Assert.That(swept.Where(row => row.Point == $"machine={machine}").Select(row => row.Value), Is.EqualTo(StudyRows.Of(Study.Compare(machine, two, few, options)).Select(row => row.Value)));
        // It is set before its numbers, wherever it stands.
        var set = Study.Compare("xeon-gold-6138", two, few, options with { Settings = ["machine.wrpkru=100", "machine=i7-12700h"] });
        Assert.That(set.Observations[0].Spec.Machine.Price("wrpkru").Value, Is.EqualTo(100));
        Assert.That(set.Observations[0].Spec.Machine.Name, Is.EqualTo("i7-12700h"));
        Assert.That(StudyRows.Of(set).Select(row => row.Published), Is.All.Null);
    }

    [Test]
    public void Systems_are_called_what_their_words_say()
    {
        var systems = Study.Compare("xeon-gold-6138", ["underbridge", "underbridge on zircon without kpti", "sel4 with kpti"], few, options).Observations.Select(seen => seen.System);
        Assert.That(systems.Select(system => (system.System, system.Base, system.Variant)), Is.EqualTo(new[]
        {
            ("underbridge", "", KptiVariant.Default), ("underbridge", "zircon", KptiVariant.NoKpti), ("sel4", "", KptiVariant.Kpti),
        }));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Progress_is_told_once_of_each_run(int jobs)
    {
        var told = new Told();
        var study = Study.Sweep("xeon-gold-6138", two, [new ListAxis("machine.wrpkru", ["11", "28", "128"])], few, options with { Jobs = jobs, Progress = told });
        Assert.That(told.All.Select(now => now.Done), Is.EqualTo(Enumerable.Range(1, 6)), "in this order");
        Assert.That(told.All.Select(now => now.Total), Is.All.EqualTo(6));
        Assert.That(told.All.Select(now => now.Latest), Is.EquivalentTo(study.Observations).Using<Observation>(ReferenceEquals));
    }

    [Test]
    public void Cancelling_ends_a_study_before_its_next_run()
    {
        using var source = new CancellationTokenSource();
        var told = new Told { OnEach = now => { if (now.Done == 2) source.Cancel(); } };
        var cancelled = options with { Jobs = 1, Progress = told, Cancellation = source.Token };
        Assert.Catch<OperationCanceledException>(() => Study.Sweep("xeon-gold-6138", two, [new ListAxis("machine.wrpkru", ["11", "28", "128"])], few, cancelled));
        Assert.That(told.All, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_study_that_is_cancelled_beforehand_runs_nothing()
    {
        var told = new Told();
        Assert.Catch<OperationCanceledException>(() => Study.Compare("xeon-gold-6138", two, few, options with { Progress = told, Cancellation = new CancellationToken(canceled: true) }));
        Assert.That(told.All, Is.Empty);
    }

    [TestCase("xeon-gold-6139", "underbridge", "", "'xeon-gold-6139'", "did you mean 'xeon-gold-6138'?")]
    [TestCase("xeon-gold-6138", "underbrige", "", "found 'underbrige'", "did you mean 'underbridge'?")]
    [TestCase("xeon-gold-6138", "underbridge on zirkon", "", "found 'zirkon'", "did you mean 'zircon'?")]
    [TestCase("xeon-gold-6138", "underbridge", "machine.wrpkrü=11", "machine.wrpkrü", "did you mean 'machine.wrpkru'?")]
    [TestCase("xeon-gold-6138", "sel4 mit kpti", "", "study: found the system 'sel4 mit kpti'", "'with kpti' or 'without kpti'")]
    [TestCase("xeon-gold-6138", "underbridge", "machine.wrpkru", "found no '='", "KEY=VALUE")]
    public void A_wrong_word_is_refused_with_what_was_meant(string machine, string system, string setting, string found, string expected)
    {
        var refusal = Assert.Throws<InputException>(() => Study.Compare(machine, [system], few, options with { Settings = setting.Length == 0 ? [] : [setting] }))!;
        Assert.That(refusal.Message, Does.Contain(found).And.Contain(expected));
        Assert.That(refusal.Errors, Has.Count.EqualTo(1));
        Assert.That(refusal.Message, Does.Not.Contain(".yaml"), "nobody has seen a file");
    }

    [TestCase("machine.wrpkur", "11", "did you mean 'machine.wrpkru'?")]
    [TestCase("machine.wrpkru", "many", "'many'")]
    public void A_wrong_axis_is_refused_with_what_was_meant(string key, string value, string expected)
    {
        var refusal = Assert.Throws<InputException>(() => Study.Sweep("xeon-gold-6138", two, [new ListAxis(key, [value])], few, options))!;
        Assert.That(refusal.Message, Does.StartWith("study: ").And.Contain(expected));
    }

    [Test]
    public void A_key_that_a_sweep_runs_over_is_not_set_beside_it() => Assert.That(
        () => Study.Sweep("xeon-gold-6138", two, [new ListAxis("machine", ["i7-12700h"])], few, options with { Settings = ["machine=xeon-silver-4114"] }),
        Throws.TypeOf<InputException>().With.Message.EqualTo("--set machine=xeon-silver-4114: found a key that the sweep runs over, expected another key"));

    [Test]
    public void All_that_is_wrong_is_said_at_once()
    {
        var refusal = Assert.Throws<InputException>(() => Study.Compare("xeon-gold-6139", ["underbrige", "sel4 mit kpti"], few, options with { Settings = ["machine.wrpkru"] }))!;
        Assert.That(refusal.Errors, Has.Count.EqualTo(4), refusal.Message);
    }

    [Test]
    public void A_study_of_no_system_is_refused() => Assert.Throws<InputException>(() => Study.Compare("xeon-gold-6138", [], few, options));

    [TestCase("sel4")]
    [TestCase("sel4 with kpti")]
    [TestCase("underbridge")]
    [TestCase("underbridge on sel4")]
    [TestCase("skybridge on zircon without kpti")]
    public void The_spec_of_a_system_is_the_one_that_a_comparison_runs(string system)
    {
        var set = options with { Settings = ["machine.wrpkru=128"] };
        var (spec, compared) = (Study.SpecOf("xeon-gold-6138", system, set), Study.Compare("xeon-gold-6138", [system], few, set).Observations[0].Spec);
        Assert.That((spec.Kernel.Features, spec.Design, spec.Control), Is.EqualTo((compared.Kernel.Features, compared.Design, compared.Control)));
        Assert.That(spec.Machine.Price("wrpkru").Value, Is.EqualTo(128));
        Assert.That(Bench.ServerRoundTrip(spec), Is.EqualTo(Bench.ServerRoundTrip(compared)));
    }

    [Test]
    public void UnderBridge_has_KPTI_on_a_kernel_that_has_none_because_its_design_needs_it()
    {
        Assert.That(Shipped.Catalogue.Kernels["sel4"].Features.Kpti, Is.False);
        Assert.That(Study.SpecOf("xeon-gold-6138", "underbridge on sel4", options).Kernel.Features.Kpti, Is.True);
    }

    [Test]
    public void The_spec_of_a_system_takes_the_costs_that_are_asked_for()
    {
        var costs = Sim.Paths.StepCosts.OfMachine with { };
        Assert.That(Study.SpecOf("xeon-gold-6138", "underbridge", options with { Costs = costs }).Costs, Is.SameAs(costs));
    }

    [TestCase("xeon-gold-6139", "underbridge", "did you mean 'xeon-gold-6138'?")]
    [TestCase("xeon-gold-6138", "underbrige", "did you mean 'underbridge'?")]
    [TestCase("xeon-gold-6138", "underbridge on zirkon", "did you mean 'zircon'?")]
    public void The_spec_of_a_wrong_word_is_refused_with_what_was_meant(string machine, string system, string expected) =>
        Assert.That(() => Study.SpecOf(machine, system, options), Throws.TypeOf<InputException>().With.Message.Contains(expected));

    static IReadOnlyList<ResultRow> FileRows(string name, params string[] settings) => StudyRows.Of(new ScenarioRunner(Shipped.Catalogue).Run(Shipped.Scenario(name, settings), 2));

    /// <summary>Hears on the thread that tells, unlike <see cref="Progress{T}"/>.</summary>
    sealed class Told : IProgress<StudyProgress>
    {
        public List<StudyProgress> All { get; } = [];
        public Action<StudyProgress> OnEach { get; init; } = static _ => { };

        public void Report(StudyProgress value)
        {
            lock (All) All.Add(value);
            OnEach(value);
        }
    }
}
