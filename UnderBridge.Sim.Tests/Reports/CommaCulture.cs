using System.Globalization;

namespace UnderBridge.Sim.Tests;

/// <summary>Runs a block in a culture that writes 1.234,5 and a minus of its own; made here, since a machine may have no cultures installed.</summary>
sealed class CommaCulture : IDisposable
{
    readonly CultureInfo before = CultureInfo.CurrentCulture;

    public CommaCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "−";
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = before;
}
