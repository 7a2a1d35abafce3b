namespace UnderBridge.Sim.Engine;

/// <summary>Always the same value.</summary>
public class Constant<T>(T value) : Distribution<T>
{
    public override T Sample(IRandom random) => value;
}
