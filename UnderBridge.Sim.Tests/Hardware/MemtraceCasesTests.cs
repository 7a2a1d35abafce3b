using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

/// <summary>The cases of memtrace-cases.json, played as the command does; the file says in words what each trace is and who counted.</summary>
public class MemtraceCasesTests
{
    static readonly Dictionary<string, Func<string>> traces = new()
    {
        ["fifo-write-back"] = () => Mixed(31, near: 300, far: 3000),
        ["lru-write-back-flushed"] = () => Mixed(32, near: 200, far: 4000, flushEvery: 3000),
        ["tree-plru-odd-sets"] = () => Mixed(33, near: 400, far: 5000),
        ["inclusive-last-level"] = () => Mixed(34, near: 300, far: 2000, flushEvery: 7000),
        ["exclusive-levels"] = () => Mixed(35, near: 300, far: 2000, flushEvery: 7000),
        ["growing-blocks"] = () => Mixed(36, near: 400, far: 4000),
        ["switches-flushed"] = () => Switches(_ => 0, _ => 0, flush: true),
        ["switches-pcid"] = () => Switches(process => process + 1, _ => 0),
        ["switches-kpti"] = () => Switches(process => 2 * process + 1, process => 2 * process + 2),
        ["cachegrind-64"] = Recorded,
        ["cachegrind-32"] = Recorded,
    };

    static IEnumerable<string> Ids => traces.Keys;

    [TestCaseSource(nameof(Ids))]
    public void Memtrace_counts_as_an_independent_simulator_did(string id)
    {
        using var cases = Cases();
        var reference = All(cases).Single(one => one.GetProperty("id").GetString() == id);
        var trace = Encoding.ASCII.GetBytes(traces[id]());
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(trace)), Is.EqualTo(reference.GetProperty("trace_sha256").GetString()), "the trace");

        var errors = new ErrorList();
        var memory = new TracedMemory(GeometryReader.Parse(reference.GetProperty("geometry").GetRawText(), "geometry", errors));
        Assert.That(errors.Errors, Is.Empty);
        Assert.That(Play(trace, memory), Is.EqualTo(reference.GetProperty("references").GetInt32()));
        foreach (var (level, expected) in memory.Levels.Zip(reference.GetProperty("expected").EnumerateArray()))
        {
            long Expected(string key) => expected.GetProperty(key).GetInt64();
            Assert.That(level.Name, Is.EqualTo(expected.GetProperty("name").GetString()));
            Assert.That((level.Accesses, level.Hits, level.Misses), Is.EqualTo((Expected("accesses"), Expected("hits"), Expected("misses"))), level.Name);
            if (expected.TryGetProperty("dirtyEvictions", out var dirty)) Assert.That(level.DirtyEvictions, Is.EqualTo(dirty.GetInt64()), level.Name);
        }
    }

    [Test]
    public void Every_case_of_the_file_is_played()
    {
        using var cases = Cases();
        Assert.That(All(cases).Select(one => one.GetProperty("id").GetString()), Is.EqualTo(Ids));
    }

    static int Play(byte[] text, TracedMemory memory)
    {
        using var trace = new DinTrace(new MemoryStream(text));
        var count = 0;
        while (trace.Next() is { IsEmpty: false } records)
        {
            foreach (var record in records) memory.Play(record);
            count += records.Length;
        }
        return count;
    }

    static string Mixed(ulong seed, int near, int far, int flushEvery = int.MaxValue)
    {
        const string labels = "00001122";
        var text = new StringBuilder();
        for (var step = 0; step < 20_000; step++)
        {
            if (step > 0 && step % flushEvery == 0) text.Append("4 0\n");
            var (a, b) = (Draw(ref seed), Draw(ref seed));
            text.Append(CultureInfo.InvariantCulture, $"{labels[a / 64 % 8]} {b % (a / 512 % 8 < 6 ? near : far) * 64 + a % 64:x}\n");
        }
        return text.ToString();
    }

    static string Switches(Func<int, int> userTag, Func<int, int> kernelTag, bool flush = false)
    {
        const int turns = 60, calls = 20;
        var text = new StringBuilder();
        var state = 41UL;
        for (var turn = 0; turn < turns; turn++)
        {
            var process = turn % 4;
            var (user, kernel) = ((ulong)userTag(process) << 52, (ulong)kernelTag(process) << 52);
            void Touch(char label, int page, ulong tag) => text.Append(CultureInfo.InvariantCulture, $"{label} {(ulong)page * 4096 + tag:x}\n");

            if (flush && turn > 0) text.Append("4 0\n");
            for (var call = 0; call < calls; call++)
            {
                for (var n = 0; n < 10; n++)
                {
                    var (a, b) = (Draw(ref state), Draw(ref state));
                    Touch('2', 0x400 + a % 12, user);
                    Touch(b / 1024 % 4 == 0 ? '1' : '0', 0x10000 + 16 * process + b % (a / 16 % 8 > 0 ? 24 : 600), user);
                }
                for (var n = 0; n < 3; n++)
                {
                    Touch('2', 0x80000 + Draw(ref state) % 8, kernel);
                    Touch('0', 0x90000 + Draw(ref state) % 40, kernel);
                }
                Touch('0', 0x10000 + 16 * process + Draw(ref state) % 24, kernel);
            }
        }
        return text.ToString();
    }

    static string Recorded()
    {
        using var text = new StreamReader(new GZipStream(Resource("cachegrind.din.gz"), CompressionMode.Decompress));
        return text.ReadToEnd();
    }

    static int Draw(ref ulong state)
    {
        state = state * 6364136223846793005UL + 1442695040888963407UL;
        return (int)(state >> 33);
    }

    static JsonDocument Cases() => JsonDocument.Parse(Resource("memtrace-cases.json"));

    static JsonElement.ArrayEnumerator All(JsonDocument cases) => cases.RootElement.GetProperty("cases").EnumerateArray();

    static Stream Resource(string name) => typeof(MemtraceCasesTests).Assembly.GetManifestResourceStream(name)!;
}
