using SimSharp;

namespace UnderBridge.Sim.Engine;

/// <summary>What the models use beyond SimSharp's API, on the genuine package. Compiled only with <c>-p:DesEngine=SimSharp</c>.</summary>
public static class EngineExtensions
{
    /// <summary>Lets so many ticks pass; a tick is a cycle.</summary>
    public static Event Hold(this Simulation env, long ticks) => env.Timeout(TimeSpan.FromTicks(ticks));
}
