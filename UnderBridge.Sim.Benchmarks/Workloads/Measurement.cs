namespace UnderBridge.Sim.Benchmarks;

/// <summary>What an operation takes in one process: processor time in ns, which hardly depends on what else the machine does, and allocated bytes.</summary>
readonly record struct Measurement(double Nanoseconds, double Bytes)
{
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(2.5);

    public (double Nanoseconds, double Bytes) Pair => (Nanoseconds, Bytes);

    /// <summary>Runs a workload until the compiler has seen enough of it, and then once more with an eye on the clock.</summary>
    public static Measurement Of(Workload workload)
    {
        while (Environment.CpuUsage.TotalTime < warmUp) workload.Build(workload.Operations / 10).Run();
        var env = workload.Build(workload.Operations);
        GC.Collect();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var time = Environment.CpuUsage.TotalTime;
        env.Run();
        time = Environment.CpuUsage.TotalTime - time;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new(time.TotalNanoseconds / workload.Operations, (double)bytes / workload.Operations);
    }
}
