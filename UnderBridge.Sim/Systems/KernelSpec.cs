using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>A kernel in one version: the features of its build and the path its own IPC takes.</summary>
public sealed record KernelSpec(string Name, string Title, string Version, string IpcPath, KernelFeatures Features)
{
    /// <summary>What the code of this version costs on its paths, where that differs from what the paths say.</summary>
    public IReadOnlyList<Residual> Residuals { get; init; } = [];

    /// <summary>A path with the residuals of this version in place of its own.</summary>
    public IpcPath Over(IpcPath path) => Residuals.Where(residual => residual.Path == path.Name).Aggregate(path, (changed, residual) => residual.Over(changed));
}

/// <summary>What the steps of kind logic cost on one path, or on one leg of it, by machine; the machine <c>any</c> serves all.</summary>
public sealed record Residual(string Path, PathLeg Leg, IReadOnlyDictionary<string, Sourced<double>> ByMachine)
{
    const string Logic = "logic";

    /// <summary>The path with this number as the price of its logic.</summary>
    public IpcPath Over(IpcPath path)
    {
        var key = $"{Logic}-{Units.Kebab.Of(Leg)}";
        IReadOnlyList<Step> Priced(IReadOnlyList<Step> steps) => [.. steps.Select(step => step.Price == Logic ? step with { Price = key } : step)];
        return path with
        {
            Numbers = new Dictionary<string, IReadOnlyDictionary<string, Sourced<double>>>(path.Numbers) { [key] = ByMachine },
            Call = Leg == PathLeg.Reply ? path.Call : Priced(path.Call),
            Reply = Leg == PathLeg.Call ? path.Reply : Priced(path.Reply),
        };
    }
}

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
