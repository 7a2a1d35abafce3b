namespace UnderBridge.Sim.Engine;

/// <summary>A process goes on.</summary>
/// <param name="When">At which time.</param>
/// <param name="Who">The process.</param>
/// <param name="Why">The event that it waited for.</param>
public readonly record struct Resumption(DateTime When, Process Who, Event Why);
