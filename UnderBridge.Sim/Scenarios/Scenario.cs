using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>A question asked of the simulator: which systems, on which machine, under which workload, and what to draw of the answer.</summary>
public sealed record Scenario
{
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required string Question { get; init; }

    /// <summary>Name of a hardware profile of the catalogue.</summary>
    public required string Machine { get; init; }

    public int Seed { get; init; } = 1;
    public required IReadOnlyList<SystemUnderTest> Systems { get; init; }
    public required Workload Workload { get; init; }
    public Sweep? Sweep { get; init; }

    /// <summary>Values set over the catalogue and the file, by stable key, in the order given.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    public IReadOnlyList<FigureRequest> Figures { get; init; } = [];

    /// <summary>The file this was read from, as the user named it; empty for scenarios made in code.</summary>
    public string File { get; init; } = "";

    /// <summary>True when results hold the shares of direct and indirect cost and of work: a figure asks for them, or no figure is asked for.</summary>
    internal bool ReportsShares => Figures.Count == 0 || Figures.Any(figure => figure.Kind == FigureRequest.CostShare);

    /// <summary>Where a file lies that the scenario names relative to its own folder.</summary>
    internal string Locate(string path) => Path.Combine(Path.GetDirectoryName(File) ?? "", path);

    /// <summary>The points of its sweep, or the one of a scenario that sweeps nothing.</summary>
    public IReadOnlyList<SweepPoint> Points => Sweep?.Points ?? [SweepPoint.Origin];

    /// <summary>The scenario at one point of its sweep, without the sweep.</summary>
    internal Scenario At(SweepPoint point) => this with
    {
        Sweep = null,
        Settings = [.. Settings.Where(setting => point.Settings.All(swept => swept.Key != setting.Key)), .. point.Settings],
    };
}

/// <summary>One bar: a system, the kernel it is ported to (empty when it is none or its own), and its KPTI variant.</summary>
public sealed record SystemUnderTest(string System, string Base, KptiVariant Variant, string Label)
{
    /// <summary>What the catalogue calls the system and its base; their names in scenarios made in code.</summary>
    public string Title { get; init; } = System;
    public string BaseTitle { get; init; } = Base;
}

/// <summary>Whether a bar fixes KPTI or leaves it to the kernel's own default.</summary>
public enum KptiVariant { Default, Kpti, NoKpti }

/// <summary>A key set to a value, as <c>--set machine.wrpkru=128</c> or an entry under <c>set:</c>; <paramref name="Place"/> says where for messages.</summary>
public sealed record Setting(string Key, string Value, string Place);

/// <summary>
/// A figure to draw: its kind, one of <see cref="Kinds"/>, file stem and title; for a heat map <paramref name="Against"/> names the system that UnderBridge is held against.
/// </summary>
public sealed record FigureRequest(string Kind, string Name, string Title, string Against = "")
{
    /// <summary>For <see cref="OfMetrics"/>: the metric to show, and its axis; for lines also what the points are. Empty texts leave it to the metric.</summary>
    public string Metric { get; init; } = "";

    /// <summary>For a tornado: the system whose metric it takes apart, over that of <see cref="Against"/> if there is one, and how many samples of all numbers together it draws.</summary>
    public string System { get; init; } = "";
    public int Samples { get; init; }

    /// <summary>For a tornado: the point of results at which it stands, a value alone where one key is swept; empty where the scenario has no axis.</summary>
    public string At { get; init; } = "";

    /// <summary>For a tornado: requests or operations that each of its runs measures; 0 for those of the workload.</summary>
    public int Units { get; init; }
    public string X { get; init; } = "";
    public string Y { get; init; } = "";
    internal LogAxes Log { get; init; }

    /// <summary>How the figure came about and how to read it, in place of the usual words.</summary>
    public string Caption { get; init; } = "";

    public const string RoundTrip = "round-trip";
    public const string Composition = "composition";
    public const string CostShare = "cost-share";
    public const string Throughput = "throughput";
    public const string RatioCurve = "ratio-curve";
    public const string HeatMap = "heat-map";
    public const string Lines = "lines";
    public const string Bars = "bars";
    public const string Tornado = "tornado";
    public const string Pareto = "pareto";
    public const string Audit = "audit";
    public const string AttackMatrix = "attack-matrix";

    internal static readonly IReadOnlyList<string> Kinds = [RoundTrip, Composition, CostShare, Throughput, RatioCurve, HeatMap, Lines, Bars, Tornado, Pareto, Audit, AttackMatrix];

    /// <summary>Kinds that show what one kind of workload alone finds out.</summary>
    internal static readonly IReadOnlyDictionary<string, string> OfWorkloads = new Dictionary<string, string>
    {
        [Pareto] = BothEnds.Name, [Audit] = BothEnds.Name, [AttackMatrix] = Attacks.Name,
    };

