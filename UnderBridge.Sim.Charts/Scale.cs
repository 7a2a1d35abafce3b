using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using Axis = UnderBridge.Sim.Reports.Axis;

namespace UnderBridge.Sim.Charts;

/// <summary>
/// How values of an axis become positions and ticks. The drawing library knows linear axes only, so a logarithmic one is drawn over
/// the decimal logarithm and its ticks are named after the values.
/// </summary>
sealed class Scale(Axis axis)
{
    // Numbers take more room side by side than one above the other.
    const double LyingTickDensity = 0.55, StandingTickDensity = 0.68;
    const int MostDecadesWithSteps = 2;

    public static string Text(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    public double Position(double value) => axis.Logarithmic ? Math.Log10(value) : value;

    public double Value(double position) => axis.Logarithmic ? Math.Pow(10, position) : position;

    public ITickGenerator Ticks(double low, double high, bool standing) =>
        axis.Logarithmic ? Decades(low, high) : new NumericAutomatic { TickDensity = standing ? StandingTickDensity : LyingTickDensity, LabelFormatter = Text };

    // Tens alone over many decades; 1, 2, 5 over few; every digit within one.
    static NumericManual Decades(double low, double high)
    {
        int[] named = (high - low) switch { < 1 => [1, 2, 3, 4, 5, 6, 7, 8, 9], <= MostDecadesWithSteps => [1, 2, 5], _ => [1] };
        var ticks = new NumericManual();
        for (var decade = (int)Math.Floor(low); decade <= (int)Math.Ceiling(high); decade++)
            for (var digit = 1; digit <= 9; digit++)
            {
                var value = digit * Math.Pow(10, decade);
                if (named.Contains(digit)) ticks.AddMajor(Math.Log10(value), Text(value));
                else ticks.AddMinor(Math.Log10(value));
            }
        return ticks;
    }
}
