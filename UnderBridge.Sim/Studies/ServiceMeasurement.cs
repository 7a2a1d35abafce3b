using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Services;

namespace UnderBridge.Sim.Studies;

/// <summary>Runs an app and its servers, once for each number of servers, and reads how fast requests are answered and how often servers or keys move.</summary>
sealed class ServiceMeasurement
{
    /// <summary>The program of its servers.</summary>
    public const string Program = "service";

    const string Requests = "requests";

    readonly Services mix;
    readonly SimulatedSystem simulated;
    readonly RequestStream stream;
    readonly ServiceApp app;
    readonly int windows;
    readonly List<long> migrations = [];
    LedgerMark begin;
    (long Migrations, long Exchanges) before;

    ServiceMeasurement(ResolvedScenario scenario, SystemSpec spec, Services mix, int count, Catalogue catalogue)
    {
        this.mix = mix;
        simulated = new SimulatedSystem(spec, scenario.Scenario.Seed);
        simulated.TellOtherCores(mix.OtherCores);
        var popularity = new Popularity(mix.Zipf, mix.ShiftEvery, mix.ShiftBy);
        stream = new RequestStream(simulated.Environment.Stream(Requests), count, mix.WarmUp + mix.Requests, mix.Calls, popularity);
        var program = catalogue.Programs[Program];
        var servers = simulated.AddServers(mix.WorkScale, [.. Enumerable.Range(0, count)
            .Select(number => (program with { Name = string.Create(CultureInfo.InvariantCulture, $"server {number}") }, (IServerHandler)new Service(number, stream)))]);
        app = new ServiceApp(simulated, catalogue.Programs["client"], stream, servers, mix.WorkScale);
        _ = new Rebalancing(simulated, servers, new PolicySettings(mix.Hysteresis, mix.Smoothing, mix.Horizon), (long)mix.Epoch, stream, () => app.Answered);
        windows = Math.Min(mix.Windows, mix.Requests);
        begin = LedgerMark.Take(simulated);
        if (mix.WarmUp == 0) migrations.Add(0);
    }

    public static Observation Of(ResolvedScenario scenario, SystemSpec spec, Services mix, SystemUnderTest system, string point, Catalogue catalogue, bool ranges)
    {
        Observation? last = null;
        var readings = new List<Reading>();
        var references = ranges ? new ReferenceRuns(catalogue) : null;
        foreach (var count in mix.Servers)
        {
            var measurement = new ServiceMeasurement(scenario, spec, mix, count, catalogue);
            last = measurement.Run(system, point);
            readings.AddRange(measurement.Readings(last, count, references));
        }
        return last! with { Readings = readings };
    }

    Observation Run(SystemUnderTest system, string point)
    {
        app.Run(Answered);
        if (simulated.Core.Faults.Count > 0) throw new ProtectionFaultException(system.Label, simulated.Core.Faults);
        var units = Enumerable.Range(mix.WarmUp, mix.Requests).Select(i => app.Ends[i] - (i == 0 ? 0 : app.Ends[i - 1])).ToList();
        return Measurement.Since(begin, simulated, system, point, units);
    }

    void Answered(int request)
    {
        if (request == mix.WarmUp)
        {
            begin = LedgerMark.Take(simulated);
            before = (simulated.Migrations, simulated.KeyExchanges);
        }
        if (migrations.Count <= windows && request == EndOf(migrations.Count)) migrations.Add(simulated.Migrations);
    }

    // Window 0 is the warm-up.
    int EndOf(int window) => mix.WarmUp + (windows == 0 ? 0 : (int)((long)mix.Requests * window / windows));

    IEnumerable<Reading> Readings(Observation observation, int count, ReferenceRuns? references)
    {
        var hertz = observation.Spec.Machine.Tsc.Hertz;
        var requests = observation.Units.Count;
        var point = count.ToString(CultureInfo.InvariantCulture);
        var range = references is not null && Sensitivity.Of(observation, references.Of).Range() is { } ends ? ((double, double)?)(requests * hertz / ends.High, requests * hertz / ends.Low) : null;
        yield return Reading.Rate(Metrics.Throughput, observation.Units, hertz, point, Math.Min(mix.Batches, requests)) with { Range = range };
        yield return new Reading(Metrics.Migrations, "moves", Estimate.Exact(simulated.Migrations - before.Migrations), point);
        yield return new Reading(Metrics.KeyExchanges, "exchanges", Estimate.Exact(simulated.KeyExchanges - before.Exchanges), point);
        for (var window = 1; window <= windows; window++) foreach (var reading in Window(window, hertz)) yield return reading;
    }

    IEnumerable<Reading> Window(int window, double hertz)
    {
        var (first, last) = (EndOf(window - 1), EndOf(window));
        var cycles = app.Ends[last - 1] - (first == 0 ? 0 : app.Ends[first - 1]);
        var point = (last - mix.WarmUp).ToString(CultureInfo.InvariantCulture);
        yield return new Reading(Metrics.WindowThroughput, "op/s", Estimate.Exact((last - first) * hertz / cycles), point) { Sample = RatioSample.Once((last - first) * hertz, cycles) };
        yield return new Reading(Metrics.WindowMigrations, "moves", Estimate.Exact(migrations[window] - migrations[window - 1]), point);
    }
}
