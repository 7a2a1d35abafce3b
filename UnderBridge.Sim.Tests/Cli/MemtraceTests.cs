using System.IO.Compression;
using System.Text;
using System.Text.Json;
using UnderBridge.Cli;

namespace UnderBridge.Sim.Tests.Cli;

/// <summary>The command <c>memtrace</c> as a user sees it, in process.</summary>
public class MemtraceTests
{
    const string Small = """
        levels:
          - {name: L1I, side: instruction, sets: 2, ways: 1, block: 64, policy: lru}
          - {name: L1D, side: data, sets: 1, ways: 2, block: 64, policy: fifo}
          - {name: L2, side: unified, sets: 3, ways: 4, block: 64, policy: tree-plru}
        tlb:
          - {name: DTLB, side: data, sets: 1, ways: 1, page: 4096}

        """;

    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("underbridge-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_trace_prints_the_counts_of_each_level_as_JSON()
    {
        // Lines 0 (dirty), 1, 2 through two ways of FIFO; a fetch; a flush; line 0 again.
        var (exit, output, error) = Run("1 0\n0 40\n0 80\n2 1000\n3 ffff\n4 0\n0 0\n", Small, "--json");
        Assert.That((exit, error), Is.EqualTo((0, "")));
        Assert.That(Levels(output), Is.EqualTo(new[]
        {
            ("L1I", 1L, 0L, 1L, 0L), ("L1D", 4, 0, 4, 1), ("L2", 5, 0, 5, 1), ("DTLB", 4, 2, 2, 0),
        }));
    }

    [Test]
    public void A_trace_prints_a_table_without_the_flag()
    {
        var (exit, output, _) = Run("0 0\n0 8\n2 40\n", Small);
        Assert.That(exit, Is.Zero);
        Assert.That(output, Does.StartWith("2 reads, 0 writes, 1 fetch, 0 ignored, 0 flushes\n").And.Match(@"(?m)^L1D +2 +1 +1 +0$"));
    }

    [TestCase("0 0\n1 ffffffffffffffff\n")]
    [TestCase("  0\t0x0 a comment\r\n1 0XFFFFFFFFFFFFFFFF\r\n")]
    [TestCase("0 00000000000000000\n1 FffffffffffffffF")]
    [TestCase("\uFEFF0 0\r\n1 ffffffffffffffff\r\n")]
    public void Addresses_have_64_bits_in_any_spelling(string trace) =>
        Assert.That(Levels(Run(trace, Small, "--json").Output)[1], Is.EqualTo(("L1D", 2L, 0L, 2L, 0L)));

    [Test]
    public void Gzip_and_standard_input_are_read_as_files_are()
    {
        const string trace = "0 0\n0 0\n1 40\n";
        var plain = Run(trace, Small, "--json").Output;
        Assert.That(RunBytes(Zip(trace), Small, "--json").Output, Is.EqualTo(plain));
        Assert.That(RunInput(Encoding.UTF8.GetBytes(trace)).Output, Is.EqualTo(plain));
        Assert.That(RunInput(Zip(trace)).Output, Is.EqualTo(plain));
    }

    [Test]
    public void A_gzip_file_cut_anywhere_is_refused()
    {
        var whole = Zip(string.Concat(Enumerable.Range(0, 500).Select(n => $"0 {n * 7919:x}\n")));
        for (var length = 2; length < whole.Length; length += length < whole.Length - 20 ? 61 : 1)
        {
            var (exit, output, error) = RunBytes(whole[..length], Small);
            Assert.That((exit, output), Is.EqualTo((2, "")), $"{length} of {whole.Length} bytes");
            Assert.That(error, Does.Contain("ends early or is damaged"));
        }
    }

    [TestCase("5 0", "'5 0'")]
    [TestCase("0 12g4", "'0 12g4'")]
    [TestCase("0", "'0'")]
    [TestCase("x 0", "'x 0'")]
    [TestCase("00 0", "'00 0'")]
    [TestCase("0 0x", "'0 0x'")]
    [TestCase("0 10000000000000000", "'0 10000000000000000'")]
    [TestCase("", "an empty line")]
    public void A_malformed_line_is_named_with_what_was_found_and_nothing_is_printed(string line, string found)
    {
        var (exit, output, error) = Run($"0 0\n{line}\n0 0\n", Small, "--json");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Is.EqualTo($"{Trace}:2: found {found}, expected a label 0 to 4 and a hexadecimal address of at most 64 bits, as in '0 7ffe1000'\n"));
    }

