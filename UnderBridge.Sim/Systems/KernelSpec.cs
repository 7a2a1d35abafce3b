using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems.Services;

namespace UnderBridge.Sim.Systems;

/// <summary>A kernel in one version: the features of its build and the path its own IPC takes.</summary>
public sealed record KernelSpec(string Name, string Title, string Version, string IpcPath, KernelFeatures Features)
{
    /// <summary>What the code of this version costs on its paths, where that differs from what the paths say.</summary>
    internal IReadOnlyList<Residual> Residuals { get; init; } = [];

    /// <summary>A path with the residuals of this version in place of its own.</summary>
    internal IpcPath Over(IpcPath path) => Residuals.Where(residual => residual.Path == path.Name).Aggregate(path, (changed, residual) => residual.Over(changed));
}

/// <summary>What the steps of kind logic cost on one path, or on one leg of it, by machine; the machine <c>any</c> serves all.</summary>
sealed record Residual(string Path, PathLeg Leg, IReadOnlyDictionary<string, Sourced<double>> ByMachine)
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

    /// <summary>Servers are, or may come to be, in processes that the kernel's own IPC reaches.</summary>
    public bool UsesProcesses => AppPath == NativePath || ServerPath == NativePath || BeyondKeys == BeyondKeys.Migrate;

    /// <summary>The path of a server's call to the microkernel where no system call is one; null elsewhere.</summary>
    public string? KernelPath { get; init; }

    /// <summary>What happens to servers that find all memory domains taken.</summary>
    internal BeyondKeys BeyondKeys { get; init; }

    /// <summary>Who is in the kernel, where servers may move.</summary>
    internal PlacementPolicy Policy { get; init; }

    /// <summary>Cycles of kernel code for moving a server or a key, beside page tables and TLB; null where nothing moves.</summary>
    public Sourced<double>? Remapping { get; init; }

    /// <summary>Paths between the kernel's own part, and apps and servers, where some services stay in it; none where it holds no service.</summary>
    internal IReadOnlyList<string> CorePaths { get; init; } = [];

    /// <summary>What becomes of privileged instructions of servers; null where servers are trusted with them.</summary>
    internal DeprivationSpec? Deprivation { get; init; }

    /// <summary>Memory domains that the kernel may give out, its own among them; 0 where no keys are used.</summary>
    public int Keys { get; init; } = Servers is Placement.KernelDomain or Placement.UserDomain ? Pkru.Keys : 0;

    /// <summary>Each app's process maps every server, so that each is a domain of all of them.</summary>
    public bool ServersInApps { get; init; }

    /// <summary>Bits of CR4 that a kernel sets for the design to work, whatever it would leave clear otherwise.</summary>
    internal Control TurnsOn { get; init; }

    /// <summary>Bits of CR4 that a kernel must leave clear for the design to work, whatever it would set otherwise.</summary>
    internal Control TurnsOff { get; init; }

    /// <summary>The size of the pages in which a hypervisor maps memory by EPT; null where none is known to.</summary>
    public PageSize? EptPages { get; init; }

    /// <summary>What guards the kernel on several cores.</summary>
    internal KernelLock KernelLock { get; init; }
}

/// <summary>What keeps cores apart that are in the kernel at once.</summary>
enum KernelLock
{
    /// <summary>Nothing: each core has a kernel state of its own, or paths do not need the kernel.</summary>
    None,

    /// <summary>A lock for each endpoint; here each core has one of its own.</summary>
    Fine,

    /// <summary>One lock for the whole kernel.</summary>
    Big,
}

/// <summary>What a design does about more servers than there are memory domains.</summary>
enum BeyondKeys
{
    /// <summary>Nothing: there can not be more.</summary>
    Refuse,

    /// <summary>Servers live in processes meanwhile, and move.</summary>
    Migrate,

    /// <summary>All stay in the kernel, and take turns with the domains.</summary>
    Multiplex,
}
