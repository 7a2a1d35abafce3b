namespace UnderBridge.Sim.Benchmarks;

/// <summary>
/// A model in the style of SimSharp whose speed is measured. <paramref name="Build"/> makes one that is done after so many operations; building is not measured.
/// </summary>
sealed record Workload(string Name, string Operation, int Operations, Func<int, Simulation> Build);
