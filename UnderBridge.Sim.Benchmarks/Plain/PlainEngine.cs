namespace UnderBridge.Sim.Benchmarks.Plain;

/// <summary>The workloads on the plain engine.</summary>
public static class PlainEngine
{
    public static IReadOnlyList<string> Workloads { get; } = [.. Benchmarks.Workloads.All.Select(workload => workload.Name)];

    /// <summary>Throws InvalidOperationException for a name that is not one of <see cref="Workloads"/>.</summary>
    public static (double Nanoseconds, double Bytes) Measure(string workload)
    {
        return Measurement.Of(Benchmarks.Workloads.All.Single(w => w.Name == workload)).Pair;
    }
}
