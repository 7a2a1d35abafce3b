using ScottPlot;
using SkiaSharp;

namespace UnderBridge.Sim.Charts;

/// <summary>The typeface of every figure, from this assembly's resources: text looks the same wherever it is drawn.</summary>
sealed class Inter : IFontResolver
{
    public const string Name = "Inter";

    static readonly SKTypeface regular = Load("Inter-Regular"), bold = Load("Inter-Bold"), italic = Load("Inter-Italic");

    static Inter()
    {
        Fonts.FontResolvers.Insert(0, new Inter());
        Fonts.Default = Name;
    }

    Inter() { }

    /// <summary>A plot that writes in Inter: the default font must be known before the plot exists.</summary>
    public static Plot NewPlot()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(Inter).TypeHandle);
        return new Plot();
    }

    public static SKTypeface Typeface(bool heavy) => heavy ? bold : regular;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName != Name ? null : italic ? Inter.italic : Typeface(bold);

    static SKTypeface Load(string face)
    {
        using var stream = typeof(Inter).Assembly.GetManifestResourceStream($"Fonts/{face}.otf")
            ?? throw new InvalidOperationException($"the font {face} is not in the assembly");
        return SKTypeface.FromStream(stream);
    }
}
