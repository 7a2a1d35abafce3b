using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Catalog;

/// <summary>The counts of a footprint. They share one evidence: the grade, source and place of the map they stand in.</summary>
sealed record FootprintCounts(Sourced<int> CodeLines, Sourced<int> CodePages, Sourced<int> DataLines, Sourced<int> DataPages, Sourced<int>? Branches)
{
    static readonly Bounds Counts = new(0, 65_536);

    /// <summary>With <paramref name="mayBranch"/>, taken branches may be counted too.</summary>
    public static FootprintCounts Read(YamlMap map, string prefix, bool mayBranch = false)
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

        var codeLines = Count("code-lines", "lines");
        var branches = mayBranch && map.Has("branches") ? Count("branches", "branches") : null;
        if (branches is not null && !map.IsBroken && branches.High > Footprint.BranchesALine * codeLines.Low)
            map.Refuse(FormattableString.Invariant($"up to {branches.High} branches in {codeLines.Low} lines of code"), FormattableString.Invariant($"at most {Footprint.BranchesALine} a line, at both ends of the ranges"));
        return new FootprintCounts(codeLines, Count("code-pages", "pages"), Count("data-lines", "lines"), Count("data-pages", "pages"), branches);
    }
}
