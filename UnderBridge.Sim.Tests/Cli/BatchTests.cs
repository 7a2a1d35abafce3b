using System.Text;
using System.Text.RegularExpressions;
using UnderBridge.Cli;

namespace UnderBridge.Sim.Tests.Cli;

/// <summary>Several scenarios in one <c>run</c>, in process.</summary>
public class BatchTests
{
    static readonly string[] names = ["first", "second", "third"];
    static readonly string[] resultFiles =
        ["report.html", "resolved.yaml", "results.csv", "results.json", "results.parquet", "round-trip.png", "round-trip.svg"];

    string folder = "", scenarios = "", results = "";

    [SetUp]
    public void MakeScenarios()
    {
        folder = Directory.CreateTempSubdirectory("underbridge-").FullName;
        (scenarios, results) = (Path.Combine(folder, "scenarios"), Path.Combine(folder, "results"));
        Directory.CreateDirectory(scenarios);
        foreach (var name in names) File.WriteAllText(Path.Combine(scenarios, $"{name}.yaml"), Scenario(name));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Any_number_of_jobs_gives_the_same_bytes_in_every_file()
    {
        var (one, three) = (Path.Combine(folder, "one"), Path.Combine(folder, "three"));
        Assert.That(Run("--out", one, "--jobs", "1").Exit, Is.Zero);
        Assert.That(Run("--out", three, "--jobs", "3").Exit, Is.Zero);
        var files = Files(one);
        Assert.That(files, Is.EqualTo(names.SelectMany(name => resultFiles.Select(file => Path.Combine(name, file))).Append("index.html").Order(StringComparer.Ordinal)));
        Assert.That(Files(three), Is.EqualTo(files));
        foreach (var file in files) Assert.That(File.ReadAllBytes(Path.Combine(three, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(one, file))), file);
    }

    [Test]
    public void The_index_leads_to_the_report_and_picture_of_every_scenario_with_its_question_and_answer()
    {
        Run("--out", results);
        var index = File.ReadAllText(Path.Combine(results, "index.html"));
        var targets = Regex.Matches(index, "(?:href|src)=\"([^\"]*)\"").Select(link => link.Groups[1].Value).Distinct().ToList();
        Assert.That(targets, Is.EquivalentTo(names.SelectMany(name => new[] { $"{name}/report.html", $"{name}/round-trip.png" })));
        Assert.That(targets.Select(target => Path.Combine(results, target)), Has.All.Matches<string>(File.Exists));
        foreach (var name in names) Assert.That(index, Does.Contain($"What does the {name} cost?"));
        Assert.That(Regex.Count(index, "A round trip takes from 24 cycles \\(Monolithic\\) to 109 cycles \\(UnderBridge\\)\\."), Is.EqualTo(names.Length));
    }

    [Test]
    public void A_written_report_and_the_picture_in_it_fetch_nothing()
    {
        Run("--out", results);
        var html = File.ReadAllText(Path.Combine(results, "first", "report.html"));
        var picture = Regex.Match(html, "src=\"data:image/svg\\+xml;base64,([^\"]*)\"").Groups[1].Value;
        var svg = Encoding.UTF8.GetString(Convert.FromBase64String(picture));
        Assert.That(svg, Is.EqualTo(File.ReadAllText(Path.Combine(results, "first", "round-trip.svg"))).And.Contain("<svg"));
        Assert.That(svg, Does.Not.Match("(?i)href=\"(?!#|data:)|url\\((?!#)|@import|@font-face|<script"));
        Assert.That(html.Replace(picture, "", StringComparison.Ordinal), Does.Not.Match("(?i)https?:|href=|url\\(|@import|@font-face|<script|<link"));
    }

    [Test]
    public void A_failing_scenario_does_not_stop_the_others_and_is_told_once()
    {
        Directory.CreateDirectory(results);
        File.WriteAllText(Path.Combine(results, "second"), "in the way");
        var (exit, output, error) = Run("--out", results);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), Does.EndWith($"2 of 3 scenarios done; failed: second; {Path.Combine(results, "index.html")} leads to their reports"));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1).And.All.StartsWith("second: "));
        AssertComplete("first", "third");
        Assert.That(File.ReadAllText(Path.Combine(results, "second")), Is.EqualTo("in the way"));
        Assert.That(File.ReadAllText(Path.Combine(results, "index.html")), Does.Contain("<b>second</b> failed: ").And.Contain("first/report.html").And.Not.Contain("second/report.html"));
    }

    /// <summary>At its beginning, in between, and when the last system has ended and its files are to be written.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(6)]
    public void A_run_that_is_interrupted_leaves_every_folder_complete_or_absent(int endedRuns)
    {
        using var source = new CancellationTokenSource();
        var (exit, _, error) = Run(["--out", results, "--jobs", "2"], source.Token, line =>
        {
            if (line.Contains($" {endedRuns}/6 ", StringComparison.Ordinal)) source.Cancel();
        });
        Assert.That((exit, error.TrimEnd()), Is.EqualTo((130, "interrupted")));
        Assert.That(File.Exists(Path.Combine(results, "index.html")), Is.False);
        AssertComplete([.. Directory.Exists(results) ? Directory.EnumerateDirectories(results).Select(path => Path.GetFileName(path)) : []]);
    }

    [Test]
    public void An_interrupted_run_leaves_older_results_as_they_were()
    {
        Run("--out", results);
        var before = Files(results).Select(file => (file, File.GetLastWriteTimeUtc(Path.Combine(results, file)))).ToList();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(Run(["--out", results], source.Token).Exit, Is.EqualTo(130));
        Assert.That(Files(results).Select(file => (file, File.GetLastWriteTimeUtc(Path.Combine(results, file)))), Is.EqualTo(before));
    }

    [Test]
    public void Without_a_terminal_progress_is_plain_lines_that_count_to_the_end()
    {
        var (_, output, error) = Run("--out", results);
        Assert.That(error, Is.Empty);
        Assert.That(output, Does.Not.Contain('\r').And.Not.Contain('\u001b').And.Not.Contain('['));
        Assert.That(output.Split('\n').Where(line => line.EndsWith(" runs", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(1, 6).Select(done => $"{done}/6 runs")));
    }

    [Test]
    public void A_table_that_nobody_would_read_is_left_to_the_file()
    {
        var file = Path.Combine(scenarios, "first.yaml");
        File.WriteAllText(file, $"{Scenario("first")}\nsweep:\n  machine.wrpkru: {{from: 11, to: 260, steps: 21}}\n".Replace("{kind: round-trip, ", "{kind: lines, metric: round-trip, ", StringComparison.Ordinal));
        var (_, output, error) = Run("--out", results);
        Assert.That(error, Is.Empty);
        Assert.That(output, Does.Contain("Round trip, cycles: 42 results at 21 points, in results.csv\n").And.Contain("Round trip, cycles\nsystem"));
    }

    [Test]
    public void On_a_terminal_a_bar_fills_up_and_is_erased()
    {
        var lines = new List<string>();
        var (_, output, _) = Run(["--out", results], CancellationToken.None, lines.Add);
        Assert.That(output, Does.Not.Contain("/6 runs"));
        Assert.That(lines[0], Is.EqualTo($"[{new string('.', 30)}] 0/6 "));
        Assert.That(lines, Has.Some.StartsWith($"[{new string('#', 30)}] 6/6 "));
        Assert.That(lines[^1], Is.Empty);
    }

    static string Scenario(string name) => $$"""
        name: {{name}}
        title: The {{name}} of three
        question: What does the {{name}} cost?
        machine: xeon-gold-6138
        systems:
          - {system: monolithic, label: Monolithic}
          - {system: underbridge, label: UnderBridge}
        workload: {kind: ping-pong, warm-up: 50, round-trips: 20}
        figures:
          - {kind: round-trip, title: Round trip}
        """;

    // A hidden folder would be found too.
    void AssertComplete(params string[] expected)
    {
        if (Directory.Exists(results)) Assert.That(Directory.EnumerateDirectories(results).Select(Path.GetFileName).Order(StringComparer.Ordinal), Is.EqualTo(expected.Order(StringComparer.Ordinal)));
        Assert.That(expected, Is.SubsetOf(names));
        foreach (var name in expected) Assert.That(Files(Path.Combine(results, name)), Is.EqualTo(resultFiles));
    }

    static List<string> Files(string root) =>
        [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)];

    (int Exit, string Output, string Error) Run(params string[] flags) => Run(flags, CancellationToken.None);

    (int Exit, string Output, string Error) Run(string[] flags, CancellationToken cancellation, Action<string>? progress = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = Tool.Invoke(["run", scenarios, .. flags], new Terminal(output, error) { Cancellation = cancellation, Progress = progress });
        return (exit, output.ToString(), error.ToString());
    }
}
