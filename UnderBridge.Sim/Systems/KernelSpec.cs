using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>A kernel in one version: the features of its build and the path its own IPC takes.</summary>
public sealed record KernelSpec(string Name, string Title, string Version, string IpcPath, KernelFeatures Features);

/// <summary>
/// An arrangement of apps and servers: where servers live, and by which paths apps reach servers and servers each other.
/// The path <c>native</c> stands for the kernel's own.
/// </summary>
public sealed record DesignSpec(string Name, string Title, Placement Servers, string AppPath, string ServerPath, bool NeedsKpti)
{
    public const string NativePath = "native";

    /// <summary>Bits of CR4 that a kernel must leave clear for the design to work, whatever it would set otherwise.</summary>
    public Control TurnsOff { get; init; }

    /// <summary>The size of the pages in which a hypervisor maps memory by EPT; null where none is known to.</summary>
    public PageSize? EptPages { get; init; }

    /// <summary>What guards the kernel on several cores.</summary>
    public KernelLock KernelLock { get; init; }
}

/// <summary>What keeps cores apart that are in the kernel at once.</summary>
public enum KernelLock
{
    /// <summary>Nothing: each core has a kernel state of its own, or paths do not need the kernel.</summary>
    None,

    /// <summary>A lock for each endpoint; here each core has one of its own.</summary>
    Fine,

    /// <summary>One lock for the whole kernel.</summary>
    Big,
}
