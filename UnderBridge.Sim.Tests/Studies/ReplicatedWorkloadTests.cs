using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests;

/// <summary>Every workload in which something is random can be replicated; each replication is the run that a scenario of its seed makes.</summary>
public class ReplicatedWorkloadTests
{
    const int Runs = 4;

    static readonly string[] systems = ["sel4 with kpti", "underbridge on sel4"];

    static readonly Scenario sqlite = Shipped.Scenario("sqlite-ycsb-a");

    static readonly Workload[] random =
    [
        new Services { Servers = [2, 5], WarmUp = 20, Requests = 60 },
        new ServiceMix { WarmUp = 10, Operations = 40 },
        new CallLoop { WarmUp = 20, Requests = 60 },
        new Population { MostApps = 4, MostServers = 4, Apps = 4, Servers = 3, Calls = 10, WarmUp = 5 },
        new ServerFaults { Trials = 2, Load = 10, Before = 0.5, After = 1 },
        new ClosedLoop { Load = new() { Cores = 2, WarmUp = 10, Requests = 40 } },
        (Replay)sqlite.Workload with { WarmUp = 5, Operations = 40, Batches = 2 },
    ];

    static IEnumerable<TestCaseData> Random => random.Select(workload => new TestCaseData(workload).SetArgDisplayNames(workload.Kind));

    static IEnumerable<TestCaseData> Fixed => new Workload[] { new PingPong(), new BothEnds(), new Attacks() }.Select(workload => new TestCaseData(workload).SetArgDisplayNames(workload.Kind));

    static StudyResult Run(Workload workload, int seed = 1, int jobs = 2, bool native = true)
    {
        var scenario = new Scenario
        {
            Name = "repeated", Title = "Repeated", Question = "What differs?", Machine = "xeon-gold-6138", Seed = seed, Workload = workload, File = sqlite.File,
            Systems = [.. native ? [new("native", "sel4", KptiVariant.Kpti, "seL4")] : Array.Empty<SystemUnderTest>(), new("underbridge", "sel4", KptiVariant.Default, "UnderBridge")],
        };
        return new ScenarioRunner(Shipped.Catalogue).Run(scenario, jobs);
    }

    static IReadOnlyList<ResultRow> Rows(StudyResult study) => StudyRows.Of(study);

    [TestCaseSource(nameof(Random))]
    public void Replications_are_the_runs_of_their_seeds_put_together(Workload workload)
    {
        var together = Run(workload with { Replications = Runs });
        var alone = Enumerable.Range(0, Runs).Select(i => Run(workload, Replication.Seed(1, i))).ToList();
        for (var system = 0; system < together.Observations.Count; system++)
        {
            var (joined, single) = (together.Observations[system], alone.Select(study => study.Observations[system]).ToList());
            Assert.That(joined.Replications, Is.EqualTo(Runs));
            Assert.That(joined.Units, Is.EqualTo(single.SelectMany(one => one.Units)));
            Assert.That(joined.Cycles, Is.EqualTo(single.Sum(one => one.Cycles)));
            foreach (var (reading, i) in joined.Readings.Select((reading, i) => (reading, i)))
                Assert.That(reading.Value.Value, Is.InRange(single.Min(one => one.Readings[i].Value.Value) - 1e-6, single.Max(one => one.Readings[i].Value.Value) + 1e-6), reading.Metric);
        }
    }

    [TestCaseSource(nameof(Random))]
    public void What_differs_between_replications_has_an_interval_over_them_and_they_are_counted(Workload workload)
    {
        var rows = Rows(Run(workload with { Replications = Runs }));
        var alone = Enumerable.Range(0, Runs).Select(i => Rows(Run(workload, Replication.Seed(1, i)))).ToList();
        var measured = rows.Where(row => workload.Random.Contains(row.Metric)).ToList();
        double[] Values(ResultRow row) => [.. alone.Select(one => one.Single(other => (other.System, other.Point, other.Metric) == (row.System, row.Point, row.Metric)).Value)];
        foreach (var row in measured) Assert.That(row.High!.Value - row.Low!.Value > 1e-9, Is.EqualTo(Values(row).Distinct().Count() > 1), $"{row}");
        Assert.That(measured.Count(row => row.High > row.Low), Is.GreaterThan(0), "nothing is random");
        Assert.That(rows.Where(row => row.Metric == Metrics.Replications).Select(row => row.Value), Is.EqualTo(new double[] { Runs, Runs }));
        Assert.That(Rows(Run(workload)).Select(row => row.Metric), Has.None.EqualTo(Metrics.Replications));
    }

    [TestCaseSource(nameof(Random))]
    public void Any_number_of_jobs_gives_the_same(Workload workload)
    {
        var asked = workload with { Replications = 3 };
        Assert.That(ResultsCsv.Text(Rows(Run(asked, jobs: 1))), Is.EqualTo(ResultsCsv.Text(Rows(Run(asked, jobs: 4)))));
    }

