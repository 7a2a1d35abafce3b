using System.Globalization;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Reports;

/// <summary>Tables of a study: its results, and the numbers they rest on.</summary>
public static class StudyTables
{
    /// <summary>Every result, a row each, as a reader wants it in a terminal; <paramref name="metrics"/> limits it to some, none to all.</summary>
    public static Table Results(string title, IReadOnlyList<ResultRow> rows, params IReadOnlyList<string> metrics)
    {
        var shown = rows.Where(row => metrics.Count == 0 || metrics.Contains(row.Metric)).ToList();
        return new Table(title,
            [
                new("system"), new("base"), new("variant"), new("point"), new("metric"), new("value", Alignment.Right), new("unit"),
                new("95 % interval", Alignment.Right), new("over assumed ranges", Alignment.Right), new("published", Alignment.Right), new("error", Alignment.Right), new("status"),
            ],
            [.. shown.Select(Cells)]);
    }

    /// <summary>For each system the share of its cycles by the grade of the number they rest on.</summary>
    public static Table Grades(StudyResult study)
    {
        var grades = Enum.GetValues<Grade>();
        return new Table("Share of cycles by grade",
            [new("system"), new("base"), new("variant"), new("point"), .. grades.Select(grade => new Column(Kebab.Of(grade), Alignment.Right))],
            [.. study.Observations.Select(observation => (IReadOnlyList<string>)
            [
                observation.System.System, observation.System.Base, StudyRows.VariantName(observation.System.Variant), observation.Point,
                .. grades.Select(grade => Percent(observation.Share(grade))),
            ])]);
    }

    /// <summary>Every number that any system of the study charged, with its grade, range, source and the largest share it has of a system's cycles.</summary>
    public static Table Provenance(StudyResult study)
    {
        var numbers = study.Observations
            .SelectMany(observation => observation.ByNumber.Select(share => (share.Number, Share: Math.Abs(share.Cycles) / Math.Max(1, observation.Cycles))))
            .GroupBy(share => share.Number.Name, StringComparer.Ordinal)
            .Select(shares => (shares.First().Number, Share: shares.Max(share => share.Share)))
            .OrderByDescending(entry => entry.Share).ThenBy(entry => entry.Number.Name, StringComparer.Ordinal);
        return new Table("Numbers that the cycles rest on",
            [
                new("number"), new("value", Alignment.Right), new("unit"), new("range", Alignment.Right), new("grade"), new("source"), new("rests on"),
                new("largest share", Alignment.Right), new("note"),
            ],
            [.. numbers.Select(entry => (IReadOnlyList<string>)
            [
                entry.Number.Name, Text(entry.Number.Number), entry.Number.Unit, Range(entry.Number.LowNumber, entry.Number.HighNumber, Text), Kebab.Of(entry.Number.Grade),
                entry.Number.Source.ToString(), entry.Number.RestsOn ?? "", Percent(entry.Share), entry.Number.Note,
            ])]);
    }

    static IReadOnlyList<string> Cells(ResultRow row) =>
    [
        row.System, row.Base, row.Variant, row.Point, row.Metric, Rounded(row.Value), row.Unit, Range(row.Low, row.High, Rounded), Range(row.RangeLow, row.RangeHigh, Rounded),
        row.Published is { } published ? Rounded(published) : "", row.Published is { } value ? Error(row.Value / value - 1) : "", row.Status,
    ];

    static string Range(double? low, double? high, Func<double, string> text) => low is { } from && high is { } to && from != to ? $"{text(from)} .. {text(to)}" : "";

    static string Text(double value) => value.ToString(Math.Abs(value) >= 1000 ? "0" : "0.####", CultureInfo.InvariantCulture);

    /// <summary>Four digits, which is more than any result is good for.</summary>
    static string Rounded(double value) => value.ToString(Math.Abs(value) >= 1000 ? "0" : "G4", CultureInfo.InvariantCulture);

    static string Percent(double share) => share == 0 ? "" : (100 * share).ToString("0.0 '%'", CultureInfo.InvariantCulture);

    static string Error(double error) => (100 * error).ToString("+0.0 '%';-0.0 '%';0.0 '%'", CultureInfo.InvariantCulture);
}
