using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Benchmarks;

/// <summary><c>hardware</c>: TLBs and caches with ghosts on, beside a naive loop, in rounds that take turns; and round trips of IPC.</summary>
static class HardwareBenchmark
{
    const string Machine = "xeon-gold-6138";
    const int References = 1 << 20, Batch = 1 << 10, RandomLines = 64 << 20 >> 6, RoundTripsARound = 4000, RoundTripsToWarmUp = 500;

    // The runtime compiles what is called often anew, in the background.
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(2);

    // As soon as what repeats itself would begin to be spared, something else happens: all that it took to find out is lost.
    const int JustTooSoon = 5;

    static readonly JsonSerializerOptions indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    static readonly OrderedDictionary<string, Func<string, HardwareProfile, int, Row>> all = new()
    {
        ["all hits"] = (name, machine, rounds) => Accesses(name, "lines of a 32 KiB first level", machine, rounds, LinesOfL1(machine), owners: 1),
        ["random"] = (name, machine, rounds) => Accesses(name, "lines over 64 MiB", machine, rounds, RandomLines, owners: 1),
        ["all hits, shared"] = (name, machine, rounds) => Accesses(name, "the same, two owners in turns", machine, rounds, LinesOfL1(machine), owners: 2),
        ["random, shared"] = (name, machine, rounds) => Accesses(name, "the same, two owners in turns", machine, rounds, RandomLines, owners: 2),
        ["round trip, executed"] = (name, machine, rounds) => IpcRoundTrips(name, "each executed", machine, rounds, fastForward: false, stray: 0),
        ["round trip"] = (name, machine, rounds) => IpcRoundTrips(name, "repeated", machine, rounds, fastForward: true, stray: 0),
        ["round trip, broken"] = (name, machine, rounds) =>
            IpcRoundTrips(name, string.Create(CultureInfo.InvariantCulture, $"broken off every {JustTooSoon}"), machine, rounds, fastForward: true, JustTooSoon),
    };

