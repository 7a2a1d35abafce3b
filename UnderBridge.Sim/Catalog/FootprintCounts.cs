using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Catalog;

/// <summary>The counts of a footprint. They share one evidence: the grade, source and place of the map they stand in.</summary>
sealed record FootprintCounts(Sourced<int> CodeLines, Sourced<int> CodePages, Sourced<int> DataLines, Sourced<int> DataPages)
{
    static readonly Bounds Counts = new(0, 65_536);

    public static FootprintCounts Read(YamlMap map, string prefix)
    {
        var grade = map.Choice<Grade>("grade");
        var source = map.Citation();
        var restsOn = map.PublishedId("rests-on");
        var note = map.OptionalText("note") ?? "";

        Sourced<int> Count(string key, string unit)
        {
            var count = map.Map(key);
            var value = count.Whole("value", Counts);
            var ends = count.List("range");
            var range = ends.Count == 2 ? (Low: ends[0].Whole(Counts), High: ends[1].Whole(Counts)) : (Low: value, High: value);
            if (!count.IsBroken && (ends.Count != 2 || range.Low > value || value > range.High)) count.Refuse("a range that does not hold the value", "[low, high] around the value");
            count.Close();
            return new Sourced<int>($"{prefix}.{key}", value, unit, grade, source, range.Low, range.High, restsOn, note);
        }

        return new FootprintCounts(
            Count("code-lines", "lines"), Count("code-pages", "pages"), Count("data-lines", "lines"), Count("data-pages", "pages"));
    }
}
