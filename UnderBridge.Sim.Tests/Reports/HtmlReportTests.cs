using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests;

public partial class HtmlReportTests
{
    static readonly Catalogue catalogue = Catalogue.Load();

    static readonly Lazy<(StudyResult Study, IReadOnlyList<ResultRow> Rows, string Html)> report = new(() =>
    {
        var (study, rows) = Run("""
            systems:
              - {system: underbridge, label: UnderBridge}
              - {system: sel4, variant: kpti, label: seL4 & KPTI}
            workload: {kind: ping-pong, warm-up: 50, round-trips: 20}
            figures:
              - {kind: round-trip, title: Round trip}
            """);
        var figures = StudyFigures.Of(study, rows).Select(named => (named.Figure, Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"))).ToList();
        return (study, rows, HtmlReport.Text(study, rows, figures, [new("seed", "1"), new("version", "0.1.0")]));
    });

    [Test]
    public void A_report_fetches_nothing()
    {
        var html = report.Value.Html;
        Assert.That(html, Does.Not.Match("(?i)https?:|//[a-z]|@import|url\\(|<script|<link|<iframe|@font-face"));
        var sources = Regex.Matches(html, "(?i)(?:src|href|srcset|data)\\s*=\\s*\"([^\"]{0,30})").Select(source => source.Groups[1].Value).ToList();
        Assert.That(sources, Has.Count.EqualTo(1).And.All.StartsWith("data:image/svg+xml;base64,"));
    }

    [Test]
    public void A_report_asks_answers_shows_and_says_on_what_it_rests()
    {
        var (study, rows, html) = report.Value;
        var text = WebUtility.HtmlDecode(html);
        string[] inOrder = [study.Scenario.Title, study.Scenario.Question, Answer.Of(study, rows), "<figure>", "Where the cycles go", "Results", "95 % interval", "Share of cycles by grade", "Numbers that the cycles rest on", "The run"];
        var places = inOrder.Select(part => text.IndexOf(part, text.IndexOf("<body>", StringComparison.Ordinal), StringComparison.Ordinal)).ToList();
        Assert.That(places, Is.Ordered.And.All.Positive);
        Assert.That(html, Does.Contain("seL4 &amp; KPTI").And.Not.Contain("seL4 & KPTI"));
    }

    [Test]
    public void The_tables_of_a_report_hold_every_result_and_grades_that_sum_up_to_all_cycles()
    {
        var (study, rows, html) = report.Value;
        var tables = Tables(html);
        Assert.That(tables["Every result with its intervals"], Has.Count.EqualTo(rows.Count));
        Assert.That(tables["Every result with its intervals"].Select(cells => cells[0]), Is.EqualTo(rows.Select(row => row.System)));
        Assert.That(html, Does.Contain(">variant</th>").And.Not.Contain(">point</th>").And.Not.Contain(">base</th>"), "there is neither a sweep nor a port");
        var grades = tables["Share of cycles by grade"];
        Assert.That(grades, Has.Count.EqualTo(study.Observations.Count));
        foreach (var shares in grades)
            Assert.That(shares.Where(cell => cell.EndsWith('%')).Sum(cell => double.Parse(cell[..^2], System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(100).Within(0.3));
        Assert.That(tables["Numbers that the cycles rest on"].Select(cells => cells[0]), Has.Member("machine.wrpkru").And.Member("machine.cr3-write"));
    }

    [Test]
    public void A_round_trip_is_answered_by_its_extremes_and_the_greatest_cause() => Assert.That(Answer.Of(report.Value.Study, report.Value.Rows),
        Is.EqualTo("A round trip takes from 109 cycles (UnderBridge) to 1822 cycles (seL4 & KPTI). Of the 109 cycles of UnderBridge 51 % go to: Domain switch."));

    [Test]
    public void Attacks_are_answered_by_counts_that_agree_with_the_rows_and_their_report_shows_no_empty_tables()
    {
        var (study, rows) = Run("""
            systems:
              - {system: monolithic, variant: no-kpti, label: Monolith}
              - {system: sel4, variant: kpti, label: seL4}
            workload: {kind: attacks, trials: 3}
            """);
        int Breached(string system) => rows.Count(row => row.Metric == Metrics.Outcome && row.System == system && row.Value == 2);
        var attacks = rows.Where(row => row.Metric == Metrics.Outcome).Select(row => row.Point).Distinct().Count();
        Assert.That(Breached("monolithic"), Is.GreaterThan(Breached("sel4")));
        Assert.That(Answer.Of(study, rows), Does.StartWith($"Of {attacks} attacks so many succeed: Monolith {Breached("monolithic")}, seL4 {Breached("sel4")}."));
        Assert.That(Tables(HtmlReport.Text(study, rows, [], [])).Keys, Is.EqualTo(new[] { "Every result with its intervals" }));
    }

    [Test]
    public void A_sweep_is_answered_by_its_ends_and_systems_are_told_apart_by_the_interval_of_their_ratio()
    {
        var (study, rows) = Run("""
            systems:
              - {system: skybridge, base: sel4, label: SkyBridge}
              - {system: underbridge, base: sel4, label: UnderBridge}
            workload: {kind: closed-loop, think: 2000, service: 750, warm-up: 50, requests: 100}
            sweep:
              workload.cores: {list: [1, 2, 4]}
            figures:
              - {kind: lines, name: throughput, metric: throughput, x: Cores, y: Throughput, title: Throughput by cores}
            """);
        ResultRow Row(string system, int cores) => rows.Single(row => row.Metric == Metrics.Throughput && row.System == system && row.Point == $"workload.cores={cores}");
        var (slow, fast) = Row("skybridge", 4).Value < Row("underbridge", 4).Value ? (Row("skybridge", 4), Row("underbridge", 4)) : (Row("underbridge", 4), Row("skybridge", 4));
        var answer = Answer.Of(study, rows);
        Assert.That(answer, Does.StartWith("Throughput by cores: at Cores = 1 from "));
        Assert.That(answer, Does.Contain(FormattableString.Invariant($"; at Cores = 4 from {slow.Value:#,0} op/s (")).And.Not.Contain("Cores = 2"));
        var last = study.Observations.Where(one => one.Point == "workload.cores=4").ToList();
        double[] Cycles(string system) => [.. last.Single(one => one.System.System == system).Units.Select(unit => (double)unit)];
        var ratio = Sim.Statistics.BatchMeans.Ratio(Cycles(slow.System), Cycles(fast.System));
        Assert.That(answer[answer.IndexOf("Cores = 4", StringComparison.Ordinal)..].Contains("too short to tell", StringComparison.Ordinal), Is.EqualTo(ratio.Low <= 1));
    }

    // What two systems share on the same random numbers may be far more than what sets them apart.
    [TestCase(0.2, 0.1, false)]
    [TestCase(0.2, 1.0, true)]
    [TestCase(0.0, 0.0, false)]
    public void Replications_tell_systems_apart_by_pairs_even_where_their_intervals_overlap(double shift, double noise, bool tooShort)
    {
        var (study, _) = Run("""
            systems:
              - {system: skybridge, base: sel4, label: SkyBridge}
              - {system: underbridge, base: sel4, label: UnderBridge}
            workload: {kind: closed-loop, warm-up: 5, requests: 20, replications: 6}
            """);
        double[] shared = [8, 12, 9, 11, 10, 13], own = [1, -1, 1, -1, 1, -1];
        StudyResult Shown(string metric) => study with
        {
            Observations =
            [
                study.Observations[0] with { Readings = [Sim.Studies.Reading.Mean(metric, "cycles", shared, batches: 6)] },
                study.Observations[1] with { Readings = [Sim.Studies.Reading.Mean(metric, "cycles", [.. shared.Select((value, i) => value + shift + noise * own[i])], batches: 6)] },
            ],
        };
        foreach (var metric in new[] { Metrics.Throughput, Metrics.Response })
        {
            var shown = Shown(metric);
            var rows = StudyRows.Of(shown);
            Assert.That(rows[0].High!.Value, Is.GreaterThan(rows.First(row => row.System == "underbridge").Low!.Value), "the intervals overlap");
            var told = Answer.Of(shown, rows);
            Assert.That(told.Contains("too short to tell", StringComparison.Ordinal), Is.EqualTo(tooShort), told);
            if (metric == Metrics.Throughput && shift > 0) Assert.That(rows.Single(row => row.Metric == Metrics.Normalised).Status == "too-short", Is.EqualTo(tooShort));
            Assert.That(HtmlReport.Text(shown, rows, [], []), Does.Contain(WebUtility.HtmlEncode(told)));
        }
    }

    [Test]
    public void A_gain_at_the_ends_of_a_sweep_says_where_nobody_can_tell_which_is_faster()
    {
        var (study, rows) = Run("""
            systems:
              - {system: native, base: sel4, variant: kpti}
              - {system: underbridge, base: sel4}
            workload: {kind: service-mix, warm-up: 5, operations: 30}
            sweep:
              workload.work-scale: {list: [1, 2]}
            """);
        var gains = rows.Where(row => row is { Metric: Metrics.Normalised, System: "underbridge" }).ToList();
        Assert.That(Answer.Of(study, rows), Does.Not.Contain("too short"));
        List<ResultRow> doubtful = [.. rows.Select(row => row == gains[0] ? row with { Low = 0.9, High = 1.6 } : row)];
        Assert.That(Answer.Of(study, doubtful), Does.Match(@"times that of .* at workload.work-scale=2 and .* times at workload.work-scale=1 \(too short to tell which is faster\)\."));
    }

    [Test]
    public void Where_nothing_was_measured_there_is_no_answer()
    {
        var (study, _, _) = report.Value;
        Assert.That(Answer.Of(study, []), Is.Empty);
        Assert.That(HtmlReport.Text(study, [], [], []), Does.Not.Contain("class=\"answer\""));
    }

    static (StudyResult Study, IReadOnlyList<ResultRow> Rows) Run(string rest)
    {
        var folder = Directory.CreateTempSubdirectory("underbridge-");
        try
        {
            var file = Path.Combine(folder.FullName, "report.yaml");
            File.WriteAllText(file, $"name: report\ntitle: A title\nquestion: What is it?\nmachine: xeon-gold-6138\n{rest.ReplaceLineEndings("\n")}\n");
            var study = new ScenarioRunner(catalogue).Run(ScenarioReader.Load(file, catalogue), jobs: 2);
            return (study, StudyRows.Of(study));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The cells of the rows below the heading of each table, by its caption.
    static Dictionary<string, List<string[]>> Tables(string html) => Table().Matches(html).ToDictionary(
        table => WebUtility.HtmlDecode(table.Groups["caption"].Value),
        table => Regex.Matches(table.Groups["body"].Value, "<tr>(.*?)</tr>").Select(row => Regex.Matches(row.Groups[1].Value, "<td[^>]*>(.*?)</td>").Select(cell => WebUtility.HtmlDecode(cell.Groups[1].Value)).ToArray()).ToList());

    [GeneratedRegex("<table>\\s*<caption>(?<caption>.*?)</caption>.*?<tbody>(?<body>.*?)</tbody>", RegexOptions.Singleline)]
    private static partial Regex Table();
}
