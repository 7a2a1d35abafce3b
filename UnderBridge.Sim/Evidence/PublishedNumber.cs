namespace UnderBridge.Sim.Evidence;

/// <summary>A result somebody published, which simulations are held against or fitted to; <paramref name="Conditions"/> says on what it was measured.</summary>
public sealed record PublishedNumber(string Id, double Value, string Unit, Citation Source, string Conditions);
