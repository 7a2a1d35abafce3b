namespace UnderBridge.Sim.Observations;

/// <summary>What kind of principal runs code and owns memory.</summary>
public enum OwnerKind { App, Server, Kernel, Gate }

/// <summary>
/// Who runs and owns a footprint: an app, a server, the kernel, or the code of a gate. <paramref name="Index"/> is dense from 0 within a machine.
/// </summary>
public sealed record Owner(int Index, string Name, OwnerKind Kind)
{
    /// <summary>True for the code that carries IPC, whose pollution counts as indirect cost of IPC.</summary>
    internal bool CarriesIpc => Kind is OwnerKind.Kernel or OwnerKind.Gate;
}
