using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using UnderBridge.Cli;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Cli;

/// <summary>Sweeps as a user of the command line sees them: interrupted, sharded, repeated.</summary>
public class SweepTests
{
    const int Points = 12;

    const string Small = """
        name: small
        title: A small sweep
        question: Which?
        machine: xeon-gold-6138
        systems:
          - {system: skybridge}
          - {system: underbridge}
        workload: {kind: ping-pong, warm-up: 5, round-trips: 20}
        sweep:
          machine.wrpkru: {from: 11, to: 260, steps: 4, scale: log}
          machine.vmfunc: {list: [134, 20, 500]}
        figures:
          - {kind: heat-map, against: skybridge}
        """;

    TemporaryFolder folder = null!;
    string scenario = "";

    [SetUp]
    public void Prepare()
    {
        folder = new TemporaryFolder();
        Write(Small);
    }

    [TearDown]
    public void Clean() => folder.Dispose();

    void Write(string text)
    {
        scenario = folder["small.yaml"];
        File.WriteAllText(scenario, text);
    }

    [Test]
    public void Jobs_and_shards_merge_to_the_same_bytes_which_are_those_of_one_study()
    {
        foreach (var jobs in new[] { "1", "2" }) Good("sweep", scenario, "--out", folder["jobs" + jobs], "--jobs", jobs);
        Good("sweep", scenario, "--out", folder["one"], "--shard", "0/1");
        foreach (var shard in new[] { "2/3", "0/3", "1/3" }) Good("sweep", scenario, "--out", folder["three"], "--shard", shard);
        foreach (var sharded in new[] { "one", "three" })
        {
            Assert.That(File.Exists(Csv(sharded)), Is.False);
            Good("merge", folder[sharded]);
        }
        var catalogue = Catalogue.Load();
        var study = new ScenarioRunner(catalogue).Run(ScenarioReader.Load(scenario, catalogue), jobs: 2);
        var expected = ResultsCsv.Text(StudyRows.Of(study, catalogue));
        foreach (var one in new[] { "jobs1", "jobs2", "one", "three" }) Assert.That(File.ReadAllText(Csv(one)), Is.EqualTo(expected), one);
        foreach (var file in new[] { "results.json", "results.parquet", "resolved.yaml", "heat-map.svg" })
            foreach (var one in new[] { "jobs2", "one", "three" }) Assert.That(File.ReadAllBytes(folder[$"{one}/{file}"]), Is.EqualTo(File.ReadAllBytes(folder[$"jobs1/{file}"])), file);
        Assert.That(Directory.EnumerateFileSystemEntries(folder["three"]).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "sweep.json", "points", "results.csv", "results.json", "results.parquet", "resolved.yaml", "heat-map.png", "heat-map.svg" }));
        Assert.That(File.ReadAllBytes(folder["three/results.parquet"]), Is.EqualTo(ResultsParquet.Bytes(StudyRows.Of(study, catalogue))));
        using var json = JsonDocument.Parse(File.ReadAllText(folder["three/results.json"]));
        Assert.That(json.RootElement.GetProperty("results").EnumerateArray().Select(row => $"{row.GetProperty("system")} {row.GetProperty("point")} {row.GetProperty("metric")}"),
            Is.EqualTo(StudyRows.Of(study, catalogue).Select(row => $"{row.System} {row.Point} {row.Metric}")));
        Assert.That(json.RootElement.GetProperty("run").EnumerateObject().Select(fact => fact.Name), Is.EqualTo(new[] { "scenario", "question", "hash", "seed", "version", "machine", "catalogue" }));
        Assert.That(json.RootElement.GetProperty("run").GetProperty("hash").GetString(), Is.EqualTo(ScenarioWriter.Hash(study.Scenario)));
        Assert.That(File.ReadAllText(Path.Combine(folder["three"], "resolved.yaml")), Is.EqualTo(ScenarioWriter.ToYaml(study.Scenario)));
    }

    [Test]
    public void Status_counts_what_is_done_and_a_merge_without_all_points_names_those_missing()
    {
        Assert.That(Good("sweep", scenario, "--out", folder["out"], "--shard", "1/4"), Does.EndWith($"3 of 12 points done; 'underbridge merge {folder["out"]}' puts them together when all are\n"));
        Assert.That(Good("status", folder["out"], "--json"), Is.EqualTo("{\"done\":3,\"total\":12}\n"));
        Assert.That(Good("status", folder["out"]), Is.EqualTo("small: 3 of 12 points done\n"));
        var (exit, _, error) = Run("merge", folder["out"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.StartWith($"{folder["out"]}: 9 of 12 points missing:\n  machine.wrpkru=11 machine.vmfunc=134\n  machine.wrpkru=11 machine.vmfunc=500\n"));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(10));
        Assert.That(File.Exists(Csv("out")), Is.False);
    }

    [Test]
    public void A_rerun_does_only_what_is_missing()
    {
        Good("sweep", scenario, "--out", folder["out"]);
        var bytes = File.ReadAllBytes(Csv("out"));
        var files = Directory.EnumerateFiles(folder["out/points"]).Order(StringComparer.Ordinal).ToList();
        Assert.That(files, Has.Count.EqualTo(Points));
        var past = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var file in files) File.SetLastWriteTimeUtc(file, past);
        foreach (var file in files.Take(2)) File.Delete(file);
        Good("sweep", scenario, "--out", folder["out"]);
        Assert.That(Directory.EnumerateFiles(folder["out/points"]).Where(file => File.GetLastWriteTimeUtc(file) != past), Is.EquivalentTo(files.Take(2)));
        Assert.That(File.ReadAllBytes(Csv("out")), Is.EqualTo(bytes));
    }

    [Test]
    public void Leftovers_of_killed_runs_count_for_nothing_and_go_while_those_of_running_ones_stay()
    {
        using var running = Start("sleep", "60");
        try
        {
            Good("sweep", scenario, "--out", folder["out"], "--shard", "0/2");
            var point = Directory.EnumerateFiles(folder["out/points"]).First();
            string Left(string host, int process) => string.Create(CultureInfo.InvariantCulture, $"{point}.{host}.{process}.partial");
            var (dead, alive, elsewhere) = (Left(Environment.MachineName, int.MaxValue), Left(Environment.MachineName, running.Id), Left("another-host", int.MaxValue));
            foreach (var file in new[] { dead, alive, elsewhere }) File.WriteAllText(file, "[");
            Assert.That(Good("status", folder["out"], "--json"), Is.EqualTo("{\"done\":6,\"total\":12}\n"));
            Good("sweep", scenario, "--out", folder["out"]);
            Assert.That(new[] { dead, alive, elsewhere }.Select(File.Exists), Is.EqualTo(new[] { false, true, true }));
        }
        finally
        {
            running.Kill();
        }
    }

    [Test]
    public void A_sweep_killed_again_and_again_ends_with_the_bytes_of_an_undisturbed_one()
    {
        const int kills = 5;
        Write(Small.Replace("steps: 4", "steps: 40", StringComparison.Ordinal));
        Good("sweep", scenario, "--out", folder["calm"]);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            var before = Done(folder["out"]);
            using var child = Start("dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "underbridge.dll"), "sweep", scenario, "--out", folder["out"], "--jobs", "2");
            // The first dies while it begins, the others somewhere among their points.
            var until = before + (kill == 0 ? 0 : random.Next(1, 20));
            if (kill == 0) Thread.Sleep(random.Next(400));
            while (!child.HasExited && Done(folder["out"]) < until) Thread.Sleep(1);
            child.Kill();
            child.WaitForExit();
            Assert.That(child.ExitCode, Is.EqualTo(137), $"seed {seed}: kill {kill} came too late");
        }
        Assert.That(Done(folder["out"]), Is.InRange(kills - 1, 119), $"seed {seed}");
        Good("sweep", scenario, "--out", folder["out"]);
        foreach (var file in new[] { "results.csv", "results.json", "results.parquet" })
            Assert.That(File.ReadAllBytes(folder[$"out/{file}"]), Is.EqualTo(File.ReadAllBytes(folder[$"calm/{file}"])), $"seed {seed}: {file}");
        Assert.That(Directory.EnumerateFiles(folder["out/points"]).Select(Path.GetFileName), Is.EquivalentTo(Directory.EnumerateFiles(folder["calm/points"]).Select(Path.GetFileName)), $"seed {seed}");
    }

    [TestCase("name: small", "name: other", "found the sweep 'small', expected 'other', or another folder")]
    [TestCase("[134, 20, 500]", "[134, 20, 501]", "found the sweep 'small' as it was before it changed: machine.vmfunc: {list: [134, 20, 500]}, expected machine.vmfunc: {list: [134, 20, 501]}, or another folder")]
    [TestCase("machine: xeon", "seed: 7\nmachine: xeon", "found the sweep 'small' as it was before it changed: seed: 1, expected seed: 7, or another folder")]
    public void A_folder_of_another_sweep_is_refused(string written, string instead, string message)
    {
        Good("sweep", scenario, "--out", folder["out"], "--shard", "0/12");
        Write(Small.Replace(written, instead, StringComparison.Ordinal));
        var file = instead == "name: other" ? folder["other.yaml"] : scenario;
        if (file != scenario) File.Move(scenario, file);
        Refused(message, "sweep", file, "--out", folder["out"]);
        Assert.That(Directory.EnumerateFiles(folder["out/points"]).Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_folder_of_anything_else_is_refused()
    {
        AtomicFile.Write(folder["out/letter.txt"], "dear");
        Refused("found 'letter.txt', which is no part of a sweep, expected an empty folder", "sweep", scenario, "--out", folder["out"]);
        Refused("found a file, expected a folder", "sweep", scenario, "--out", folder["out/letter.txt"]);
        foreach (var verb in new[] { "status", "merge" })
        {
            Refused("found a folder without 'sweep.json', expected the folder of a sweep", verb, folder["out"]);
            Refused("found no such folder, expected the folder of a sweep", verb, folder["nowhere"]);
        }
    }

    [Test]
    public void A_damaged_result_is_named_and_never_merged()
    {
        Good("sweep", scenario, "--out", folder["out"]);
        var point = Directory.EnumerateFiles(folder["out/points"]).First();
        File.WriteAllText(point, File.ReadAllText(point)[..^9]);
        Refused($"{point}: found a damaged file, expected what a sweep wrote; delete it and sweep again", "merge", folder["out"]);
    }

    [Test]
    public void All_that_is_wrong_is_said_before_the_first_point_runs()
    {
        Write(Small.Replace("[134, 20, 500]", "[134, x, -1]", StringComparison.Ordinal).Replace("steps: 4", "step: 4", StringComparison.Ordinal));
        var (exit, output, error) = Run("sweep", scenario, "--out", folder["out"], "--shard", "3/3", "--jobs", "0");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("--jobs: found '0'").And.Contain("--shard: found '3/3', expected I/N with I from 0 to N - 1").And.Contain("small.yaml:11:32: found 'x' for 'machine.vmfunc'")
            .And.Contain("small.yaml:11:35: found '-1'").And.Contain("small.yaml:10:39: found 'step' under 'machine.wrpkru'").And.Contain("did you mean 'steps'?"));
        Assert.That(Directory.Exists(folder["out"]), Is.False);
    }

    [Test]
    public void A_sweep_needs_axes_of_its_own_and_figures_of_sweeps()
    {
        Refused("found a key that the sweep runs over, expected another key", "sweep", scenario, "--out", folder["out"], "--set", "machine.wrpkru=3");
        Refused("found a folder, expected a scenario with a sweep", "sweep", folder.Path, "--out", folder["out"]);
        Write(Small.Replace("kind: heat-map, against: skybridge", "kind: composition", StringComparison.Ordinal));
        Refused("found the figure 'composition', expected for a sweep one of ratio-curve, heat-map", "sweep", scenario, "--out", folder["out"]);
        var loop = Path.Combine(Repository.Root, "scenarios", "ipc-roundtrip.yaml");
        Refused("found a scenario without 'sweep'", "sweep", loop, "--out", folder["out"]);
        Assert.That(Directory.Exists(folder["out"]), Is.False);
    }

    [Test]
    public void The_key_of_a_point_covers_its_values_seed_traces_catalogue_and_version()
    {
        File.WriteAllText(folder["t.strace"], "close(3) = 0\n");
        var replay = Small.Replace("{kind: ping-pong, warm-up: 5, round-trips: 20}", "{kind: replay, trace: t.strace}", StringComparison.Ordinal);
        var plan = Plan(replay);
        Assert.That(plan.Points.Select(point => point.Key).Distinct().Count(), Is.EqualTo(Points));
        Assert.That(Plan(replay).Points, Is.EqualTo(plan.Points));
        Assert.That(plan.Version, Does.Contain(typeof(Study).Assembly.ManifestModule.ModuleVersionId.ToString("N")));

        void Changed(SweepPlan other, string what) => Assert.That(other.Points.Select(point => point.Key).Intersect(plan.Points.Select(point => point.Key)), Is.Empty, what);
        Changed(Plan(replay.Replace("machine: xeon", "seed: 2\nmachine: xeon", StringComparison.Ordinal)), "seed");
        var servers = Path.Combine(folder.Path, "catalogue", "Servers", "echo.yaml");
        AtomicFile.Write(servers, File.ReadAllText(Path.Combine(Repository.Root, "UnderBridge.Sim", "Catalog", "Servers", "echo.yaml")) + "# a word\n");
        Changed(Plan(replay, folder["catalogue"]), "catalogue");
        File.WriteAllText(folder["t.strace"], "close(4) = 0\n");
        Changed(Plan(replay), "trace");
    }

    [Test]
    public void A_sweep_begun_with_another_build_is_refused()
    {
        Good("sweep", scenario, "--out", folder["out"], "--shard", "0/12");
        var plan = Path.Combine(folder["out"], SweepFolder.PlanFile);
        File.WriteAllText(plan, File.ReadAllText(plan).Replace(typeof(Study).Assembly.ManifestModule.ModuleVersionId.ToString("N"), "0123", StringComparison.Ordinal));
        Refused("found a sweep begun with version 0.1.0 (build 0123), expected version 0.1.0 (build ", "sweep", scenario, "--out", folder["out"]);
    }

    [Test]
    public void What_is_merged_says_the_version_that_ran_the_points()
    {
        Good("sweep", scenario, "--out", folder["out"]);
        var plan = Path.Combine(folder["out"], SweepFolder.PlanFile);
        File.WriteAllText(plan, File.ReadAllText(plan).Replace($"\"{Study.Version} (build", "\"0.0.9 (build", StringComparison.Ordinal));
        Good("merge", folder["out"]);
        Assert.That(File.ReadAllText(folder["out/results.json"]), Does.Contain("\"version\": \"0.0.9 (build "));
    }

    [Test]
    public void A_point_that_fails_stops_no_other_and_the_next_run_tries_it_again()
    {
        Good("sweep", scenario, "--out", folder["out"], "--shard", "0/12");
        // A folder in the place of a result can not be written over.
        var keys = SweepPlan.Parse(File.ReadAllText(Path.Combine(folder["out"], SweepFolder.PlanFile))).Points.Select(point => point.Key).ToList();
        var block = Path.Combine(folder["out/points"], $"{keys[5]}.json");
        Directory.CreateDirectory(block);
        var (exit, output, error) = Run("sweep", scenario, "--out", folder["out"], "--jobs", "1");
        Assert.That(output, Does.EndWith("11 of 12 points done; the same command tries the rest again\n"));
        Assert.That((exit, error), Is.EqualTo((1, $"machine.wrpkru=31.5684243691 machine.vmfunc=500: cannot write {block}: it is a folder\n")));
        Assert.That(Good("status", folder["out"], "--json"), Is.EqualTo("{\"done\":11,\"total\":12}\n"));
        Directory.Delete(block);
        Good("sweep", scenario, "--out", folder["out"]);
        Assert.That(File.Exists(Csv("out")), Is.True);
    }

    SweepPlan Plan(string text, string? catalogueFolder = null)
    {
        Write(text);
        var catalogue = Catalogue.Load(catalogueFolder);
        return SweepPlan.Of(ScenarioReader.Load(scenario, catalogue), catalogue);
    }

    string Csv(string sweep) => Path.Combine(folder[sweep], "results.csv");

    static int Done(string sweep) => Directory.Exists(Path.Combine(sweep, "points")) ? Directory.EnumerateFiles(Path.Combine(sweep, "points"), "*.json").Count() : 0;

    static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    static string Good(params string[] arguments)
    {
        var (exit, output, error) = Run(arguments);
        Assert.That((exit, error), Is.EqualTo((0, "")));
        return output;
    }

    static void Refused(string message, params string[] arguments)
    {
        var (exit, _, error) = Run(arguments);
        Assert.That(exit, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain(message));
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = Tool.Invoke(arguments, new Terminal(output, error));
        return (exit, output.ToString(), error.ToString());
    }
}
