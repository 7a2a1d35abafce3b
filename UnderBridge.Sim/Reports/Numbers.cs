using System.Globalization;

namespace UnderBridge.Sim.Reports;

/// <summary>How numbers are written in files: the same on every machine and in every culture.</summary>
static class Numbers
{
    const string TenSignificantDigits = "E9";

    /// <summary>
    /// The shortest text that reads back as the value rounded to ten significant digits: digits beyond these are noise of floating-point
    /// arithmetic. Results must be finite.
    /// </summary>
    public static string Text(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"a result must be a finite number, not {value.ToString(CultureInfo.InvariantCulture)}");
        var rounded = double.Parse(value.ToString(TenSignificantDigits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded == 0 ? "0" : rounded.ToString("R", CultureInfo.InvariantCulture);
    }
}
