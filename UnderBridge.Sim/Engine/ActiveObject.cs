namespace UnderBridge.Sim.Engine;

/// <summary>Something that lives in a simulation.</summary>
public abstract class ActiveObject<T>
    where T : Simulation
{
    protected ActiveObject(T environment) => Environment = environment;

    protected T Environment { get; }
}
