using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>A question asked of the simulator: which systems, on which machine, under which workload, and what to draw of the answer.</summary>
public sealed record Scenario
{
    /// <summary>That of the file, without its ending; the folder of its results is called so.</summary>
    public required string Name { get; init; }

    /// <summary>What reports are headed with.</summary>
    public required string Title { get; init; }

    /// <summary>What it asks, as a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>Name of a hardware profile of the catalogue.</summary>
    public required string Machine { get; init; }

    /// <summary>Of every random stream.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What is compared; several results are held against the first of the same base.</summary>
    public required IReadOnlyList<SystemUnderTest> Systems { get; init; }

    /// <summary>What they are asked to do.</summary>
    public required Workload Workload { get; init; }

    /// <summary>Keys that run over many values; null for none.</summary>
    public Sweep? Sweep { get; init; }

    /// <summary>Values set over the catalogue and the file, by stable key, in the order given.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>What to draw of the results.</summary>
    public IReadOnlyList<FigureRequest> Figures { get; init; } = [];

    /// <summary>The file this was read from, as the user named it; empty for scenarios made in code.</summary>
    public string File { get; init; } = "";

    /// <summary>The catalogue that it was read with; null for scenarios made in code.</summary>
    internal Catalogue? Catalogue { get; init; }

    /// <summary>The machine that it runs on: the latest that was set, or its own.</summary>
    internal string MachineInForce => Settings.LastOrDefault(setting => setting.Key == SettableKeys.WhichMachine)?.Value ?? Machine;

    /// <summary>The scenario with settings that come after its own: of two for one key the later holds.</summary>
    internal Scenario With(IReadOnlyList<Setting> settings) => this with
    {
        Settings =
        [
            .. Settings.Where(setting => settings.All(over => over.Key != setting.Key)),
            .. settings.Where((setting, index) => settings.Skip(index + 1).All(later => later.Key != setting.Key)),
        ],
    };

    /// <summary>True when results hold the shares of direct and indirect cost and of work: a figure asks for them, or no figure is asked for.</summary>
    internal bool ReportsShares => Figures.Count == 0 || Figures.Any(figure => figure.Kind == FigureRequest.CostShare);

    /// <summary>Where a file lies that the scenario names relative to its own folder.</summary>
    internal string Locate(string path) => Path.Combine(Path.GetDirectoryName(File) ?? "", path);

    /// <summary>The points of its sweep, or the one of a scenario that sweeps nothing.</summary>
    public IReadOnlyList<SweepPoint> Points => Sweep?.Points ?? [SweepPoint.Origin];

    /// <summary>The scenario at one point of its sweep, without the sweep.</summary>
    internal Scenario At(SweepPoint point) => With(point.Settings) with { Sweep = null };
}

/// <summary>One system of a comparison, which is one bar.</summary>
/// <param name="System">A design or a kernel of the catalogue, by name.</param>
/// <param name="Base">The kernel that a design is ported to; empty for the one it was written for, and for kernels.</param>
/// <param name="Variant">Whether it runs under KPTI.</param>
/// <param name="Label">What figures and answers call it.</param>
public sealed record SystemUnderTest(string System, string Base, KptiVariant Variant, string Label)
{
    /// <summary>What the catalogue calls the system; its name in scenarios made in code.</summary>
    public string Title { get; init; } = System;

    /// <summary>What the catalogue calls the base; its name in scenarios made in code.</summary>
    public string BaseTitle { get; init; } = Base;
}

/// <summary>Whether a bar fixes KPTI or leaves it to the kernel's own default.</summary>
public enum KptiVariant
{
    /// <summary>As a setting says; without one, on where the design needs it or the kernel is built with it.</summary>
    Default,

    /// <summary>With KPTI, whatever settings say.</summary>
    Kpti,

    /// <summary>Without KPTI, whatever settings and the design say.</summary>
    NoKpti,
}

/// <summary>A key set to a value, as <c>--set machine.wrpkru=128</c> or an entry under <c>set:</c>.</summary>
/// <param name="Key">What may be set, such as <c>machine.wrpkru</c>.</param>
/// <param name="Value">A number, or one of the words that the key takes.</param>
/// <param name="Place">Where it was set, for messages.</param>
public sealed record Setting(string Key, string Value, string Place);

/// <summary>A figure to draw.</summary>
/// <param name="Kind">One of the constants of this type, such as <see cref="RoundTrip"/>.</param>
/// <param name="Name">Stem of its files, unique in a scenario.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Against">For a heat map the system that UnderBridge is held against, for a tornado one that the system's metric is divided by; else empty.</param>
public sealed record FigureRequest(string Kind, string Name, string Title, string Against = "")
{
    /// <summary>For lines, bars, a tornado and a Pareto figure: the metric to show.</summary>
    public string Metric { get; init; } = "";

    /// <summary>For a tornado: the system whose metric it takes apart.</summary>
    public string System { get; init; } = "";

    /// <summary>For a tornado: how many samples of all numbers together it draws.</summary>
    public int Samples { get; init; }

    /// <summary>For a tornado: the point of results at which it stands, a value alone where one key is swept; empty where the scenario has no axis.</summary>
    public string At { get; init; } = "";

    /// <summary>For a tornado: requests or operations that each of its runs measures; 0 for those of the workload.</summary>
    public int Units { get; init; }

    /// <summary>For lines: what the points are; empty leaves it to the metric.</summary>
    public string X { get; init; } = "";

    /// <summary>For lines, bars and a tornado: what the values are; empty leaves it to the metric.</summary>
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

    /// <summary>Relative error, of each measure that hangs on random numbers, at which replications end: 0.02 for 2 %; 0 asks for none.</summary>
    public double Precision { get; init; }
}

/// <summary>Two servers call each other in a warm loop.</summary>
public sealed record PingPong : Workload
{
    internal override string Kind => WorkloadReader.PingPong;
    internal override IReadOnlyList<string> Measures => [Metrics.RoundTrip];
    internal override IReadOnlyList<string> Scalars => Measures;

    /// <summary>Round trips before measuring starts.</summary>
    public int WarmUp { get; init; } = 200;

    /// <summary>Round trips measured.</summary>
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

    /// <summary>Text of the call behind which the measured part begins; null takes the trace from its start.</summary>
    public string? Begin { get; init; }

    /// <summary>Text of the call before which the measured part ends; null takes the trace to its end.</summary>
    public string? End { get; init; }

    /// <summary>Text found in the last call of each operation; null makes every call an operation.</summary>
    public string? OperationEnd { get; init; }

    /// <summary>Name of a call table of the catalogue, which says who answers which call.</summary>
    public string Calls { get; init; } = "posix-files";

    /// <summary>Rows that replace some of the table's: a server, or <c>app</c>, by call.</summary>
    public IReadOnlyDictionary<string, string> Routes { get; init; } = new Dictionary<string, string>();

    /// <summary>Compute gaps of the timed CSV above this many cycles are preemptions of the recording, and dropped.</summary>
    public double MaxGap { get; init; } = 50_000;

    /// <summary>Cycles of app compute before each call when there is no timed CSV.</summary>
    public Sourced<double>? ComputePerCall { get; init; }

    /// <summary>Operations replayed before measuring starts.</summary>
    public int WarmUp { get; init; }

    /// <summary>Operations measured; 0 for all.</summary>
    public int Operations { get; init; }

    /// <summary>Batches of consecutive operations that they are cut into for intervals.</summary>
    public int Batches { get; init; } = 20;
}
