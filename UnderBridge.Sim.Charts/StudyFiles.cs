using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Charts;

/// <summary>All that a run leaves of a study: what was run, its results in three formats, its figures, and a report that holds everything.</summary>
public static class StudyFiles
{
    public const string Resolved = ScenarioReader.ResolvedFile, Csv = "results.csv", Json = "results.json", Parquet = "results.parquet", Report = "report.html";

    /// <summary>The files beside the figures.</summary>
    public static IReadOnlyList<string> Names { get; } = [Csv, Json, Parquet, Resolved, Report];

    /// <summary>Writes them to a folder, each whole or not at all, with the figures that the scenario asks for. Returns the stems of the figures' names.</summary>
    /// <param name="study">What was run.</param>
    /// <param name="folder">Where to; it is made if need be.</param>
    /// <param name="rows">The rows of its results, where they are at hand.</param>
    /// <param name="cancellation">Ends the writing between two figures.</param>
    /// <exception cref="UnwritableFileException">A file can not be written; an older one stays as it was.</exception>
    /// <exception cref="OperationCanceledException">The writing was cancelled.</exception>
    public static IReadOnlyList<string> Write(StudyResult study, string folder, IReadOnlyList<ResultRow>? rows = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        rows ??= StudyRows.Of(study);
        var document = ResultsDocument.Of(study, rows);
        AtomicFile.Write(Path.Combine(folder, Resolved), $"# version: {Study.Version}\n# hash of the lines below: {ScenarioWriter.Hash(study.Scenario)}\n{ScenarioWriter.ToYaml(study.Scenario)}");
        ResultsCsv.Write(Path.Combine(folder, Csv), rows);
        ResultsJson.Write(Path.Combine(folder, Json), document);
        ResultsParquet.Write(Path.Combine(folder, Parquet), rows);
        var drawn = StudyFigures.Of(study, rows).Select(named =>
        {
            cancellation.ThrowIfCancellationRequested();
            return (named.Name, named.Figure, Svg: File.ReadAllBytes(ChartWriter.Write(named.Figure, folder, named.Name).Svg));
        }).ToList();
        AtomicFile.Write(Path.Combine(folder, Report), HtmlReport.Text(study, rows, [.. drawn.Select(one => (one.Figure, one.Svg))], document.Run));
        return [.. drawn.Select(one => one.Name)];
    }
}
