using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

/// <summary>The cases of reference-cases.json, whose counts three independent simulators agree on.</summary>
public class ConformanceTests
{
    [Test]
    public void Nine_lines_cycling_through_eight_ways_never_hit() => Check("RC1-cyclic-9", Cyclic(9));

    [Test]
    public void Eight_lines_cycling_through_eight_ways_miss_once_each() => Check("RC1-cyclic-8", Cyclic(8));

    [Test]
    public void A_million_uniform_loads_meet_three_levels_to_the_last_miss() => Check("RC2-3level-uniform", Uniform());

    [Test]
    public void A_million_translations_meet_two_tlb_levels_to_the_last_miss()
    {
        var reference = Case("RC5-tlb-two-level");
        const int owner = 1;
        var (itlb, dtlb, stlb) = (Level(reference, 0), Level(reference, 1), Level(reference, 2));
        var unused = new Cache("unused", 1, 1);
        var tlbs = new TlbHierarchy(itlb, unused, dtlb, unused, stlb);
        tlbs.AddGhost(new TlbHierarchy(Level(reference, 0), unused, Level(reference, 1), unused, Level(reference, 2)), owner);
        var page = new ReferenceBatch(TlbHierarchy.Levels);
        Replay(reference, Translations(), (kind, address) =>
        {
            page.Begin();
            page.Add(1)[0] = (int)(address / 4096);
            tlbs.Access(page, kind == 'i', PageSize.Small, owner);
        });
        Expect(reference, itlb, dtlb, stlb);
        Assert.That(unused.Accesses, Is.Zero);
    }

    [TestCase("RC1-cyclic-9")]
    [TestCase("RC1-cyclic-8")]
    [TestCase("RC2-3level-uniform")]
    [TestCase("RC5-tlb-two-level")]
    public void Memtrace_counts_as_the_reference_does(string id)
    {
        var reference = Case(id);
        var levels = reference.GetProperty("geometry").EnumerateArray().Select(level => (Level: GeometryOf(level), IsTlb: level.TryGetProperty("page", out _))).ToList();
        var memory = new TracedMemory(new MemoryGeometry([.. levels.Where(level => !level.IsTlb).Select(level => level.Level)], [.. levels.Where(level => level.IsTlb).Select(level => level.Level)]));
        using var trace = new DinTrace(new MemoryStream(Encoding.ASCII.GetBytes(Din(Traces[id]()))));
        while (trace.Next() is { IsEmpty: false } records)
            foreach (var record in records) memory.Play(record);
        Expect(reference, [.. memory.Levels]);
    }

    [Test]
    public void Every_case_of_the_file_is_checked()
    {
        using var stream = typeof(ConformanceTests).Assembly.GetManifestResourceStream("reference-cases.json")!;
        using var document = JsonDocument.Parse(stream);
        Assert.That(document.RootElement.GetProperty("cases").EnumerateArray().Select(reference => reference.GetProperty("id").GetString()), Is.EquivalentTo(Traces.Keys));
    }

    static readonly Dictionary<string, Func<IEnumerable<(char Kind, long Address)>>> Traces = new()
    {
        ["RC1-cyclic-9"] = () => Cyclic(9), ["RC1-cyclic-8"] = () => Cyclic(8), ["RC2-3level-uniform"] = Uniform, ["RC5-tlb-two-level"] = Translations,
    };

    static string Din(IEnumerable<(char Kind, long Address)> trace)
    {
        var text = new StringBuilder();
        foreach (var (kind, address) in trace) text.Append("rwi".IndexOf(kind)).Append(' ').Append(address.ToString("x", CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }

    static LevelGeometry GeometryOf(JsonElement level)
    {
        var name = level.GetProperty("level").GetString()!.Split(' ')[0];
        var side = name switch { "L1D" or "DTLB" => Side.Data, "ITLB" => Side.Instruction, _ => Side.Unified };
        var block = level.TryGetProperty("page", out var page) ? page : level.GetProperty("block");
        return new LevelGeometry(name, side, level.GetProperty("sets").GetInt32(), level.GetProperty("ways").GetInt32(), block.GetInt32());
    }

    static void Check(string id, IEnumerable<(char Kind, long Address)> trace)
    {
        var reference = Case(id);
        var levels = Enumerable.Range(0, reference.GetProperty("geometry").GetArrayLength()).Select(n => Level(reference, n)).ToArray();
        var caches = new CacheHierarchy(new Cache("L1I", 1, 1), levels[0], levels[1..]);
        Replay(reference, trace, (kind, address) => caches.Access(1 + (int)(address / 64), kind == 'i' ? Access.Fetch : Access.Read));
        Expect(reference, levels);
    }

    static void Replay(JsonElement reference, IEnumerable<(char Kind, long Address)> trace, Action<char, long> access)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var first = new List<string>();
        var count = 0;
        foreach (var (kind, address) in trace)
        {
            access(kind, address);
            var text = string.Create(CultureInfo.InvariantCulture, $"{kind} {address:x}");
            if (count++ < 6) first.Add(text);
            hash.AppendData(Encoding.ASCII.GetBytes(text + "\n"));
        }
        Assert.That(first, Is.EqualTo(reference.GetProperty("first_references").EnumerateArray().Select(line => line.GetString())));
        Assert.That(count, Is.EqualTo(reference.GetProperty("references").GetInt32()));
        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset()), Is.EqualTo(reference.GetProperty("trace_sha256").GetString()));
    }

    static void Expect(JsonElement reference, params Cache[] levels)
    {
        foreach (var level in levels)
        {
            var expected = reference.GetProperty("expected").GetProperty(level.Name);
            Assert.That((level.Accesses, level.Hits, level.Misses), Is.EqualTo(
                (expected.GetProperty("accesses").GetInt64(), expected.GetProperty("hits").GetInt64(), expected.GetProperty("misses").GetInt64())), level.Name);
        }
    }

    static JsonElement Case(string id)
    {
        using var stream = typeof(ConformanceTests).Assembly.GetManifestResourceStream("reference-cases.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("id").GetString() == id);
    }

    static Cache Level(JsonElement reference, int index)
    {
        var level = reference.GetProperty("geometry")[index];
        var name = level.GetProperty("level").GetString()!.Split(' ')[0];
        return new Cache(name, level.GetProperty("sets").GetInt32(), level.GetProperty("ways").GetInt32());
    }

    static IEnumerable<(char Kind, long Address)> Cyclic(int lines) =>
        Enumerable.Range(0, 100).SelectMany(_ => Enumerable.Range(0, lines)).Select(line => ('r', line * 4096L));

    static IEnumerable<(char Kind, long Address)> Uniform()
    {
        var state = 1UL;
        for (var n = 0; n < 1_000_000; n++) yield return ('r', Draw(ref state) % 65536 * 64);
    }

    static IEnumerable<(char Kind, long Address)> Translations()
    {
        var state = 11UL;
        for (var n = 0; n < 500_000; n++)
        {
            var (a1, a2, a3, a4) = (Draw(ref state), Draw(ref state), Draw(ref state), Draw(ref state));
            yield return ('i', (0x10000 + a2 % (a1 % 8 < 7 ? 40 : 400)) * 4096);
            yield return ('r', (0x40000 + a4 % (a3 % 4 < 3 ? 100 : 5000)) * 4096);
        }
    }

    static long Draw(ref ulong state)
    {
        state = state * 6364136223846793005UL + 1442695040888963407UL;
        return (long)(state >> 33);
    }
}
