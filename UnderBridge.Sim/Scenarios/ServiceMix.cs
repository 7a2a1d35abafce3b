namespace UnderBridge.Sim.Scenarios;

/// <summary>
/// An app asks services for one thing after another; the catalogue says by means what each does. Services are servers of their own, or share a number of
/// compartments with the kernel's own part.
/// </summary>
public sealed record ServiceMix : Workload
{
    internal override string Kind => WorkloadReader.ServiceMix;
    internal override IReadOnlyList<string> Measures => [Metrics.OperationCost, Metrics.AddedCost, Metrics.Throughput, Metrics.Normalised, Metrics.FreeKeys];
    internal override IReadOnlyList<string> Random => [Metrics.OperationCost, Metrics.Throughput];
    internal override IReadOnlyList<string> Scalars => [Metrics.OperationCost, Metrics.AddedCost, Metrics.Throughput];
    internal override Workload Shortened(int units) => this with { Operations = units, WarmUp = Math.Min(WarmUp, units) };

    /// <summary>A program of the catalogue that calls services.</summary>
    public string App { get; init; } = "service-app";

    /// <summary>How often there is each service.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Parts that the kernel with its services is cut into, its own among them; 0 gives each service a server of its own and leaves the kernel as it is.</summary>
    public int Compartments { get; init; }

    /// <summary>Frequent privileged instructions in a million cycles of a server's work; null takes those of the catalogue.</summary>
    public double? PrivilegedRate { get; init; }

    /// <summary>Operations before measuring starts.</summary>
    public int WarmUp { get; init; } = 100;

    /// <summary>Operations measured.</summary>
    public int Operations { get; init; } = 2000;
}
