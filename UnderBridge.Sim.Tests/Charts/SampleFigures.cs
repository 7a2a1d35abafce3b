using System.Globalization;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

/// <summary>Figures of every kind with plausible data, as full of text as the real ones.</summary>
static class SampleFigures
{
    public static IReadOnlyList<(string Stem, Figure Figure)> All =>
    [
        ("round-trip", RoundTrip), ("cost-share", CostShare), ("throughput", Throughput), ("curve", Curve), ("grouped-stack", GroupedStack),
        ("many-series", ManySeries), ("log-log", LogLog), ("sparse", Sparse), ("long-caption", LongCaption), ("heat-map", Map), ("flat-map", FlatMap),
        ("matrix", OneMatrix), ("matrices", Matrices), ("tradeoff", Tradeoff),
        ("scatter", Points), ("one-point", OnePoint), ("signed-bars", Errors), ("no-bars", NoErrors), ("tornado", Tornado),
    ];

    public static Matrix OneMatrix => new("Attacks and how they end", "Each attack was run on the simulated core.", ["Contained", "Assumed", "", "Breached"],
        [new MatrixPanel("", ["Wild write by a server", "Privileged instruction"], ["Monolithic w/o KPTI", "UnderBridge", "seL4"], [[new(3, "650"), new(0, "607"), null], [new(3), new(1, "1.2k"), new(0, "20M")]])]);

    public static Matrix Matrices => new("What one can do to another", "Rows: who is compromised.", ["Nothing", "Learns", "Stops", "Changes"], [.. Enumerable.Range(0, 13).Select(i => new MatrixPanel(
        $"Design {i}", ["file-system", "disk", "stranger"], ["file-system", "disk", "stranger", "kernel"],
        [.. Enumerable.Range(0, 3).Select(r => (IReadOnlyList<MatrixCell?>)[.. Enumerable.Range(0, 4).Select(c => r == c ? (MatrixCell?)null : new MatrixCell((i + r + c) % 4, "rws"[..((i + c) % 4)]))])]))]);

    public static Tradeoff Tradeoff => new("Performance against isolation", "Dashed: beaten by no other.", new Axis("Round trip", "cycles", Logarithmic: true), new Axis("Isolation", "%", From: 0, To: 109),
    [
        new("Monolithic", 24, 40), new("UnderBridge", 109, 80, null, new Interval(40, 100)), new("SkyBridge", 437, 100, null, new Interval(20, 100)), new("seL4 with KPTI", 1822, 100, new Interval(1700, 1912)),
        new("seL4 without KPTI", 1450, 93, null, new Interval(93, 100)), new("Zircon with KPTI", 11203, 100, new Interval(8885, 13071)), new("Zircon without KPTI", 8151, 93),
    ]) { LowXIsBetter = true };

    public static StackedBars RoundTrip
    {
        get
        {
            string[] causes =
            [
                "Privilege switch", "Address-space switch", "Domain switch", "KPTI", "Kernel and gate logic", "FPU state", "Message copy", "Scheduling",
                "TLB refill", "TLB pollution",
            ];
            (string Name, double Published, double[] Parts)[] bars =
            [
                ("Monolithic", 24, [0, 0, 0, 0, 24]),
                ("ChCore (UnderBridge)", 109, [0, 0, 56, 0, 53]),
                ("SkyBridge", 437, [0, 268, 0, 0, 121, 0, 0, 0, 30, 18]),
                ("seL4", 1450, [362, 380, 0, 0, 520, 90, 0, 0, 61, 37]),
                ("seL4 with KPTI", 2035, [362, 380, 0, 612, 520, 90, 0, 0, 61, 37]),
                ("Fiasco.OC", 3057, [362, 372, 0, 0, 1490, 260, 40, 90, 270, 173]),
                ("Fiasco.OC with KPTI", 4145, [362, 372, 0, 704, 1490, 260, 40, 90, 470, 277]),
                ("Zircon", 8151, [724, 744, 0, 0, 3210, 480, 390, 1720, 540, 343]),
            ];
            return new StackedBars("Cross-server IPC round trip on a Xeon Gold 6138",
                "Two servers call each other in a warm loop; the bars are the simulated cycles by cause, the triangles the published measurements. "
                + "Monolithic is a catalogue number read back; ChCore, SkyBridge, seL4, Fiasco.OC and Zircon are fitted without KPTI on the "
                + "reference configuration; seL4 and Fiasco.OC with KPTI are predicted. 61 % of the cycles rest on published numbers, 27 % on fitted "
                + "and 12 % on assumed ones.",
                new Axis("Round trip", "cycles"), causes,
                [.. bars.Select(bar => new StackedBar(bar.Name, Parts(causes, bar.Parts), Note(bar.Parts.Sum(), bar.Published), bar.Published))])
            {
                Horizontal = true,
            };
        }
    }