    [Test]
    public void Systems_share_random_numbers_so_that_a_ratio_is_narrower_than_of_runs_that_owe_each_other_nothing()
    {
        var rows = Rows(Run(new Services { Servers = [5], WarmUp = 20, Requests = 60, Replications = 10 }));
        ResultRow Of(string metric, string system = "underbridge") => rows.Single(row => row.Metric == metric && row.System == system);
        double Width(ResultRow row) => (row.High!.Value - row.Low!.Value) / row.Value;
        var unpaired = Math.Sqrt(Math.Pow(Width(Of(Metrics.Throughput)), 2) + Math.Pow(Width(Of(Metrics.Throughput, "native")), 2));
        Assert.That(Width(Of(Metrics.Normalised)), Is.InRange(0.01 * unpaired, 0.8 * unpaired));
        Assert.That(Of(Metrics.Normalised).Value, Is.EqualTo(Of(Metrics.Throughput).Value / Of(Metrics.Throughput, "native").Value).Within(1e-9));
    }

    // On one core a request takes all the time that passes between two of them.
    [TestCase(1)]
    [TestCase(3)]
    public void The_cycles_of_a_request_are_those_that_its_causes_add_up_to(int replications)
    {
        var study = Run(new ClosedLoop { Load = new() { Cores = 1, WarmUp = 30, Requests = 60, Exponential = false }, Replications = replications });
        var table = Breakdown.Of(study);
        foreach (var (row, observation) in table.Rows.Zip(study.Observations))
        {
            var perRequest = observation.Spec.Machine.Tsc.Hertz / observation.Readings[0].Value.Value;
            Assert.That(double.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(0.97 * perRequest, 1.03 * perRequest), row[0]);
        }
    }

    [Test]
    public void A_precision_ends_replications_and_a_measure_that_misses_it_is_too_short()
    {
        var mix = new ServiceMix { WarmUp = 10, Operations = 40, Replications = 12 };
        double Count(Workload workload) => Rows(Run(workload)).First(row => row.Metric == Metrics.Replications).Value;
        Assert.That((Count(mix with { Precision = 0.2 }), Count(mix with { Precision = 1e-9 }), Count(mix)), Is.EqualTo((10.0, 12.0, 12.0)));
        string[] Short(Workload workload) => [.. Rows(Run(workload)).Where(row => row.Status == "too-short").Select(row => row.Metric).Distinct()];
        Assert.That(Short(mix with { Precision = 1e-9 }), Is.EqualTo(mix.Random));
        Assert.That(Short(mix with { Precision = 0.2 }), Is.Empty);
        Assert.That(Short(mix with { Replications = 1, Precision = 1e-9 }), Is.EqualTo(mix.Random), "one run");
    }

    // Five replications a scenario: an interval at 95 % must hold the mean of all 1,000 runs about as often as that.
    [Test]
    public void Intervals_over_replications_hold_the_mean_as_often_as_they_promise()
    {
        const int scenarios = 200;
        var loop = new ClosedLoop { Load = new() { WarmUp = 2, Requests = 20 }, Replications = 5 };
        var estimates = Enumerable.Range(1, scenarios).Select(seed => Run(loop, seed, native: false).Observations[0].Readings[0].Value).ToList();
        var mean = estimates.Average(estimate => estimate.Value);
        Assert.That(estimates.Count(estimate => estimate.Low <= mean && mean <= estimate.High), Is.InRange(0.91 * scenarios, 0.985 * scenarios));
    }

    [TestCaseSource(nameof(Fixed))]
    public void Where_nothing_is_random_replications_are_refused_in_a_sentence(Workload workload)
    {
        var instead = workload is Attacks ? "'trials', which repeats what strikes at random" : $"none, for nothing is random in a workload of kind '{workload.Kind}': one run says all";
        Assert.That(() => Study.Compare("xeon-gold-6138", systems, workload with { Replications = 5, Precision = 0.1 }, new() { Catalogue = Shipped.Catalogue }),
            Throws.TypeOf<InputException>().With.Message.EqualTo($"study: found 'replications', expected {instead}\nstudy: found 'precision', expected {instead}"));
        Assert.That(() => Study.Compare("xeon-gold-6138", systems, workload, new() { Catalogue = Shipped.Catalogue, Settings = ["workload.replications=5"] }),
            Throws.TypeOf<InputException>().With.Message.EqualTo($"--set workload.replications=5: found 'workload.replications', expected {instead}"));
    }

    [TestCaseSource(nameof(Fixed))]
    public void Where_nothing_is_said_to_be_random_every_seed_gives_the_same(Workload workload)
    {
        var asked = workload switch { PingPong loop => loop with { RoundTrips = 30 }, BothEnds both => both with { Loop = both.Loop with { RoundTrips = 30 } }, _ => workload };
        Assert.That(ResultsCsv.Text(Rows(Run(asked, seed: 2))), Is.EqualTo(ResultsCsv.Text(Rows(Run(asked, seed: 1)))));
    }
}
