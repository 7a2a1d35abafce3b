using ScottPlot;

namespace UnderBridge.Sim.Charts;

enum Hatch { None, Rising, Falling, Upright }

/// <summary>
/// Colours that the colour-blind can tell apart (Okabe and Ito, "Color Universal Design", 2008). Past seven the colours return with a hatch,
/// or with another marker and dash.
/// </summary>
static class Palette
{
    static readonly Color[] colors =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#E69F00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#56B4E9"), Color.FromHex("#D55E00"), Color.FromHex("#F0E442"),
    ];

    static readonly Hatch[] hatches = Enum.GetValues<Hatch>();

    static readonly MarkerShape[] markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenDiamond,
    ];

    static readonly Dash[] dashes = [Dash.Solid, Dash.Long, Dash.Short, Dash.Dots];

    // Where black and white text contrast equally: relative luminance of the Web Content Accessibility Guidelines 2.1.
    const double EqualContrast = 0.179;

    public static Color Of(int series) => colors[series % colors.Length];

    public static Hatch HatchOf(int series) => hatches[series / colors.Length % hatches.Length];

    public static MarkerShape Marker(int series) => markers[series % markers.Length];

    public static Dash DashOf(int series) => dashes[series % dashes.Length];

    /// <summary>Black or white, whichever reads better on the colour of a series.</summary>
    public static Color TextOn(int series) => Luminance(Of(series)) > EqualContrast ? Lettering.Ink : Colors.White;

    static double Luminance(Color color) => 0.2126 * Linear(color.R) + 0.7152 * Linear(color.G) + 0.0722 * Linear(color.B);

    static double Linear(byte channel)
    {
        var share = channel / 255.0;
        return share <= 0.03928 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
