namespace UnderBridge.Sim.Engine;

/// <summary>A process goes on: when, which, and for which event.</summary>
public readonly record struct Resumption(DateTime When, Process Who, Event Why);