    /// <summary>Kinds that show any metric of the results: lines over the points, or bars.</summary>
    internal static readonly IReadOnlyList<string> OfMetrics = [Lines, Bars];

    /// <summary>The system whose gain over others ratio curves and heat maps show.</summary>
    internal const string Subject = "underbridge";

    /// <summary>Kinds that show how results move over the points of a sweep.</summary>
    internal static readonly IReadOnlyList<string> OfSweeps = [RatioCurve, HeatMap];
}

/// <summary>The axes of a figure that are logarithmic.</summary>
enum LogAxes { None, X, Y, Both }

/// <summary>What the systems are asked to do.</summary>
public abstract record Workload
{
    /// <summary>What a file calls this kind of workload.</summary>
    internal abstract string Kind { get; }

    /// <summary>What is measured of it, by the names that results use.</summary>
    internal abstract IReadOnlyList<string> Measures { get; }

    /// <summary>What the points of its readings count, such as servers or milliseconds, where the workload runs over an axis of its own; else empty.</summary>
    internal virtual string OwnAxis => "";

    /// <summary>The measures that are one number of one run, which a tornado can take apart.</summary>
    internal virtual IReadOnlyList<string> Scalars => [];

    /// <summary>Where on its own axis a measure is taken; empty where the workload has no axis of its own.</summary>
    internal virtual IReadOnlyList<int> OwnPoints(string metric) => [];

    /// <summary>The workload with one of its own points left, and with what it takes for one measure.</summary>
    internal virtual Workload AtOwn(string metric, int point) => this;

    /// <summary>The workload with so many requests or operations measured, after a warm-up of no more; null where that can not be said.</summary>
    internal virtual Workload? Shortened(int units) => null;

    /// <summary>The measures that hang on random numbers, of which a precision may be asked; empty where nothing is random, so that one run says all.</summary>
    internal virtual IReadOnlyList<string> Random => [];

    /// <summary>Factor on every cycle of real work in app and servers.</summary>
    public double WorkScale { get; init; } = 1;

    /// <summary>Runs on streams of their own, from 1, which every system is given alike; the most of them, where a precision is asked for.</summary>
    public int Replications { get; init; } = 1;

    /// <summary>Relative error of each of the <see cref="Random"/> measures at which replications end, such as 0.02 for 2 %; 0 asks for none.</summary>
    public double Precision { get; init; }
}

/// <summary>Two servers call each other in a warm loop.</summary>
public sealed record PingPong : Workload
{
    internal override string Kind => WorkloadReader.PingPong;
    internal override IReadOnlyList<string> Measures => [Metrics.RoundTrip];
    internal override IReadOnlyList<string> Scalars => Measures;
    public int WarmUp { get; init; } = 200;
    public int RoundTrips { get; init; } = 1000;
}

/// <summary>An application's recorded calls are replayed against servers.</summary>
public sealed record Replay : Workload
{
    internal override string Kind => WorkloadReader.Replay;
    internal override IReadOnlyList<string> Measures => [Metrics.Throughput, Metrics.Normalised];
    internal override IReadOnlyList<string> Scalars => [Metrics.Throughput];
    internal override IReadOnlyList<string> Random => [Metrics.Throughput];
    internal override Workload Shortened(int units) => this with { Operations = units, WarmUp = Math.Min(WarmUp, units) };

    /// <summary>strace output, plain or gzip; relative to the scenario's folder unless absolute.</summary>
    public required string Trace { get; init; }

    /// <summary>CSV of time-stamped calls (<c>start_tsc,end_tsc,op,...</c>), or null when the trace alone is known.</summary>
    public string? Timed { get; init; }

    /// <summary>Text of the calls that open and close the measured part; null takes the whole trace.</summary>
    public string? Begin { get; init; }
    public string? End { get; init; }

    /// <summary>Text found in the last call of each operation; null makes every call an operation.</summary>
    public string? OperationEnd { get; init; }

    /// <summary>Name of a call table of the catalogue, and rows that replace some of its own (call -> server, or <c>app</c>).</summary>
    public string Calls { get; init; } = "posix-files";
    public IReadOnlyDictionary<string, string> Routes { get; init; } = new Dictionary<string, string>();

    /// <summary>Compute gaps of the timed CSV above this many cycles are preemptions of the recording, and dropped.</summary>
    public double MaxGap { get; init; } = 50_000;

    /// <summary>Cycles of app compute before each call when there is no timed CSV.</summary>
    public Sourced<double>? ComputePerCall { get; init; }

    /// <summary>Operations replayed before measuring starts, operations measured (0: all), and batches they are cut into.</summary>
    public int WarmUp { get; init; }
    public int Operations { get; init; }
    public int Batches { get; init; } = 20;
}
