using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

public class MonitorTests
{
    Simulation env = new();

    [SetUp]
    public void Start() => env = new();

    [Test]
    public void A_sample_monitor_gives_the_moments_of_the_population()
    {
        var monitor = new SampleMonitor("x", collect: true);
        foreach (var value in (double[])[2, 4, 4, 4, 5, 5, 7, 9]) monitor.Add(value);
        Assert.That((monitor.Count, monitor.Min, monitor.Max, monitor.Total, monitor.Mean, monitor.Last), Is.EqualTo((8, 2.0, 9.0, 40.0, 5.0, 9.0)));
        Assert.That((monitor.Variance, monitor.StdDev), Is.EqualTo((4.0, 2.0)));
        Assert.That((monitor.GetMedian(), monitor.GetPercentile(0), monitor.GetPercentile(1), monitor.GetPercentile(6.5 / 7)), Is.EqualTo((4.5, 2.0, 9.0, 8.0)));
        Assert.That(monitor.Samples, Is.EqualTo(new[] { 2, 4, 4, 4, 5, 5, 7, 9 }));
        monitor.Reset();
        Assert.That((monitor.Count, monitor.Mean, monitor.GetMedian()), Is.EqualTo((0, double.NaN, double.NaN)));
    }

    [Test]
    public void The_variance_does_not_lose_its_digits_to_a_large_mean()
    {
        var monitor = new SampleMonitor();
        foreach (var value in (double[])[4, 7, 13, 16]) monitor.Add(1e9 + value);
        Assert.That(monitor.Variance, Is.EqualTo(22.5));
    }

    [Test]
    public void A_monitor_that_is_not_active_counts_nothing()
    {
        var samples = new SampleMonitor { Active = false };
        samples.Add(1);
        samples.Active = true;
        samples.Add(3);
        Assert.That((samples.Count, samples.Mean), Is.EqualTo((1, 3.0)));
    }

    [Test]
    public void A_time_series_weighs_levels_with_their_duration_up_to_now()
    {
        var monitor = new TimeSeriesMonitor(env, 2, "x", collect: true);
        env.RunD(5);
        monitor.Increase(4);
        env.RunD(3);
        monitor.Decrease();
        env.RunD(2);
        Assert.That((monitor.Area, monitor.Mean, monitor.Min, monitor.Max, monitor.Current, monitor.TotalTimeD), Is.EqualTo((38.0, 3.8, 2.0, 6.0, 5.0, 10.0)));
        Assert.That(monitor.Variance, Is.EqualTo((5 * 1.8 * 1.8 + 3 * 2.2 * 2.2 + 2 * 1.2 * 1.2) / 10).Within(1e-12));
        Assert.That((monitor.GetPercentile(0.5), monitor.GetPercentile(0.51), monitor.GetPercentile(1)), Is.EqualTo((2.0, 5.0, 6.0)));
        Assert.That(monitor.Series.Select(e => e.Level), Is.EqualTo(new[] { 2.0, 6.0, 5.0 }));
        Assert.That(monitor.Series.Select(e => (e.Date, e.Duration)), Is.EqualTo(new[] { (0.0, 5.0), (5.0, 3.0), (8.0, 2.0) }));
    }

    [Test]
    public void The_warm_up_of_a_time_series_does_not_count_but_its_level_is_followed()
    {
        var monitor = new TimeSeriesMonitor(env, collect: true) { Active = false };
        env.RunD(5);
        monitor.UpdateTo(100);
        env.RunD(5);
        monitor.UpdateTo(3);
        monitor.Active = true;
        env.RunD(2);
        monitor.UpdateTo(5);
        env.RunD(2);
        Assert.That((monitor.Mean, monitor.TotalTimeD, monitor.Min, monitor.Max), Is.EqualTo((4.0, 4.0, 3.0, 5.0)));
        monitor.Active = false;
        env.RunD(100);
        monitor.Active = true;
        env.RunD(4);
        Assert.That((monitor.Mean, monitor.TotalTimeD, monitor.GetPercentile(0.25), monitor.GetPercentile(0.26)), Is.EqualTo((4.5, 8.0, 3.0, 5.0)));
        Assert.That(monitor.Series.Select(e => (e.Date, e.Duration, e.Level)), Is.EqualTo(new[] { (0.0, 0.0, 0.0), (10.0, 2.0, 3.0), (12.0, 2.0, 5.0), (114.0, 4.0, 5.0) }));
        monitor.Reset(7);
        env.RunD(1);
        Assert.That((monitor.Mean, monitor.Min, monitor.TotalTimeD), Is.EqualTo((7.0, 7.0, 1.0)));
    }