    public static StackedBars CostShare
    {
        get
        {
            string[] parts = ["IPC direct", "IPC indirect", "Real work in servers and app"];
            return new StackedBars("Where the time of SQLite over xv6FS goes",
                "SQLite over xv6FS over a RAM disk, the recorded trace of YCSB-A. Direct cost is the price of the steps of each IPC, indirect cost the "
                + "misses in TLBs and caches that its code and data cause; both are measured in the simulation.",
                new Axis("Share of time", "%"), parts,
                [
                    new StackedBar("Zircon", Parts(parts, [71.3, 7.9, 20.8])),
                    new StackedBar("seL4 with KPTI", Parts(parts, [44.2, 11.6, 44.2])),
                    new StackedBar("seL4 without KPTI", Parts(parts, [33.4, 1.7, 64.9])),
                ])
            {
                Normalised = true, LabelSegments = true,
            };
        }
    }

    public static GroupedBars Throughput
    {
        get
        {
            (string Name, double[] Values)[] series =
            [
                ("Native w/ KPTI", [1, 1, 1]), ("Native w/o KPTI", [1, 1.33, 1.38]), ("SkyBridge", [6.1, 4.02, 2.06]),
                ("UnderBridge", [7.94, 4.61, 2.47]), ("Monolithic w/ KPTI", [8.41, 4.88, 2.59]), ("Monolithic w/o KPTI", [8.66, 5.02, 2.68]),
            ];
            return new GroupedBars("SQLite throughput under YCSB-A, relative to the native kernel with KPTI",
                "Error bars: 95 % Student-t intervals from 20 non-overlapping batches of consecutive operations of one recorded trace; no artificial "
                + "noise is added. Dotted whiskers: the least and greatest result over all assumed ranges of the inputs.",
                new Axis("Throughput", "native with KPTI = 1"), ["Zircon", "Fiasco.OC", "seL4"],
                [
                    .. series.Select((one, i) => new BarSeries(one.Name, [.. one.Values.Select((value, group) =>
                        group == 0 && i == 1 ? null : new Bar(value,
                            i == 0 ? null : new Interval(value * 0.965, value * 1.035), i < 2 ? null : new Interval(value * 0.86, value * 1.09),
                            value.ToString("0.00", CultureInfo.InvariantCulture)))])),
                ])
            {
                References = [new ReferenceLine(1, "Native with KPTI")],
            };
        }
    }

    public static Lines Curve => CurveOver([100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000], 2000);

    static Lines CurveOver(double[] works, double marked) => new(
        "What UnderBridge gains over the native kernel, by work per IPC",
        "Throughput of SQLite under YCSB-A with UnderBridge over the same kernel without it. Work between two calls is scaled; everything else "
        + "stays. Bands: over the assumed ranges of the inputs.",
        new Axis("Work per IPC", "cycles", Logarithmic: true), new Axis("UnderBridge / native", "ratio"),
        [
            .. new (string Name, double Native)[] { ("Zircon", 8151), ("Fiasco.OC with KPTI", 4145), ("seL4 with KPTI", 2035) }.Select(kernel =>
                new LineSeries(kernel.Name, [.. works.Select(work =>
                {
                    var ratio = (work + kernel.Native) / (work + 400);
                    return new LinePoint(work, ratio, new Interval(1 + (ratio - 1) * 0.9, 1 + (ratio - 1) * 1.12));
                })])),
        ])
    {
        Default = new DefaultPoint(marked, "default: 2,000 cycles"), References = [new ReferenceLine(1, "No gain")],
    };

    public static StackedBars GroupedStack
    {
        get
        {
            string[] parts = ["User code", "Kernel", "Copies"];
            return new StackedBars("Cycles of a call by message length", "", new Axis("Cycles a call", "cycles"), parts,
                [
                    new StackedBar("64 B", Parts(parts, [110, 880, 12]), "1,002", 980, "seL4"),
                    new StackedBar("4 KB", Parts(parts, [110, 900, 610]), "1,620", null, "seL4"),
                    new StackedBar("64 B", Parts(parts, [140, 2210, 15]), "2,365", 2500, "Fiasco.OC"),
                    new StackedBar("4 KB", Parts(parts, [140, 2300, 640]), "3,080", null, "Fiasco.OC"),
                ])
            {
                LabelSegments = true, Horizontal = true,
            };
        }
    }

    public static StackedBars ManySeries
    {
        get
        {
            var parts = Enumerable.Range(1, 18).Select(i => $"Cause number {i}").ToArray();
            return new StackedBars("More causes than there are colours", "Colours return with a hatch.", new Axis("Cycles", "cycles"), parts,
                [.. Enumerable.Range(1, 4).Select(i => new StackedBar($"System {i}", Parts(parts, [.. Enumerable.Range(1, 18).Select(j => 20.0 + (i * j % 7) * 9)]), Group: i < 3 ? "Old" : "New"))]);
        }
    }

