using System.Globalization;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Reports;

/// <summary>Figures of audits and attacks.</summary>
sealed class ContainmentFigures(Scenario scenario, IReadOnlyList<ResultRow> rows)
{
    /// <param name="request">A figure of one of the kinds <see cref="FigureRequest.OfWorkloads"/>.</param>
    public Figure Draw(FigureRequest request) => request.Kind switch
    {
        FigureRequest.Pareto => Pareto(request),
        FigureRequest.Audit => Audit(request),
        FigureRequest.AttackMatrix => Attacks(request),
        _ => throw new ArgumentException($"no figure of kind '{request.Kind}'", nameof(request)),
    };

    Tradeoff Pareto(FigureRequest request)
    {
        var points = scenario.Systems.Select(system =>
        {
            var (cost, score) = (RowsOf(system, request.Metric).First(), RowsOf(system, Metrics.Isolation).First());
            return new TradeoffPoint(Name(system), cost.Value, score.Value, Range(cost), Range(score));
        }).GroupBy(point => point with { Name = "" }).Select(same => same.Key with { Name = string.Join(", ", same.Select(point => point.Name)) });
        return new Tradeoff(request.Title,
            "Isolation: of all pairs of a compromised app or server and another party, the share in which the one can not learn, not change and not stop the other, the three weighted alike; audited on the page tables, keys, "
            + "PKRU values and views of the running system, with what loads leak on this CPU. Vertical range: from all assumptions of a design broken to a CPU that leaks nothing. Horizontal range: all assumed prices anywhere in theirs.",
            new Axis(request.Metric == Metrics.AppCall ? "An app's call that takes one between servers" : "Round trip between servers", "cycles", Logarithmic: true), new Axis("Isolation", "%", From: 0, To: 109), [.. points]) { LowXIsBetter = true };
    }

    Matrix Audit(FigureRequest request)
    {
        var panels = scenario.Systems.Select(system =>
        {
            var pairs = RowsOf(system, Metrics.Harm).Select(row => (Ends: row.Point.Split(" > "), Harm: (Harm)(int)row.Value)).ToList();
            var (by, to) = (pairs.Select(pair => pair.Ends[0]).Distinct().ToList(), pairs.Select(pair => pair.Ends[1]).Distinct().ToList());
            var order = by.Concat(to).Distinct().ToList();
            var cells = by.Select(one => (IReadOnlyList<MatrixCell?>)[.. order.Select(other =>
                pairs.Where(pair => pair.Ends[0] == one && pair.Ends[1] == other).Select(pair => (MatrixCell?)Cell(pair.Harm)).FirstOrDefault())]);
            return new MatrixPanel(Name(system), by, order, [.. cells]);
        });
        return new Matrix(request.Title,
            "Rows: who is compromised; columns: to whom. r: reads its private memory; m: reads it by a load that breaks a rule only when it retires (Meltdown); w: writes it; s: stops it. "
            + "Each cell is computed from the page tables, keys, PKRU values and views of the simulated system, while the design's own assumptions hold.",
            ["Nothing", "Learns", "Stops", "Changes"], [.. panels]);
    }

    static MatrixCell Cell(Harm harm) => new(
        harm.HasFlag(Harm.Write) ? 3 : harm.HasFlag(Harm.Stop) ? 2 : harm == Harm.None ? 0 : 1, harm == Harm.None ? "" : AuditTables.Text(harm).Replace("-", "", StringComparison.Ordinal));

    Matrix Attacks(FigureRequest request)
    {
        var kinds = Enum.GetValues<AttackKind>();
        var cells = kinds.Select(kind => (IReadOnlyList<MatrixCell?>)[.. scenario.Systems.Select(system => (MatrixCell?)Cell(system, Kebab.Of(kind)))]);
        return new Matrix(request.Title,
            "Each attack was run on the simulated core, in the state in which the design's own path had left it. Numbers: cycles until the processor, the kernel or the monitor stopped it (k: thousand, M: million); "
            + "a dash: nothing noticed it. 'While assumed': the same attack succeeds when the design's assumption is broken: no unguarded WRPKRU or VMFUNC, or a correct monitor.",
            ["Contained", "Contained while assumed", "", "Breached"],
            [new MatrixPanel("", [.. kinds.Select(Title)], [.. scenario.Systems.Select(Name)], [.. cells])]);
    }

    MatrixCell Cell(SystemUnderTest system, string attack)
    {
        var detected = RowsOf(system, Metrics.DetectedAfter).FirstOrDefault(row => row.Point == attack);
        var outcome = (int)RowsOf(system, Metrics.Outcome).First(row => row.Point == attack).Value;
        return new MatrixCell(outcome == (int)AttackOutcome.Breached ? 3 : outcome, detected is null ? "–" : Short(detected.Value));
    }

    /// <summary>As <c>607</c>, <c>1.2k</c>, <c>20M</c>.</summary>
    static string Short(double cycles) => cycles switch
    {
        >= 1e6 => (cycles / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (cycles / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        _ => cycles.ToString("0", CultureInfo.InvariantCulture),
    };

    static string Title(AttackKind kind) => kind switch
    {
        AttackKind.WildWrite => "Wild write by a server",
        AttackKind.WildRead => "Wild read by a server",
        AttackKind.MeltdownByApp => "Meltdown by an app",
        AttackKind.MeltdownByServer => "Meltdown by a server",
        AttackKind.ForgedPkru => "Forged rights",
        AttackKind.GateJump => "Jump into a gate",
        AttackKind.PrivilegedInstruction => "Privileged instruction",
        AttackKind.ForgedToken => "Forged capability",
        AttackKind.ConfusedDeputy => "Confused deputy",
        AttackKind.LoopingServer => "Looping server",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    IEnumerable<ResultRow> RowsOf(SystemUnderTest system, string metric) => rows.Where(row => row.Metric == metric
        && row.System == system.System && row.Base == system.Base && row.Variant == StudyRows.VariantName(system.Variant));

    // Systems that share a label are told apart by what they stand on.
    string Name(SystemUnderTest system) => scenario.Systems.Count(other => other.Label == system.Label) == 1 ? system.Label : $"{system.Label} ({system.BaseTitle})";

    static Interval? Range(ResultRow row) => row is { RangeLow: { } low, RangeHigh: { } high } && low != high ? new Interval(low, high) : null;
}
