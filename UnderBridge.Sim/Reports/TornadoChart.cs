using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>Bars around one value, each from where a number's low end takes it to where its high end does; the widest on top.</summary>
public sealed record TornadoChart : Figure
{
    public TornadoChart(string title, string caption, Axis values, double value, IReadOnlyList<TornadoSpan> spans) : base(title, caption)
    {
        CheckFinite([value, .. spans.SelectMany(span => new double?[] { span.AtLow, span.AtHigh })]);
        if (values.Logarithmic) throw new ArgumentException("a tornado has a linear axis");
        Values = values;
        Value = value;
        Spans = spans;
    }

    public Axis Values { get; }

    /// <summary>The value with every number as it is.</summary>
    public double Value { get; }

    public IReadOnlyList<TornadoSpan> Spans { get; }

    /// <summary>A value at which the answer would turn, if there is one.</summary>
    public ReferenceLine? Turn { get; init; }
}

/// <summary>One bar of a tornado.</summary>
/// <param name="Name">Of the number that is moved.</param>
/// <param name="Range">Its range, as text.</param>
/// <param name="AtLow">The figure's value with the number at its low end.</param>
/// <param name="AtHigh">The figure's value with the number at its high end.</param>
public sealed record TornadoSpan(string Name, string Range, double AtLow, double AtHigh);

/// <summary>Tornados as figures.</summary>
static class TornadoFigures
{
    const int Most = 14;

    // Of the widest bar: what is narrower could not be seen.
    const double Least = 0.01;

    public static TornadoChart Draw(FigureRequest request, TornadoResult tornado)
    {
        var bars = tornado.Bars.Where(bar => bar.Width > Least * tornado.Bars[0].Width).Take(Most).ToList();
        var rest = tornado.Bars.Count - bars.Count;
        var all = new TornadoSpan("All together", request.Samples == 0 ? "" : FormattableString.Invariant($"2 corners, {request.Samples} samples"), tornado.Together.Low, tornado.Together.High);
        var ratio = request.Against.Length > 0;
        return new TornadoChart(
            request.Title,
            (request.Caption.Length > 0 ? request.Caption + " " : "") + "Each number alone at the ends of its range; fitted numbers follow, as fitted beside it."
                + (request.At.Length > 0 ? $" At {request.At} on the axis of the scenario{(request.Units > 0 ? FormattableString.Invariant($", {request.Units} units of work a run") : "")}." : "")
                + (rest > 0 ? FormattableString.Invariant($" {rest} numbers more move it less or not at all.") : ""),
            new Axis(request.Y.Length > 0 ? request.Y : request.Metric, tornado.Unit == "ratio" ? "" : tornado.Unit), tornado.Value,
            [all, .. bars.Select(bar => new TornadoSpan(bar.Number.Name, FormattableString.Invariant($"{bar.Number.LowNumber:0.###} to {bar.Number.HighNumber:0.###}"), bar.AtLow, bar.AtHigh))])
        {
            Turn = ratio ? new ReferenceLine(1, "equal") : null,
        };
    }
}