    public static Lines LogLog => new("Tail latency by load", "A short caption.",
        new Axis("Load", "op/s", Logarithmic: true), new Axis("Latency", "µs", Logarithmic: true),
        [.. Enumerable.Range(1, 8).Select(i => new LineSeries($"System {i}", [.. Enumerable.Range(0, 40).Select(j => new LinePoint(1000 * Math.Pow(1.1, j), 3 * i + 1 / (1.02 - j / 40.0)))]))])
    {
        Markers = false,
    };

    public static GroupedBars Sparse => new("One group, one bar, one published value", "", new Axis("Throughput", "op/s"), ["Zircon"],
        [new BarSeries("UnderBridge", [new Bar(123456, new Interval(120000, 128000), null, "123,456 op/s", 131000)])]);

    public static StackedBars LongCaption => new(RoundTrip.Title + ", with a title that is so long that it takes two lines and says what it has to say twice over",
        string.Concat(Enumerable.Repeat(RoundTrip.Caption + " ", 5)), RoundTrip.Values, RoundTrip.Series, RoundTrip.Bars) { Horizontal = true };

    public static HeatMap Map => new("Where one design stops paying", "Throughput of one over that of the other. On the line both are equally fast.",
        new Axis("WRPKRU", "cycles", Logarithmic: true), new Axis("Real work per IPC", "cycles", Logarithmic: true), new Axis("UnderBridge / SkyBridge", Logarithmic: true),
        [11, 20, 50, 100, 260], [100, 1000, 2000, 100_000], [.. new double[] { 100, 1000, 2000, 100_000 }.Select(work => (IReadOnlyList<double>)
            [.. new double[] { 11, 20, 50, 100, 260 }.Select(price => (work + 437) / (work + 53 + 2 * price))])])
    {
        Levels = [new ReferenceLine(1, "break-even")],
    };

    public static TornadoChart Tornado => new("Who is faster over every range", "Each number alone at the ends of its range.", new Axis("Cycles of one over those of the other"), 0.8,
    [
        new TornadoSpan("All together", "2 corners, 40 samples", 0.6, 1.1), new TornadoSpan("machine.cr3-write", "125 to 231", 0.7, 1.02),
        new TornadoSpan("a-path-with-a-long-name.and-a-footprint.code-lines", "3 to 8", 0.85, 0.78), new TornadoSpan("machine.overlap", "0 to 0.7", 0.8, 0.81),
    ])
    {
        Turn = new ReferenceLine(1, "equal"),
    };

    public static HeatMap FlatMap => new("One value everywhere", "", new Axis("x"), new Axis("y"), new Axis("ratio"), [0, 1], [-5, 5], [[1, 1], [1, 1]]) { Levels = [new ReferenceLine(1, "break-even")] };

    public static Scatter Points => new("Simulated against published", "Published numbers of several machines. The band is 10 % to both sides.",
        new Axis("Published", "cycles", Logarithmic: true), new Axis("Simulated", "cycles", Logarithmic: true),
        [
            new ScatterSeries("Predicted", [new(718, 736, new Interval(708, 736)), new(62, 58), new(1988, 1600, new Interval(1200, 2000), "across sockets"), new(8151, 8150)]),
            new ScatterSeries("Known gap", [new(1450, 986, new Interval(764, 1184))]),
        ]) { Band = 0.1 };

    public static Scatter OnePoint => new("One point", "", new Axis("x"), new Axis("y"), [new ScatterSeries("only", [new(3, 3)])]);

    public static SignedBars Errors => new("Errors of the predictions", "A bar for each row that was neither read back nor fitted.", new Axis("Error", "%"), ["Predicted", "Known gap"],
        [
            new SignedGroup("sel4-2026/i7-6700", [.. Enumerable.Range(0, 24).Select(i => new SignedBar(3 * Math.Sin(i), 0))]),
            new SignedGroup("fiasco-2018/skylake-skybridge", [new(-55, 1), new(-7, 0)]), new SignedGroup("lxds", [new(-2.7, 0), new(-18.2, 0), new(-19.5, 0)]),
            new SignedGroup("a group with a name that is far too long to stand below its bar in one piece", [new(4, 0)]),
        ]) { Band = 10 };

    public static SignedBars NoErrors => new("Nothing to show", "", new Axis("Error", "%"), ["Predicted"], []);

    static Segment[] Parts(string[] names, double[] values) => [.. values.Select((value, i) => new Segment(names[i], value)).Where(part => part.Value > 0)];

    static string Note(double value, double published) =>
        FormattableString.Invariant($"{value:#,0} (published {published:#,0}, {100 * (value / published - 1):+0.0;-0.0;+0.0} %)");
}