    [Test]
    public void Monitors_say_when_they_change()
    {
        var updates = 0;
        var (samples, series) = (new SampleMonitor(), new TimeSeriesMonitor(env));
        samples.Updated += (_, _) => updates++;
        series.Updated += (_, _) => updates++;
        samples.Add(1);
        series.UpdateTo(1);
        series.Increase();
        Assert.That(updates, Is.EqualTo(3));
    }

    [Test]
    public void A_summary_ends_in_a_histogram_that_holds_every_value()
    {
        var monitor = new SampleMonitor("wait", collect: true);
        for (var i = 0; i < 100; i++) monitor.Add(i);
        var lines = monitor.Summarize(maxBins: 4).Split('\n');
        Assert.That(lines[0], Is.EqualTo("Samples wait"));
        Assert.That(lines[^5], Is.EqualTo("           0   25.0% **********"));
        Assert.That(lines, Has.Length.EqualTo(1 + 6 + 4 + 1));
        Assert.That(monitor.Summarize(withHistogram: false).Split('\n'), Has.Length.EqualTo(8));
        Assert.That(new SampleMonitor().Summarize(), Does.StartWith("Samples"));
        Assert.That(new TimeSeriesMonitor(env, "level").ToString(), Does.StartWith("Time series level\n"));
    }

    [Test]
    public void Numbers_in_tables_have_a_fixed_width()
    {
        Assert.That(Formatter.Format12(1234.56789), Is.EqualTo("    1234.568"));
        Assert.That(Formatter.Format15(double.NaN), Is.EqualTo(new string(' ', 15)));
        Assert.That(Formatter.Format12(1e20), Has.Length.EqualTo(12));
    }

    [Test]
    public void A_report_writes_a_line_an_interval_with_one_column_a_measure()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var monitor = new TimeSeriesMonitor(env, 4);
        Report.CreateBuilder(env).Add("wip", monitor, Report.Measures.Mean | Report.Measures.Max).SetOutput(text).SetSeparator(";").SetTimeAPI()
            .SetPeriodicUpdateD(2).Build();
        env.RunD(3);
        monitor.UpdateTo(0);
        env.RunD(2);
        Assert.That(text.ToString(), Is.EqualTo("Time;wip.Max;wip.Mean\n2;4;4\n4;4;3\n"));
    }

    [Test]
    public void A_report_can_be_written_at_the_end_by_hand_or_on_each_change()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var monitor = new SampleMonitor();
        var builder = Report.CreateBuilder(env).Add("x", monitor, Report.Measures.Last).SetOutput(text).SetTimeAPI();
        builder.SetFinalUpdate(withHeaders: false).Build();
        monitor.Add(1.5);
        env.RunD(1);
        Assert.That(text.ToString(), Is.EqualTo("1\t1.5\n"));
        text.GetStringBuilder().Clear();
        var second = new SampleMonitor();
        var manual = Report.CreateBuilder(env).Add("y", second, Report.Measures.Sum).SetOutput(text).SetManualUpdate().Build();
        Report.CreateBuilder(env).Add("z", second, Report.Measures.Min).SetOutput(text).SetTimeAPI().SetAutoUpdate(withHeaders: false).Build();
        second.Add(7);
        manual.Update();
        Assert.That(text.ToString(), Is.EqualTo("1\t7\nTime\ty.Sum\n1970-01-01 00:00:01.0000000\t7\n"));
    }

    [Test]
    public void A_report_that_is_told_nothing_has_headers_and_a_line_a_change()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var monitor = new SampleMonitor();
        Report.CreateBuilder(env).Add("x", monitor, Report.Measures.Last).SetOutput(text).SetTimeAPI().Build();
        Assert.That(text.ToString(), Is.Empty);
        monitor.Add(3);
        env.RunD(1);
        monitor.Add(4);
        Assert.That(text.ToString(), Is.EqualTo("Time\tx.Last\n0\t3\n1\t4\n"));
    }
}
