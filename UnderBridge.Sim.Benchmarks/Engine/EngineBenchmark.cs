using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using UnderBridge.Sim.Benchmarks.Bare;
using UnderBridge.Sim.Benchmarks.Plain;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Benchmarks;

/// <summary>
/// <c>engine</c>: the workloads on the engine of this build, on the plain one and bare, with no engine, each measurement in a process of its own, in rounds that take turns.
/// </summary>
static class EngineBenchmark
{
    const string Plain = "plain", Bare = "bare";

    static readonly string engine = typeof(Simulation).Assembly.GetName().Name! == "SimSharp" ? "SimSharp" : "ours";

    static readonly JsonSerializerOptions indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    static readonly Column[] columns =
        [new("workload"), new("engine"), new("operation"), .. new[] { "ns", "least", "most", "bytes", "x plain", "x SimSharp*" }.Select(name => new Column(name, Alignment.Right))];

    // SimSharp 3.4.2 on .NET 10, on a machine of the class this was written on (2 cores, x86-64, Debian 12), in another run. Where the package
    // can be had, build with -p:DesEngine=SimSharp to see it in yours.
    static readonly Dictionary<string, double> recordedOfSimSharp = new() { ["tick"] = 50, ["hold-1k"] = 194, ["hold-100k"] = 1431, ["mm1"] = 518, ["ping-pong"] = 338 };

    static readonly IReadOnlyList<Configuration> all =
    [
        .. Workloads.All.Select(workload => new Configuration(engine, workload)),
        .. HoldWorkloads.All.Select(workload => new Configuration(engine, workload)),
        .. Workloads.All.Where(workload => PlainEngine.Workloads.Contains(workload.Name)).Select(workload => new Configuration(Plain, workload)),
        .. Workloads.All.Where(workload => NoEngine.Workloads.Contains(workload.Name)).Select(workload => new Configuration(Bare, workload)),
    ];

    public static Command Create()
    {
        var (json, rounds, only) = (Flags.Json(), Flags.Rounds("Measurements of each configuration.", 5), Flags.Only("One workload", [.. Workloads.All.Select(workload => workload.Name)]));
        var one = new Option<string>("--one") { Hidden = true };
        var command = new Command("engine", "Time and bytes an operation of the process engine takes, in the same rounds beside a plain engine and beside the bodies of the processes alone.") { json, rounds, only, one };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(one) is { } id) Measure(id);
            else Print([.. Rounds(parsed.GetValue(rounds), parsed.GetValue(only))], parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    static void Measure(string id)
    {
        var (of, workload) = all.Single(configuration => configuration.Id == id);
        var seen = of switch
        {
            Plain => PlainEngine.Measure(workload.Name),
            Bare => NoEngine.Measure(workload.Name),
            _ => Measurement.Of(workload).Pair,
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen.Nanoseconds:R} {seen.Bytes:R}"));
    }

    static IEnumerable<Row> Rounds(int rounds, string? only)
    {
        var configurations = all.Where(configuration => only is null || configuration.Workload.Name == only).ToList();
        var seen = configurations.Select(_ => new List<Measurement>()).ToList();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < configurations.Count; i++)
            {
                if (!Console.IsErrorRedirected) Console.Error.Write($"\r\u001b[2Kround {round + 1} of {rounds}: {configurations[i].Id}");
                seen[i].Add(InItsOwnProcess(configurations[i].Id));
            }
        }
        if (!Console.IsErrorRedirected) Console.Error.Write("\r\u001b[2K");
        var plain = configurations.Index().Where(c => c.Item.Engine == Plain).ToDictionary(c => c.Item.Workload.Name, c => Median(seen[c.Index]));
        return configurations.Select((configuration, i) => new Row(configuration.Workload.Name, configuration.Engine, configuration.Workload.Operation, rounds,
            Median(seen[i]), seen[i].Min(m => m.Nanoseconds), seen[i].Max(m => m.Nanoseconds), seen[i].Max(m => m.Bytes),
            plain[configuration.Workload.Name] / Median(seen[i]), recordedOfSimSharp[configuration.Workload.Name] / Median(seen[i])));
    }

    static Measurement InItsOwnProcess(string id)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Started through the dotnet host the process is the host, and the program its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(EngineBenchmark).Assembly.Location);
        foreach (var argument in new[] { "engine", "--one", id }) start.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"'{id}' ended with exit code {process.ExitCode}");
        var words = output.Split(' ');
        return new(double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    static double Median(List<Measurement> seen)
    {
        var sorted = seen.Select(m => m.Nanoseconds).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    static void Print(IReadOnlyList<Row> rows, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { rows }, indented));
        else
        {
            Console.Write(new Table("", columns, [.. rows.Select(row => row.Cells)]).ToText());
            Console.WriteLine("ns: median of the rounds. bare: the bodies, their events and random numbers with no engine. x: how many times faster. *: recorded in another run, on a machine of this class; only an indication.");
        }
    }

    sealed record Configuration(string Engine, Workload Workload)
    {
        public string Id => $"{Engine}/{Workload.Name}/{Workload.Operation}";
    }

    sealed record Row(string Workload, string Engine, string Operation, int Rounds, double Ns, double NsLeast, double NsMost, double Bytes, double TimesPlain, double TimesRecordedSimSharp)
    {
        [JsonIgnore]
        public IReadOnlyList<string> Cells => [Workload, Engine, Operation, .. new[] { Ns, NsLeast, NsMost, Bytes, TimesPlain, TimesRecordedSimSharp }.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture))];
    }
}
