namespace UnderBridge.Sim.Benchmarks;

/// <summary>The benchmarks by the word that starts them.</summary>
static class Benchmarks
{
    const int Ok = 0, BadInput = 2;

    static readonly (string Name, Func<IReadOnlyList<string>, int> Run)[] all = [("hardware", Hardware.HardwareBenchmark.Run)];

    public static int Run(IReadOnlyList<string> args)
    {
        foreach (var (name, run) in all)
            if (args.Count > 0 && args[0] == name) return run([.. args.Skip(1)]);
        Console.Error.WriteLine($"expected one of: {string.Join(", ", all.Select(benchmark => benchmark.Name))}{(args.Count > 0 ? $"; found '{args[0]}'" : "")}");
        return args.Count > 0 ? BadInput : Ok;
    }
}
