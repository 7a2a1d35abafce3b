using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// One system under test with everything decided: machine, kernel with its features, design, the two paths it uses, and those between the
/// other placements that its servers may come to. <c>Study.SpecOf</c> gives one by name.
/// </summary>
/// <param name="Machine">The CPU.</param>
/// <param name="Kernel">With the features that are in force.</param>
/// <param name="Design">Where servers live.</param>
/// <param name="AppPath">From an app to a server and back.</param>
/// <param name="ServerPath">From a server to another and back.</param>
public sealed record SystemSpec(HardwareProfile Machine, KernelSpec Kernel, DesignSpec Design, IpcPath AppPath, IpcPath ServerPath)
{
    /// <summary>What the steps of its paths cost; replace a model in code to try another.</summary>
    public StepCosts Costs { get; init; } = StepCosts.OfMachine;

    internal IReadOnlyList<IpcPath> OtherPaths { get; init; } = [];

    /// <summary>The path of a server's exit to the secure monitor; null where nothing exits.</summary>
    internal IpcPath? ExitPath { get; init; }

    /// <summary>Looks up the paths that a kernel, whose features are decided, and a design name.</summary>
    internal static SystemSpec Of(HardwareProfile machine, KernelSpec kernel, DesignSpec design, IReadOnlyDictionary<string, IpcPath> paths)
    {
        IpcPath Path(string name) => kernel.Over(paths[name == DesignSpec.NativePath ? kernel.IpcPath : name]);
        // Apps reach servers that share a process by the kernel's IPC to that process.
        var toServers = design is { AppPath: DesignSpec.NativePath, Servers: Placement.UserDomain } ? DomainEntry.Of(Path(design.AppPath)) : Path(design.AppPath);
        var spec = new SystemSpec(machine, kernel, design, toServers, Path(design.ServerPath));
        if (design.KernelPath is { } gate) spec = spec with { OtherPaths = [Path(gate)] };
        spec = spec with { OtherPaths = [.. spec.OtherPaths, .. design.CorePaths.Select(Path)], ExitPath = design.Deprivation?.ExitPath is { } exit ? Path(exit) : null };
        if (design.BeyondKeys != BeyondKeys.Migrate) return spec;
        var native = Path(DesignSpec.NativePath);
        return spec with { OtherPaths = [.. spec.OtherPaths, native, Upcall.Of(spec.ServerPath, native)] };
    }

    /// <summary>The bits of CR0 and CR4 that the kernel sets at boot. A CPU without protection keys has no price for WRPKRU.</summary>
    internal Control Control =>
        (Control.Wp
        | (Machine.Prices.ContainsKey("wrpkru") ? Control.Pke : Control.None)
        | (Kernel.Features.Pcid ? Control.Pcide : Control.None)
        | (Kernel.Features.Smep ? Control.Smep : Control.None)
        | (Kernel.Features.Smap ? Control.Smap : Control.None)) & ~Design.TurnsOff | Design.TurnsOn;

    /// <summary>Every path that calls may take, once each.</summary>
    internal IEnumerable<IpcPath> Paths => new[] { AppPath, ServerPath }.Concat(OtherPaths).Distinct();

    /// <summary>The system with the footprints of its paths moved to the same place in their ranges.</summary>
    internal SystemSpec AtSizes(RangeEnd end) => this with { AppPath = AppPath.AtSizes(end), ServerPath = ServerPath.AtSizes(end), OtherPaths = [.. OtherPaths.Select(path => path.AtSizes(end))], ExitPath = ExitPath?.AtSizes(end) };

    /// <summary>
    /// The system as if its IPC left no trace in TLBs and caches: paths touch no memory, and CR3 writes flush nothing. What it stalls less is the indirect
    /// cost of IPC.
    /// </summary>
    internal SystemSpec WithoutTraceOfIpc() => this with
    {
        Kernel = Kernel with { Features = Kernel.Features with { Pcid = true } },
        AppPath = AppPath.WithoutFootprints(),
        ServerPath = ServerPath.WithoutFootprints(),
        OtherPaths = [.. OtherPaths.Select(path => path.WithoutFootprints())],
        ExitPath = ExitPath?.WithoutFootprints(),
    };

    /// <summary>The faults of both paths under the kernel's features on the machine; none means the system may run.</summary>
    internal IReadOnlyList<PathFault> Verify() =>
        [.. Homeless().Concat(Paths.Concat(ExitPath is { } exit ? [exit] : []).SelectMany(path => PathVerifier.Verify(path, Kernel.Features, Machine, Costs))).Distinct()];

    /// <exception cref="ArgumentException">A number of the machine is none that can be charged.</exception>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    internal void Check()
    {
        var ratios = Machine.Prices.Values.Where(price => price.Unit == "ratio");
        Amounts.Check($"machine '{Machine.Name}'", [Machine.TscGhz, .. Machine.Prices.Values, Machine.L1I.Latency, Machine.L1D.Latency, Machine.L2.Latency, Machine.Llc.Latency]);
        Amounts.Check($"machine '{Machine.Name}'", ratios, most: 1);
        if (Verify() is { Count: > 0 } faults) throw new PathException(faults);
    }

    // A server out of the kernel needs a process, and the kernel an IPC to reach it there.
    IEnumerable<PathFault> Homeless() => Design.BeyondKeys == BeyondKeys.Migrate && !OtherPaths.Any(path => path is { Caller: Placement.UserProcess, Callee: Placement.UserProcess })
        ? [new PathFault(Kernel.IpcPath, 0, "migrate", $"{Kernel.Title} has no IPC between processes, for servers that leave the kernel")]
        : [];
}
