namespace UnderBridge.Sim.Evidence;

/// <summary>A result somebody published, which simulations are held against or fitted to; <paramref name="Conditions"/> says on what it was measured.</summary>
sealed record PublishedNumber(string Id, double Value, string Unit, Citation Source, string Conditions)
{
    /// <summary>The result of a simulation that this number is the publication of; null when the simulator does not express it yet.</summary>
    public SimulatedAs? SimulatedAs { get; init; }
}

/// <summary>Names a result: machine, system, base, variant and metric as results.csv spells them.</summary>
sealed record SimulatedAs(string Machine, string System, string Base, string Variant, string Metric);
