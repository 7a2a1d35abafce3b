using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Benchmarks;

/// <summary><c>hardware</c>: TLBs and caches with ghosts on, beside a naive loop, in rounds that take turns; and round trips of IPC.</summary>
static class HardwareBenchmark
{
    const string Machine = "xeon-gold-6138";
    const int References = 1 << 20, RoundTripsARound = 4000, WarmUpRounds = 3;

    static readonly JsonSerializerOptions indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds behind the medians.", DefaultValueFactory = _ => 11 };
        rounds.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 1) given.AddError("--rounds must be 1 or more");
        });
        var command = new Command("hardware", "Time an access to TLBs and caches takes, ghosts on, beside a naive loop in the same rounds, and round trips of IPC a second.") { json, rounds };
        command.SetAction(parsed =>
        {
            var machine = Catalogue.Load().Machines[Machine];
            IReadOnlyList<Row> rows =
            [
                Accesses("all hits", "lines of a 32 KiB first level", machine, parsed.GetValue(rounds), machine.L1D.Sets * machine.L1D.Ways),
                Accesses("random", "lines over 64 MiB", machine, parsed.GetValue(rounds), 64 << 20 >> 6),
                IpcRoundTrips(machine, parsed.GetValue(rounds)),
            ];
            Print(rows, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    /// <summary>Lines drawn uniformly from so many; both loops must count the same misses at every level.</summary>
    static Row Accesses(string name, string what, HardwareProfile machine, int rounds, int distinctLines)
    {
        (int, int) Tlb(int level) => machine.Tlb(level, fetch: false, PageSize.Small) is { } tlb ? (tlb.Sets, tlb.Ways) : throw new InvalidOperationException($"{machine.Name} has no TLB of level {level}");
        IReadOnlyList<(int, int)> tlbs = [Tlb(1), Tlb(2)];
        IReadOnlyList<(int, int)> caches = [.. new[] { machine.L1D, machine.L2, machine.Llc }.Select(level => (level.Sets, level.Ways))];
        var random = new Random(1);
        int[] lines = [.. Enumerable.Range(0, References).Select(_ => TrackedMemory.LinesPerPage + random.Next(distinctLines))];
        var (naive, model) = (new NaiveLoop(tlbs, caches), new TrackedMemory(tlbs, caches));
        var seen = Measured(rounds, () => (Naive: Round.Of(() => naive.Run(lines), References), Model: Round.Of(() => model.Run(lines), References)));
        if (!naive.Misses.SequenceEqual(model.Misses)) throw new InvalidOperationException($"{name}: the model and the naive loop count different misses");
        return new Row(name, what, "access", Spread.Of(seen.Select(round => round.Model.Nanoseconds)), Spread.Of(seen.Select(round => round.Naive.Nanoseconds)),
            Spread.Of(seen.Select(round => round.Naive.Nanoseconds / round.Model.Nanoseconds)), seen.Max(round => round.Model.Bytes));
    }

    static Row IpcRoundTrips(HardwareProfile machine, int rounds)
    {
        var trips = new RoundTrips(machine);
        var seen = Measured(rounds, () => Round.Of(() => trips.Run(RoundTripsARound), RoundTripsARound));
        return new Row("round trip", string.Create(CultureInfo.InvariantCulture, $"{RoundTrips.References} references, all executed"), "round trip",
            Spread.Of(seen.Select(round => round.Nanoseconds)), null, null, seen.Max(round => round.Bytes));
    }

    static List<T> Measured<T>(int rounds, Func<T> round)
    {
        for (var warmUp = 0; warmUp < WarmUpRounds; warmUp++) round();
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
        string[] numbers = ["ns", "least", "most", "naive ns", "x naive", "least", "most", "a second", "bytes"];
        Console.Write(new Table("", [new("benchmark"), new("of"), new("operation"), .. numbers.Select(column => new Column(column, Alignment.Right))], [.. rows.Select(row => row.Cells)]).ToText());
        Console.WriteLine("ns: processor time, median of the rounds. x: how many times faster, ghosts on. Bytes: allocated, at most, an operation.");
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
        public double ASecond => 1e9 / Ns.Median;

        public IReadOnlyList<string> Cells =>
        [
            Benchmark, Of, Operation, Text(Ns.Median), Text(Ns.Least), Text(Ns.Most), Text(NaiveNs?.Median), Text(TimesNaive?.Median), Text(TimesNaive?.Least), Text(TimesNaive?.Most),
            ASecond.ToString("0", CultureInfo.InvariantCulture), Bytes.ToString("0.###", CultureInfo.InvariantCulture),
        ];

        static string Text(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
    }
}
