using System.Globalization;

namespace UnderBridge.Sim.Engine;

/// <summary>Numbers for tables, right-aligned; what is not a number is left blank unless said otherwise.</summary>
public static class Formatter
{
    public static string Format12(double number, bool silenceNaN = true) => Format(number, 12, silenceNaN);

    public static string Format15(double number, bool silenceNaN = true) => Format(number, 15, silenceNaN);

    static string Format(double number, int width, bool silenceNaN)
    {
        if (double.IsNaN(number) && silenceNaN) return new(' ', width);
        var plain = number.ToString("0.###", CultureInfo.InvariantCulture);
        return (plain.Length <= width ? plain : number.ToString("0.#####e+0", CultureInfo.InvariantCulture)).PadLeft(width);
    }
}
