using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>
/// report.html: the question of a study, its answer, its figures, where the cycles went, every result with its intervals, and what all of it rests on.
/// The page holds its pictures and fetches nothing.
/// </summary>
public static class HtmlReport
{
    // What a row is of; a scenario seldom needs all of them.
    static readonly IReadOnlyList<string> Names = ["base", "variant", "point"];

    /// <param name="study">What was run.</param>
    /// <param name="rows">Its results.</param>
    /// <param name="figures">Its figures, each drawn as SVG.</param>
    /// <param name="facts">Scenario, hash, seed, version and the like, in the order to be shown.</param>
    public static string Text(
        StudyResult study, IReadOnlyList<ResultRow> rows, IReadOnlyList<(Figure Figure, byte[] Svg)> figures, IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        var scenario = study.Scenario;
        var html = new List<string>();
        html.Add($"<h1>{Escape(scenario.Title)}</h1>\n<p class=\"question\">{Escape(scenario.Question)}</p>\n");
        if (Answer.Of(study, rows) is { Length: > 0 } answer) html.Add($"<p class=\"answer\">{Escape(answer)}</p>\n");
        foreach (var warning in study.Warnings) html.Add($"<p class=\"warning\">{Escape(warning)}</p>\n");
        foreach (var (figure, svg) in figures) html.Add(Picture(figure, svg));
        // What attacks and load find out is no sum of cycles.
        var charges = study.Observations.Any(observation => observation.Cycles != 0);
        if (charges) Section(html, "Where the cycles go", Breakdown.Of(study));
        Section(html, "Results", StudyTables.Results("Every result with its intervals", rows));
        if (charges) Section(html, "What it rests on", StudyTables.Grades(study), StudyTables.Provenance(study));
        html.Add("<h2>The run</h2>\n<dl>\n");
        foreach (var (name, value) in facts) html.Add($"<dt>{Escape(name)}</dt><dd>{Escape(value)}</dd>\n");
        html.Add("</dl>");
        return HtmlPage.Of(scenario.Title, string.Concat(html));
    }

    // As pictures, not as elements of the page, whose names would collide.
    static string Picture(Figure figure, byte[] svg) =>
        $"<figure><img alt=\"{Escape($"{figure.Title}. {figure.Caption}")}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(svg)}\"></figure>\n";

    static void Section(List<string> html, string title, params IReadOnlyList<Table> tables)
    {
        html.Add($"<h2>{Escape(title)}</h2>\n");
        foreach (var table in tables) html.Add($"<div class=\"table\">\n{HtmlTable.Text(table.WithoutEmptyColumns(Names))}</div>\n");
    }

    static string Escape(string text) => HtmlPage.Escape(text);
}
