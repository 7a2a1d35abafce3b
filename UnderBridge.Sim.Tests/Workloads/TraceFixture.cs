using System.IO.Compression;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

/// <summary>The recorded traces of the repository, and files made for a test.</summary>
static class TraceFixture
{
    public const string Begin = "/ycsb-run-begins", End = "/ycsb-run-ends";
    public const string OperationEnd = "F_UNLCK, l_whence=SEEK_SET, l_start=0, l_len=0";
    public const long MaxGap = 50_000;

    public static string PathOf(string file)
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "UnderBridge.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "scenarios", "traces", file);
    }

    public static Trace Ycsb(string workload) =>
        TraceReader.ReadStrace(PathOf($"sqlite-ycsb-{workload}.strace.gz"), Begin, End).WithOperations(OperationEnd);

    public static Trace YcsbWithCompute(string workload) =>
        TraceReader.Join(Ycsb(workload), PathOf($"sqlite-ycsb-{workload}.timed.csv.gz"), MaxGap);

    /// <summary>Reads text as a trace file; errors name it <c>trace.txt</c> in a folder of its own.</summary>
    public static Trace Strace(string text, string? begin = null, string? end = null) => With(text, path => TraceReader.ReadStrace(path, begin, end));

    public static T With<T>(string text, Func<string, T> read, bool gzip = false, int cut = 0)
    {
        var folder = Directory.CreateTempSubdirectory("underbridge-trace");
        try
        {
            var path = Path.Combine(folder.FullName, "trace.txt");
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            if (gzip) bytes = Zip(bytes);
            File.WriteAllBytes(path, bytes[..^cut]);
            return read(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionMode.Compress)) zip.Write(bytes);
        return zipped.ToArray();
    }
}
