using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Benchmarks.Hardware;

static class HardwareBenchmark
{
    public static int Run(IReadOnlyList<string> args)
    {
        var random = new Random(1);
        var hits = Enumerable.Range(0, 1 << 20).Select(_ => 64 + random.Next(256)).ToArray();
        var wide = Enumerable.Range(0, 1 << 20).Select(_ => 64 + random.Next(1 << 20)).ToArray();
        foreach (var (name, lines) in new[] { ("hits", hits), ("random", wide) })
        {
            var naive = new NaiveLoop();
            var (tlbs, caches) = MachineShape.Tracked();
            var ghost = MachineShape.Ghost();
            var bare = MachineShape.Ghost();
            for (var round = 0; round < 8; round++)
            {
                var a = Time(() => naive.Run(lines));
                var b = Time(() => Model(lines, tlbs, caches, ghost.Tlbs, ghost.Caches));
                var c = Time(() => Single(lines, tlbs, caches));
                var d = Time(() => Single(lines, bare.Tlbs, bare.Caches));
                Console.WriteLine($"{name} bare {d / lines.Length:0.00} naive {a / lines.Length:0.00} model {b / lines.Length:0.00} ratio {a / b:0.00} noghost {c / lines.Length:0.00}");
            }
        }
        return 0;
    }

    static void Model(int[] lines, CacheHierarchy tlbs, CacheHierarchy caches, CacheHierarchy ghostTlbs, CacheHierarchy ghostCaches)
    {
        foreach (var line in lines)
        {
            var page = line / 64;
            tlbs.Access(page, Access.Read, 1);
            ghostTlbs.Access(page, Access.Read, 0);
            caches.Access(line, Access.Read, 1);
            ghostCaches.Access(line, Access.Read, 0);
        }
    }

    static void Single(int[] lines, CacheHierarchy tlbs, CacheHierarchy caches)
    {
        foreach (var line in lines)
        {
            tlbs.Access(line / 64, Access.Read, 1);
            caches.Access(line, Access.Read, 1);
        }
    }

    static double Time(Action action)
    {
        var start = Environment.CpuUsage.UserTime;
        action();
        return (Environment.CpuUsage.UserTime - start).TotalNanoseconds;
    }
}
