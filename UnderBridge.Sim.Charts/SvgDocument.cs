using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Charts;

/// <summary>What an SVG needs beyond what the canvas writes.</summary>
static partial class SvgDocument
{
    // With it the picture can be shown at any size.
    static readonly string viewBox = string.Create(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {Page.Width} {Page.Height}\"");

    /// <summary>
    /// Adds title and caption as text, and numbers the clip paths from 1: the canvas numbers them through the life of the process, and the
    /// same figure must give the same file.
    /// </summary>
    public static byte[] Finish(byte[] written, Figure figure)
    {
        var svg = Encoding.UTF8.GetString(written).ReplaceLineEndings("\n");
        var ids = new Dictionary<string, string>();
        svg = ClipId().Replace(svg, match =>
        {
            if (!ids.TryGetValue(match.Value, out var id)) ids[match.Value] = id = string.Create(CultureInfo.InvariantCulture, $"clip-{ids.Count + 1}");
            return id;
        });
        svg = LongFraction().Replace(svg, "$1");
        var head = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal));
        var text = $"\n\t<title>{SecurityElement.Escape(figure.Title)}</title>\n\t<desc>{SecurityElement.Escape(figure.Caption)}</desc>";
        return Encoding.UTF8.GetBytes(svg.Insert(head + 1, text).Insert(head, viewBox));
    }

    // A hundredth of a unit of the page can not be seen; more digits double the file.
    [GeneratedRegex(@"(\d\.\d{2})\d+(?![\de])")]
    private static partial Regex LongFraction();

    [GeneratedRegex(@"\bcl_[0-9a-f]+\b")]
    private static partial Regex ClipId();
}
