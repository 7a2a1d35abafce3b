namespace UnderBridge.Sim.Observations;

/// <summary>What kind of principal runs code and owns memory.</summary>
public enum OwnerKind
{
    /// <summary>A client of servers.</summary>
    App,

    /// <summary>A server, wherever it lives.</summary>
    Server,

    /// <summary>The kernel, or the secure monitor below it.</summary>
    Kernel,

    /// <summary>Code by which control crosses without the kernel: gates and trampolines.</summary>
    Gate,
}

/// <summary>Who runs code and owns memory.</summary>
/// <param name="Index">Dense from 0 within a machine.</param>
/// <param name="Name">Of the program, the kernel or the gate.</param>
/// <param name="Kind">App, server, kernel or gate.</param>
public sealed record Owner(int Index, string Name, OwnerKind Kind)
{
    /// <summary>True for the code that carries IPC, whose pollution counts as indirect cost of IPC.</summary>
    internal bool CarriesIpc => Kind is OwnerKind.Kernel or OwnerKind.Gate;
}
