using System.Text.Json;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Reports;

/// <summary>
/// The folder of a sweep: its plan, and a file of results for each point that is done. Every file appears whole or not at all, under a name that says what
/// it holds, so any number of processes may fill the folder at once and be killed at any moment.
/// </summary>
sealed class SweepFolder
{
    public const string PlanFile = "sweep.json";
    const string PointsFolder = "points";

    static readonly JsonSerializerOptions layout = new(ResultsJson.Layout);

    readonly string points;

    SweepFolder(string path, SweepPlan plan)
    {
        Path = path;
        Plan = plan;
        points = System.IO.Path.Combine(path, PointsFolder);
    }

    public string Path { get; }
    public SweepPlan Plan { get; }

    /// <summary>Begins a sweep in an empty folder, or goes on with it; removes what killed processes left half written.</summary>
    /// <exception cref="InputException">The folder holds something else, or this sweep as it was before something changed.</exception>
    /// <exception cref="UnwritableFileException">Nothing can be written there.</exception>
    public static SweepFolder Begin(string path, SweepPlan plan)
    {
        var file = System.IO.Path.Combine(path, PlanFile);
        AtomicFile.RemoveLeftovers(path);
        if (!File.Exists(file))
        {
            CheckFree(path);
            AtomicFile.Write(file, plan.ToJson());
        }
        // Read again: another process may have begun another sweep here in the meantime.
        var folder = Open(path);
        var errors = new ErrorList();
        plan.CheckAgainst(folder.Plan, path, errors);
        errors.ThrowIfAny();
        AtomicFile.RemoveLeftovers(folder.points);
        return folder;
    }

    /// <summary>The folder of a sweep that was begun.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static SweepFolder Open(string path)
    {
        var file = System.IO.Path.Combine(path, PlanFile);
        if (!File.Exists(file))
            throw Wrong(path, Directory.Exists(path) ? $"a folder without '{PlanFile}'" : File.Exists(path) ? "a file" : "no such folder", "the folder of a sweep");
        return new SweepFolder(path, Read(file, SweepPlan.Parse));
    }

    /// <summary>Which points are not done yet, by their index.</summary>
    public IReadOnlyList<int> Missing
    {
        get
        {
            var done = Directory.Exists(points) ? Directory.EnumerateFiles(points, "*.json").Select(System.IO.Path.GetFileNameWithoutExtension).ToHashSet() : [];
            return [.. Enumerable.Range(0, Plan.Points.Count).Where(i => !done.Contains(Plan.Points[i].Key))];
        }
    }

    /// <summary>Stores the results of a point; stored a second time they replace themselves.</summary>
    /// <exception cref="UnwritableFileException">The file can not be written.</exception>
    public void Store(int point, IReadOnlyList<ResultRow> rows) => AtomicFile.Write(FileOf(point), JsonSerializer.Serialize(rows, layout) + "\n");

    /// <summary>The results of all points in their order.</summary>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public IReadOnlyList<ResultRow> Rows() =>
        [.. Enumerable.Range(0, Plan.Points.Count).SelectMany(point => Read(FileOf(point), json => JsonSerializer.Deserialize<List<ResultRow>>(json, layout)!))];

    string FileOf(int point) => System.IO.Path.Combine(points, Plan.Points[point].Key + ".json");

    static void CheckFree(string path)
    {
        if (File.Exists(path)) throw Wrong(path, "a file", "a folder");
        // What another process is just beginning is no stranger, and its plan is compared later.
        var stranger = !Directory.Exists(path) ? null : Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)
            .FirstOrDefault(entry => !entry!.StartsWith(PlanFile, StringComparison.Ordinal) && entry != PointsFolder);
        if (stranger is not null) throw Wrong(path, $"'{stranger}', which is no part of a sweep", "an empty folder, or one in which this sweep was begun");
    }

    static T Read<T>(string file, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(file));
        }
        catch (Exception wrong) when (wrong is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw Wrong(file, wrong is JsonException ? "a damaged file" : "no such file", "what a sweep wrote; delete it and sweep again");
        }
    }

    static InputException Wrong(string place, string found, string expected) => new([new InputError(place, 0, 0, found, expected)]);
}
