using System.Globalization;
using System.Text;

namespace UnderBridge.Sim.Engine;

/// <summary>The text that monitors give about themselves.</summary>
static class Summary
{
    const int BarWidth = 40;

    internal static string Of(string kind, INumericMonitor monitor, params (string Name, double Value)[] measures)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{kind} {monitor.Name}\n");
        foreach (var (name, value) in measures) text.Append(CultureInfo.InvariantCulture, $"{name,-10}{Formatter.Format15(value)}\n");
        return text.ToString();
    }

    /// <summary>One line a bin with its lower bound, its share of the weight and a bar; the last bin takes all that is above.</summary>
    internal static string Histogram(IReadOnlyCollection<(double Value, double Weight)> values, int maxBins, double? lowest, double? binWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBins);
        var text = new StringBuilder();
        if (values.Count == 0) return "";
        var (from, to) = (lowest ?? values.Min(v => v.Value), values.Max(v => v.Value));
        var width = binWidth ?? (to > from ? (to - from) / maxBins : 1);
        var bins = new double[Math.Clamp((int)Math.Ceiling((to - from) / width), 1, maxBins)];
        foreach (var (value, weight) in values) bins[Math.Clamp((int)((value - from) / width), 0, bins.Length - 1)] += weight;
        var total = bins.Sum();
        for (var i = 0; i < bins.Length && total > 0; i++)
        {
            var bar = new string('*', (int)Math.Round(BarWidth * bins[i] / total));
            text.Append(CultureInfo.InvariantCulture, $"{Formatter.Format12(from + i * width)} {100 * bins[i] / total,6:0.0}% {bar}\n");
        }
        return text.ToString();
    }
}
