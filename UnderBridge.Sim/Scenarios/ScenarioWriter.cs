using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Writes a scenario with all defaults filled in, always in the same order; reading it back gives the same scenario.</summary>
public static class ScenarioWriter
{
    public static string ToYaml(Scenario scenario)
    {
        var yaml = new StringBuilder();
        yaml.Append(Line("name", Quote(scenario.Name)));
        yaml.Append(Line("title", Quote(scenario.Title)));
        yaml.Append(Line("question", Quote(scenario.Question)));
        yaml.Append(Line("machine", Quote(scenario.Machine)));
        yaml.Append(Line("seed", Number(scenario.Seed)));
        Block(yaml, "set", scenario.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}: {setting.Value}"));
        Block(yaml, "systems", scenario.Systems.Select(System));
        Block(yaml, "workload", Workload(scenario.Workload));
        if (scenario.Sweep is { } sweep) Block(yaml, "sweep", Sweep(sweep));
        Block(yaml, "figures", scenario.Figures.Select(figure => $"- {{{string.Join(", ", Figure(figure))}}}"));
        return yaml.ToString();
    }

    /// <summary>SHA-256 of what <see cref="ToYaml"/> writes, in lower-case hexadecimal digits.</summary>
    public static string Hash(Scenario scenario) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToYaml(scenario))));

    static string System(SystemUnderTest system)
    {
        var @base = system.Base.Length == 0 ? "" : $", base: {system.Base}";
        return $"- {{system: {system.System}{@base}, variant: {Kebab.Of(system.Variant)}, label: {Quote(system.Label)}}}";
    }

    static IEnumerable<string> Figure(FigureRequest figure)
    {
        yield return $"kind: {figure.Kind}";
        yield return $"name: {Quote(figure.Name)}";
        yield return $"title: {Quote(figure.Title)}";
        if (figure.System.Length > 0) yield return $"system: {figure.System}";
        if (figure.Against.Length > 0) yield return $"against: {figure.Against}";
        if (figure.At.Length > 0) yield return $"at: {Quote(figure.At)}";
        if (figure.Units > 0) yield return $"units: {Number(figure.Units)}";
        if (figure.Kind == FigureRequest.Tornado) yield return $"samples: {Number(figure.Samples)}";
        if (figure.Metric.Length > 0) yield return $"metric: {figure.Metric}";
        if (figure.X.Length > 0) yield return $"x: {Quote(figure.X)}";
        if (figure.Y.Length > 0) yield return $"y: {Quote(figure.Y)}";
        if (figure.Log != LogAxes.None) yield return $"log: {Kebab.Of(figure.Log)}";
        if (figure.Caption.Length > 0) yield return $"caption: {Quote(figure.Caption)}";
    }

    static IEnumerable<string> Workload(Workload workload)
    {
        yield return $"kind: {workload.Kind}";
        foreach (var line in workload is Replay replay ? Replay(replay) : []) yield return line;
        if (workload is ServiceMix mix) yield return $"app: {Quote(mix.App)}";
        if (workload is Services services) yield return $"servers: [{string.Join(", ", services.Servers.Select(count => Number(count)))}]";
        foreach (var key in WorkloadKeys.Of(workload).Union(WorkloadKeys.Repeats).Where(key => !key.NeedsEvidence))
            if (key.Get(workload) is { } value) yield return $"{key.Name}: {Number(value)}";
    }

    static IEnumerable<string> Replay(Replay replay)
    {
        yield return $"trace: {Quote(replay.Trace)}";
        if (replay.Timed is { } timed) yield return $"timed: {Quote(timed)}";
        if (replay.Begin is { } begin) yield return $"begin: {Quote(begin)}";
        if (replay.End is { } end) yield return $"end: {Quote(end)}";
        if (replay.OperationEnd is { } operationEnd) yield return $"operation-end: {Quote(operationEnd)}";
        yield return $"calls: {Quote(replay.Calls)}";
        if (replay.Routes.Count > 0)
        {
            var routes = replay.Routes.OrderBy(route => route.Key, StringComparer.Ordinal).Select(route => $"{Quote(route.Key)}: {route.Value}");
            yield return $"routes: {{{string.Join(", ", routes)}}}";
        }
        if (replay.ComputePerCall is { } compute) yield return $"compute-per-call: {Sourced(compute)}";
    }

    static IEnumerable<string> Sweep(Sweep sweep)
    {
        var axes = sweep.Axes.Select(axis => $"{axis.Key}: {{{Axis(axis)}}}");
        if (sweep.Sample is not { } sample) return axes;
        return [$"{SweepReader.Hypercube}: {Number(sample.Count)}", $"{SweepReader.Seed}: {Number(sample.Seed)}", $"{SweepReader.AxesOf}:", .. axes.Select(axis => $"  {axis}")];
    }

    static string Axis(SweepAxis axis) => axis switch
    {
        ListAxis list => $"{SweepReader.List}: [{string.Join(", ", list.Values)}]",
        RangeAxis range => $"{SweepReader.From}: {Number(range.From)}, {SweepReader.To}: {Number(range.To)}, {SweepReader.Scale}: {(range.Logarithmic ? "log" : "linear")}",
        _ => throw new ArgumentException($"no way to write a {axis.GetType().Name}", nameof(axis)),
    };

    static string Sourced(Sourced<double> number)
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"{{value: {Number(number.Value)}, unit: {number.Unit}, grade: {Kebab.Of(number.Grade)}, ");
        yaml.Append(CultureInfo.InvariantCulture, $"source: {number.Source.Key}, at: {Quote(number.Source.Place)}, range: [{Number(number.Low)}, {Number(number.High)}]");
        if (number.RestsOn is { } id) yaml.Append(CultureInfo.InvariantCulture, $", rests-on: {id}");
        if (number.Note.Length > 0) yaml.Append(CultureInfo.InvariantCulture, $", note: {Quote(number.Note)}");
        return yaml.Append('}').ToString();
    }

    static void Block(StringBuilder yaml, string key, IEnumerable<string> lines)
    {
        var written = lines.ToList();
        if (written.Count == 0) return;
        yaml.Append(key).Append(":\n");
        foreach (var line in written) yaml.Append("  ").Append(line).Append('\n');
    }

    static string Line(string key, string value) => $"{key}: {value}\n";

    static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A text in double quotes, in which YAML escapes what it must.</summary>
    static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\ufeff' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => quoted.Append(letter),
            };
        }
        return quoted.Append('"').ToString();
    }
}
