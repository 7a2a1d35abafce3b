using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Thrown through the event loop to end a run; carries what the run returns.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It is thrown by the engine alone, always with a value.")]
public class StopSimulationException(object? value) : Exception
{
    public object? Value { get; } = value;
}
