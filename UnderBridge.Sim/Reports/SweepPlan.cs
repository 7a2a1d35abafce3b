using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>A point of a sweep, and the key that its results are stored under.</summary>
sealed record PlannedPoint(string Point, string Key);

/// <summary>What a sweep is going to run, with all that decides its results.</summary>
/// <param name="Name">Name of the scenario.</param>
/// <param name="Version">The simulator's version, and the identity of its build.</param>
/// <param name="Catalogue">Hash of the catalogue.</param>
/// <param name="Traces">Hash of the files that the scenario replays.</param>
/// <param name="Scenario">The scenario with all defaults filled in, line by line.</param>
/// <param name="Points">Every point in order.</param>
sealed record SweepPlan(
    string Name, string Version, string Catalogue, string Traces, IReadOnlyList<string> Scenario, IReadOnlyList<PlannedPoint> Points)
{
    static readonly JsonSerializerOptions layout = new(ResultsJson.Layout) { WriteIndented = true, NewLine = "\n" };

    public static SweepPlan Of(Scenario scenario, Catalogue catalogue)
    {
        // Two builds of one version may differ, and with them results.
        var build = typeof(SweepPlan).Assembly;
        var version = $"{build.GetName().Version!.ToString(3)} (build {build.ManifestModule.ModuleVersionId:N})";
        var (facts, traces) = (catalogue.Hash, TracesOf(scenario));
        var points = scenario.Points.Select(point => new PlannedPoint($"{point}",
            Hash(Encoding.UTF8.GetBytes(string.Join('\n', version, facts, traces, ScenarioWriter.ToYaml(At(scenario, point)))))));
        return new SweepPlan(scenario.Name, version, facts, traces, ScenarioWriter.ToYaml(scenario).TrimEnd('\n').Split('\n'), [.. points]);
    }

    /// <summary>The scenario as a sweep of one of its points.</summary>
    public static Scenario At(Scenario scenario, SweepPoint point) => scenario.At(point) with { Sweep = Sweep.Of(point) };

    public string ToJson() => JsonSerializer.Serialize(this, layout) + "\n";

    /// <exception cref="JsonException">The text is no plan.</exception>
    public static SweepPlan Parse(string json) => JsonSerializer.Deserialize<SweepPlan>(json, layout) ?? throw new JsonException("nothing");

    /// <summary>Reports in what this plan differs from the one that a folder was begun with.</summary>
    public void CheckAgainst(SweepPlan begun, string folder, ErrorList errors)
    {
        const string elsewhere = "or another folder";
        void Compare(string what, string found, string expected)
        {
            if (found != expected) errors.Add(folder, $"a sweep begun with {what} {found}", $"{what} {expected}, {elsewhere}");
        }

        if (begun.Name != Name) errors.Add(folder, $"the sweep '{begun.Name}'", $"'{Name}', {elsewhere}");
        else if (!begun.Scenario.SequenceEqual(Scenario))
        {
            var line = begun.Scenario.Zip(Scenario).FirstOrDefault(lines => lines.First != lines.Second, (First: "other lines", Second: "the lines of now"));
            errors.Add(folder, $"the sweep '{Name}' as it was before it changed: {line.First.Trim()}", $"{line.Second.Trim()}, {elsewhere}");
        }
        Compare("version", begun.Version, Version);
        Compare("a catalogue of the hash", begun.Catalogue, Catalogue);
        Compare("traces of the hash", begun.Traces, Traces);
    }

    static string TracesOf(Scenario scenario)
    {
        if (scenario.Workload is not Replay replay) return "";
        var files = new[] { replay.Trace, replay.Timed }.OfType<string>().Select(file => Hash(File.ReadAllBytes(scenario.Locate(file))));
        return Hash(Encoding.UTF8.GetBytes(string.Join('\n', files)));
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
