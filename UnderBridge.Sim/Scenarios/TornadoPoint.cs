namespace UnderBridge.Sim.Scenarios;

/// <summary>A point of a scenario at which a tornado may stand: one of its sweep, and one of its workload's own axis, where it has them.</summary>
sealed record TornadoPoint(SweepPoint Swept, int? Own)
{
    /// <summary>All points at which a metric is measured; one without a name where the scenario has no axis.</summary>
    public static IReadOnlyList<TornadoPoint> Of(Scenario scenario, string metric)
    {
        var own = scenario.Workload.OwnPoints(metric).Select(point => (int?)point).DefaultIfEmpty().ToList();
        return [.. scenario.Points.SelectMany(point => own.Select(one => new TornadoPoint(point, one)))];
    }

    /// <summary>The point that a figure names, or the only one where it names none; null when there is no such point.</summary>
    public static TornadoPoint? Named(Scenario scenario, FigureRequest figure)
    {
        var points = Of(scenario, figure.Metric);
        return figure.At.Length == 0 && points.Count == 1 ? points[0] : points.FirstOrDefault(point => point.Name == figure.At || $"{point}" == figure.At);
    }

    /// <summary>The point as files call it: where one key is swept, its value alone.</summary>
    public string Name => Own is null && Swept.Settings is [var only] ? only.Value : ToString();

    /// <summary>The scenario at this point alone, with what it takes for a figure.</summary>
    public Scenario Alone(Scenario scenario, FigureRequest figure)
    {
        var workload = Own is { } own ? scenario.Workload.AtOwn(figure.Metric, own) : scenario.Workload;
        return scenario.At(Swept) with { Workload = figure.Units > 0 ? workload.Shortened(figure.Units)! : workload };
    }

    /// <summary>As in the results.</summary>
    public override string ToString() => FormattableString.Invariant($"{Swept} {Own}").Trim();
}
