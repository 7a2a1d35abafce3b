using System.Text;
using System.Xml.Linq;
using SkiaSharp;
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class ChartWriterTests
{
    static IEnumerable<TestCaseData> Samples => SampleFigures.All.Select(sample => new TestCaseData(sample.Figure).SetArgDisplayNames(sample.Stem));

    [TestCaseSource(nameof(Samples))]
    public void A_figure_becomes_a_png_of_1600_by_1000_and_an_svg_of_800_by_500(Figure figure)
    {
        using var folder = new TemporaryFolder();
        var files = ChartWriter.Write(figure, folder["deep"], "figure");
        Assert.That(Directory.GetFiles(folder["deep"]), Is.EquivalentTo(new[] { files.Png, files.Svg }));

        var png = File.ReadAllBytes(files.Png);
        Assert.That(png.Take(8), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        using var bitmap = SKBitmap.Decode(png);
        Assert.That((bitmap.Width, bitmap.Height), Is.EqualTo((1600, 1000)));

        var svg = XDocument.Load(files.Svg).Root!;
        Assert.That(((string?)svg.Attribute("width"), (string?)svg.Attribute("height"), (string?)svg.Attribute("viewBox")), Is.EqualTo(("800", "500", "0 0 800 500")));
        Assert.That((string?)svg.Element(svg.Name.Namespace + "title"), Is.EqualTo(figure.Title));
        Assert.That((string?)svg.Element(svg.Name.Namespace + "desc"), Is.EqualTo(figure.Caption));
    }

    [TestCaseSource(nameof(Samples))]
    public void Nothing_runs_into_the_margin(Figure figure)
    {
        const int Margin = 16;
        using var bitmap = SKBitmap.Decode(ChartWriter.Png(figure));
        var stained =
            from y in Enumerable.Range(0, bitmap.Height)
            from x in Enumerable.Range(0, bitmap.Width)
            where (x < Margin || y < Margin || x >= bitmap.Width - Margin || y >= bitmap.Height - Margin) && bitmap.GetPixel(x, y) != SKColors.White
            select (x, y);
        Assert.That(stained, Is.Empty);
    }

    [TestCaseSource(nameof(Samples))]
    public void The_same_figure_gives_the_same_bytes_in_every_culture_and_on_every_thread(Figure figure)
    {
        var (png, svg) = (ChartWriter.Png(figure), ChartWriter.Svg(figure));
        using (new CommaCulture())
        {
            Assert.That(ChartWriter.Png(figure), Is.EqualTo(png));
            Assert.That(ChartWriter.Svg(figure), Is.EqualTo(svg));
        }
        var elsewhere = new byte[4][];
        Parallel.For(0, elsewhere.Length, i => elsewhere[i] = i % 2 == 0 ? ChartWriter.Png(figure) : ChartWriter.Svg(figure));
        for (var i = 0; i < elsewhere.Length; i++) Assert.That(elsewhere[i], Is.EqualTo(i % 2 == 0 ? png : svg));
    }

    [TestCase("Inter-Regular", false)]
    [TestCase("Inter-Bold", true)]
    public void Letters_come_from_the_font_in_the_assembly(string face, bool bold)
    {
        using var stream = typeof(ChartWriter).Assembly.GetManifestResourceStream($"Fonts/{face}.otf");
        using var shipped = SKTypeface.FromStream(stream!);
        using var font = new SKFont(shipped, 12) { Subpixel = true, Hinting = SKFontHinting.None };
        Assert.That(Inter.Typeface(bold).FamilyName, Does.StartWith("Inter"));
        Assert.That(Lettering.Width("UnderBridge 8,151", 12, bold), Is.EqualTo(font.MeasureText("UnderBridge 8,151")).And.GreaterThan(80));
        Assert.That(ScottPlot.Fonts.Default, Is.EqualTo(Inter.Name));
    }

    [Test]
    public void The_licence_travels_with_the_font()
    {
        using var stream = typeof(ChartWriter).Assembly.GetManifestResourceStream("Fonts/OFL.txt");
        using var reader = new StreamReader(stream!);
        Assert.That(reader.ReadToEnd(), Does.Contain("SIL OPEN FONT LICENSE Version 1.1"));
    }

    [TestCaseSource(nameof(Samples))]
    public void An_svg_holds_letters_as_outlines_and_needs_no_font(Figure figure)
    {
        var svg = Encoding.UTF8.GetString(ChartWriter.Svg(figure));
        Assert.That(svg, Does.Not.Contain("<text").And.Not.Contain("font-family").And.Not.Contain("<image"));
        Assert.That(svg.Split("<path").Length, Is.GreaterThan(10));
    }

    [Test]
    public void Every_piece_of_text_leaves_ink()
    {
        var figure = SampleFigures.RoundTrip;
        var whole = Ink(figure);
        Assert.That(Ink(Changed(figure, title: "")), Is.LessThan(whole));
        Assert.That(Ink(Changed(figure, caption: "")), Is.LessThan(whole));
        Assert.That(Ink(Changed(figure, bars: [.. figure.Bars.Select(bar => bar with { Name = " " })])), Is.Not.EqualTo(whole));
        Assert.That(Ink(Changed(figure, bars: [.. figure.Bars.Select(bar => bar with { Annotation = "" })])), Is.Not.EqualTo(whole));
    }

    [Test]
    public void The_tip_of_a_published_marker_stands_at_its_value_on_the_axis()
    {
        // Two bars, each published where the other ends: the markers stand under the ends of the other bar.
        var figure = new StackedBars("", "", new Axis("", To: 100), ["A"],
            [new StackedBar("", [new Segment("A", 25)], Published: 75), new StackedBar("", [new Segment("A", 75)], Published: 25)]) { Horizontal = true };
        using var bitmap = SKBitmap.Decode(ChartWriter.Png(figure));
        var blue = Enumerable.Range(0, 1000).Select(y => Enumerable.Range(0, 1600).Where(x => bitmap.GetPixel(x, y) == new SKColor(0x00, 0x72, 0xB2)).DefaultIfEmpty(-1).Max()).ToArray();
        var shortRow = Array.FindLastIndex(blue, end => end > 0 && end < blue.Max());
        var tip = Enumerable.Range(shortRow + 1, 12).SelectMany(y => Enumerable.Range(600, 900).Where(x => bitmap.GetPixel(x, y).Red < 80)).ToArray();
        Assert.That(tip, Is.Not.Empty);
        Assert.That(tip.Average(), Is.EqualTo(blue.Max()).Within(2));
    }

    [Test]
    public void A_folder_that_can_not_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plots"], "");
        Assert.That(() => ChartWriter.Write(SampleFigures.Sparse, folder["plots"], "figure"),
            Throws.TypeOf<UnwritableFileException>().With.Message.EqualTo($"cannot write {Path.Combine(folder["plots"], "figure.png")}: {folder["plots"]} is a file, not a folder"));
    }

    [Test]
    public void Figures_without_data_are_drawn_empty()
    {
        Assert.That(() => ChartWriter.Png(new StackedBars("", "", new Axis(""), [], [])), Throws.Nothing);
        Assert.That(() => ChartWriter.Png(new GroupedBars("", "", new Axis(""), [], [])), Throws.Nothing);
        Assert.That(() => ChartWriter.Png(new Lines("", "", new Axis(""), new Axis("", Logarithmic: true), [])), Throws.Nothing);
    }

    static int Ink(Figure figure)
    {
        using var bitmap = SKBitmap.Decode(ChartWriter.Png(figure));
        return bitmap.Pixels.Count(pixel => pixel != SKColors.White);
    }

    static StackedBars Changed(StackedBars figure, string? title = null, string? caption = null, IReadOnlyList<StackedBar>? bars = null) =>
        new(title ?? figure.Title, caption ?? figure.Caption, figure.Values, figure.Series, bars ?? figure.Bars) { Horizontal = figure.Horizontal };
}