    public static Command Create()
    {
        var (json, rounds, only) = (Flags.Json(), Flags.Rounds("Rounds behind the medians.", 11), Flags.Only("One row", [.. all.Keys]));
        var command = new Command("hardware", "Time an access to TLBs and caches takes, ghosts on, beside a naive loop in the same rounds, and round trips of IPC a second.") { json, rounds, only };
        command.SetAction(parsed =>
        {
            var machine = Catalogue.Load().Machines[Machine];
            var rows = all.Where(row => parsed.GetValue(only) is not { } name || row.Key == name).Select(row => row.Value(row.Key, machine, parsed.GetValue(rounds))).ToList();
            Print(rows, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    /// <summary>Lines drawn uniformly from so many; both loops must count the same misses at every level. Sets that several owners reach cost more: each ghost keeps its own.</summary>
    static Row Accesses(string name, string what, HardwareProfile machine, int rounds, int distinctLines, int owners)
    {
        (int, int) Tlb(int level) => machine.Tlb(level, fetch: false, PageSize.Small) is { } tlb ? (tlb.Sets, tlb.Ways) : throw new InvalidOperationException($"{machine.Name} has no TLB of level {level}");
        IReadOnlyList<(int, int)> tlbs = [Tlb(1), Tlb(2)];
        IReadOnlyList<(int, int)> caches = [.. new[] { machine.L1D, machine.L2, machine.Llc }.Select(level => (level.Sets, level.Ways))];
        var random = new Random(1);
        int[] lines = [.. Enumerable.Range(0, References).Select(_ => TrackedMemory.LinesPerPage + random.Next(distinctLines))];
        var (naive, model) = (new NaiveLoop(tlbs, caches), new TrackedMemory(tlbs, caches, owners));
        Action<ReadOnlySpan<int>> runNaive = naive.Run, runModel = model.Run;
        var seen = Measured(rounds, () => (Naive: Round.Of(() => InBatches(lines, runNaive), References), Model: Round.Of(() => InBatches(lines, runModel), References)));
        if (!naive.Misses.SequenceEqual(model.Misses)) throw new InvalidOperationException($"{name}: the model and the naive loop count different misses");
        return new Row(name, what, "access", Spread.Of(seen.Select(round => round.Model.Nanoseconds)), Spread.Of(seen.Select(round => round.Naive.Nanoseconds)),
            Spread.Of(seen.Select(round => round.Naive.Nanoseconds / round.Model.Nanoseconds)), seen.Max(round => round.Model.Bytes));
    }

    static int LinesOfL1(HardwareProfile machine) => machine.L1D.Sets * machine.L1D.Ways;

    // As footprints come, and so that the runtime compiles both loops as it does what is called often.
    static void InBatches(int[] lines, Action<ReadOnlySpan<int>> run)
    {
        for (var first = 0; first < lines.Length; first += Batch) run(lines.AsSpan(first, Batch));
    }

    /// <summary>Beside a machine that executes the same. Both are new in each round: where their sets happen to lie in the host's memory makes a difference of tenths.</summary>
    static Row IpcRoundTrips(string name, string what, HardwareProfile machine, int rounds, bool fastForward, int stray)
    {
        // What is spared passes too fast for the clock.
        var count = RoundTripsARound * (fastForward && stray == 0 ? 100 : 1);
        Round Of(bool fastForward, int trips)
        {
            var warm = new RoundTrips(machine, fastForward, stray);
            warm.Run(RoundTripsToWarmUp);
            return Round.Of(() => warm.Run(trips), trips);
        }
        (Round Executed, Round Seen) Both() => (Of(fastForward: false, RoundTripsARound), Of(fastForward, count));
        var seen = Measured(rounds, Both);
        return new Row(name, string.Create(CultureInfo.InvariantCulture, $"{RoundTrips.References} references, {what}"), "round trip", Spread.Of(seen.Select(round => round.Seen.Nanoseconds)),
            null, null, seen.Max(round => round.Seen.Bytes)) { TimesExecuting = Spread.Of(seen.Select(round => round.Executed.Nanoseconds / round.Seen.Nanoseconds)) };
    }

    static List<T> Measured<T>(int rounds, Func<T> round)
    {
        for (var began = Environment.CpuUsage.UserTime; Environment.CpuUsage.UserTime - began < warmUp;) round();
        var seen = new List<T>();
        while (seen.Count < rounds) seen.Add(round());
        return seen;
    }

    static void Print(IReadOnlyList<Row> rows, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { rows }, indented));
            return;
        }
        string[] numbers = ["ns", "least", "most", "naive ns", "x naive", "least", "most", "x executing", "a second", "bytes"];
        Console.Write(new Table("", [new("benchmark"), new("of"), new("operation"), .. numbers.Select(column => new Column(column, Alignment.Right))], [.. rows.Select(row => row.Cells)]).ToText());
        Console.WriteLine("ns: processor time, median of the rounds. x: how many times faster, ghosts on, than the naive loop and than the model with every reference executed. Bytes: allocated, at most, an operation.");
    }

    /// <summary>Processor time in ns, which depends less than the clock on what else the machine does, and allocated bytes, an operation.</summary>
    readonly record struct Round(double Nanoseconds, double Bytes)
    {
        public static Round Of(Action work, int operations)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var time = Environment.CpuUsage.UserTime;
            work();
            time = Environment.CpuUsage.UserTime - time;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            return new Round(time.TotalNanoseconds / operations, (double)bytes / operations);
        }
    }

    sealed record Spread(double Median, double Least, double Most)
    {
        public static Spread Of(IEnumerable<double> values)
        {
            var sorted = values.Order().ToList();
            return new Spread((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[0], sorted[^1]);
        }
    }

    sealed record Row(string Benchmark, string Of, string Operation, Spread Ns, Spread? NaiveNs, Spread? TimesNaive, double Bytes)
    {
        public Spread? TimesExecuting { get; init; }

        public double ASecond => 1e9 / Ns.Median;

        [JsonIgnore]
        public IReadOnlyList<string> Cells =>
        [
            Benchmark, Of, Operation, Text(Ns.Median), Text(Ns.Least), Text(Ns.Most), Text(NaiveNs?.Median), Text(TimesNaive?.Median), Text(TimesNaive?.Least), Text(TimesNaive?.Most),
            TimesExecuting?.Median.ToString("0.00", CultureInfo.InvariantCulture) ?? "", ASecond.ToString("0", CultureInfo.InvariantCulture), Bytes.ToString("0.###", CultureInfo.InvariantCulture),
        ];

        static string Text(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
    }
}