    [Test]
    public void All_malformed_lines_are_listed_up_to_a_limit()
    {
        var some = Run("0 0\nbad\n0 0\nworse\n", Small);
        Assert.That(some.Error.TrimEnd().Split('\n').Select(line => line.Split(':')[1]), Is.EqualTo(new[] { "2", "4" }));
        Assert.That(Run(string.Concat(Enumerable.Repeat("bad\n", 1000)), Small).Error.TrimEnd().Split('\n'), Has.Length.EqualTo(20));
    }

    [Test]
    public void A_comment_may_be_longer_than_any_buffer()
    {
        foreach (var length in new[] { (1 << 18) - 7, (1 << 18) - 6, (1 << 18) - 5, 1 << 18, 1_000_000 })
        {
            var (exit, output, _) = Run($"0 0 {new string('x', length)}\n1 0\n0 0 {new string('y', length)}", Small);
            Assert.That((exit, output.Split('\n')[0]), Is.EqualTo((0, "2 reads, 1 write, 0 fetches, 0 ignored, 0 flushes")), $"{length}");
        }
        Assert.That(Run($"0 0 {new string('x', 1 << 18)}\nbad\n", Small).Error, Does.StartWith($"{Trace}:2: found 'bad'"));
    }

    [TestCase("\0\u0001\u0002\n\u0003\u0004\n", 1)]
    [TestCase("0 0\nbad\n\u007fELF\u0002\n", 3)]
    public void Binary_data_is_called_so_once(string trace, int line)
    {
        var (exit, output, error) = Run(trace, Small, "--json");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error.TrimEnd().Split('\n')[^1], Is.EqualTo($"{Trace}:{line}: found binary data, expected a din trace, plain or gzip"));
        Assert.That(error.Split("binary"), Has.Length.EqualTo(2));
    }

    [Test]
    public void An_empty_trace_counts_nothing() => Assert.That(Levels(Run("", Small, "--json").Output).Sum(level => level.Accesses), Is.Zero);

    [Test]
    public void Policies_may_be_written_in_capitals()
    {
        const string trace = "0 0\n0 40\n0 0\n0 80\n0 0\n0 c0\n0 40\n";
        Assert.That(Run(trace, Small.Replace("fifo", "FIFO").Replace("lru", "LRU"), "--json").Output, Is.EqualTo(Run(trace, Small, "--json").Output));
    }

    [TestCase("levels: []\n")]
    [TestCase("levels: []\ntlb: []\n")]
    [TestCase("{}\n")]
    public void A_geometry_without_levels_is_refused(string geometry)
    {
        var (exit, output, error) = Run("0 0\n", geometry, "--json");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Is.EqualTo($"{Geometry}:1:1: found no levels, expected a list of caches under 'levels', of TLBs under 'tlb', or both\n"));
    }

    // Blocks are numbered in 31 bits, in groups of the largest.
    [Test]
    public void Addresses_all_over_the_place_are_refused_where_small_and_huge_pages_share_a_hierarchy()
    {
        const string pages = """
            tlb:
              - {name: DTLB, side: data, sets: 16, ways: 4, page: 4096}
              - {name: STLB, side: unified, sets: 1, ways: 16, page: 1073741824}

            """;
        static string Gigabytes(int count) => string.Concat(Enumerable.Range(0, count).Select(n => $"0 {(ulong)n << 30:x}\n"));
        Assert.That(Levels(Run(Gigabytes(8191), pages, "--json").Output)[1].Misses, Is.EqualTo(8191));
        var (exit, output, error) = Run(Gigabytes(8192), pages, "--json");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"{Trace}: found addresses in more than 8191 regions of 262144 blocks each"));
    }

    [Test]
    public void A_machine_of_the_catalogue_is_a_profile_and_a_wrong_one_is_answered_with_the_nearest()
    {
        var (exit, output, _) = Play(Encoding.UTF8.GetBytes("2 0\n0 0\n"), "xeon-gold-6138", "--json");
        Assert.That(exit, Is.Zero);
        Assert.That(Levels(output).Select(level => level.Accesses), Is.EqualTo(new[] { 1, 1, 2, 1, 1, 1, 2 }));
        var wrong = Play([], "xeon-gold-6183");
        Assert.That((wrong.Exit, wrong.Output), Is.EqualTo((2, "")));
        Assert.That(wrong.Error, Does.Contain("did you mean 'xeon-gold-6138'?"));
    }

    [TestCase("way: 8", "did you mean 'ways'?")]
    [TestCase("side: dat", "did you mean 'data'?")]
    [TestCase("policy: random", "lru, fifo, tree-plru")]
    [TestCase("policy: plru", "lru, fifo, tree-plru")]
    [TestCase("side: Data", "did you mean 'data'?")]
    [TestCase("block: 2147483648", "a whole number between 1 and 1073741824")]
    [TestCase("ways: -1", "found '-1'")]
    [TestCase("inclusion: inclusive", "a first level")]
    [TestCase("block: 48", "a power of two, in bytes")]
    [TestCase("sets: 0", "found '0'")]
    [TestCase("sets: x", "found 'x'")]
    public void A_wrong_geometry_is_answered_with_the_place_and_what_is_expected(string pair, string expected)
    {
        var keys = new Dictionary<string, string> { ["name"] = "L1", ["side"] = "data", ["sets"] = "4", ["ways"] = "2", ["block"] = "64" };
        keys[pair.Split(": ")[0]] = pair.Split(": ")[1];
        var (exit, output, error) = Run("0 0\n", $"levels:\n  - {{{string.Join(", ", keys.Select(key => $"{key.Key}: {key.Value}"))}}}\n");
        Assert.That((exit, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"{Geometry}:2:").And.Contain(expected));
    }

    [TestCase("{name: A, side: data, sets: 1, ways: 12, block: 64, policy: tree-plru}", "found tree-plru with 12 ways, expected a power of two of at most 64 ways")]
    [TestCase("{name: A, side: unified, sets: 1, ways: 1, block: 64}, {name: B, side: data, sets: 1, ways: 1, block: 64}", "'B' for one side below 'A' for both")]
    [TestCase("{name: A, side: data, sets: 1, ways: 1, block: 64}, {name: A, side: unified, sets: 1, ways: 1, block: 64}", "the name 'A' a second time")]
    [TestCase("{name: A, side: data, sets: 1, ways: 1, block: 64}, {name: B, side: unified, sets: 1, ways: 1, block: 32}", "32 bytes below the 64 of 'A'")]
    [TestCase("{name: A, side: data, sets: 1, ways: 1, block: 32}, {name: B, side: unified, sets: 1, ways: 1, block: 64, inclusion: exclusive}", "blocks of one size")]
    [TestCase("{name: A, side: data, sets: 60000000, ways: 2, block: 64}", "at most 67108864 entries")]
    public void Levels_that_make_no_hierarchy_are_refused(string levels, string expected)
    {
        var (exit, _, error) = Run("0 0\n", $"levels: [{levels}]\n");
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain(expected));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void What_can_not_be_opened_is_bad_input()
    {
        File.WriteAllText(Geometry, Small);
        var missing = Path.Combine(folder, "none.din");
        Assert.That(Invoke(null, "memtrace", missing, "--profile", Geometry), Is.EqualTo((2, "", $"{missing}: found no such file, expected a din trace, plain or gzip\n")));
        Assert.That(Invoke(null, "memtrace", folder, "--profile", Geometry).Error, Does.Contain("a directory"));
        Assert.That(Invoke(null, "memtrace", "-", "--profile", Path.Combine(folder, "geometri.yaml")).Error, Does.Contain("geometry.yaml"));
        Assert.That(Run("", "tlbs: []\n").Error, Does.Contain("did you mean 'tlb'?"));
        Assert.That(Invoke(null, "memtrace", "-", "--profile").Error, Is.EqualTo("--profile: found no value, expected MACHINE|FILE\n"));
    }

    string Trace => Path.Combine(folder, "trace.din");

    string Geometry => Path.Combine(folder, "geometry.yaml");

    (int Exit, string Output, string Error) Run(string trace, string geometry, params string[] flags) => RunBytes(Encoding.UTF8.GetBytes(trace), geometry, flags);

    (int Exit, string Output, string Error) RunBytes(byte[] trace, string geometry, params string[] flags)
    {
        File.WriteAllText(Geometry, geometry);
        return Play(trace, Geometry, flags);
    }

    (int Exit, string Output, string Error) Play(byte[] trace, string profile, params string[] flags)
    {
        File.WriteAllBytes(Trace, trace);
        return Invoke(null, ["memtrace", Trace, "--profile", profile, .. flags]);
    }

    (int Exit, string Output, string Error) RunInput(byte[] trace)
    {
        File.WriteAllText(Geometry, Small);
        return Invoke(trace, "memtrace", "-", "--profile", Geometry, "--json");
    }

    static (int Exit, string Output, string Error) Invoke(byte[]? input, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var exit = Tool.Invoke(arguments, new Terminal(output, error) { Input = () => new MemoryStream(input ?? []) });
        return (exit, output.ToString(), error.ToString());
    }

    static (string Name, long Accesses, long Hits, long Misses, long Dirty)[] Levels(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("levels").EnumerateArray().Select(level => (level.GetProperty("name").GetString()!,
            level.GetProperty("accesses").GetInt64(), level.GetProperty("hits").GetInt64(), level.GetProperty("misses").GetInt64(), level.GetProperty("dirtyEvictions").GetInt64()))];
    }

    static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionMode.Compress)) zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
