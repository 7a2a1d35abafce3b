namespace UnderBridge.Sim.Benchmarks.Bare;

/// <summary>The workloads with no engine.</summary>
public static class NoEngine
{
    public static IReadOnlyList<string> Workloads { get; } = [.. Benchmarks.Workloads.All.Select(workload => workload.Name)];

    /// <summary>Throws InvalidOperationException for a name that is not one of <see cref="Workloads"/>.</summary>
    public static (double Nanoseconds, double Bytes) Measure(string workload)
    {
        return Measurement.Of(Benchmarks.Workloads.All.Single(w => w.Name == workload)).Pair;
    }
}
