using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>One system under test with everything decided: machine, kernel with its features, design, and the two paths it uses.</summary>
public sealed record SystemSpec(HardwareProfile Machine, KernelSpec Kernel, DesignSpec Design, IpcPath AppPath, IpcPath ServerPath)
{
    /// <summary>The bits of CR0 and CR4 that the kernel sets at boot. A CPU without protection keys has no price for WRPKRU.</summary>
    public Control Control =>
        (Control.Wp
        | (Machine.Prices.ContainsKey("wrpkru") ? Control.Pke : Control.None)
        | (Kernel.Features.Pcid ? Control.Pcide : Control.None)
        | (Kernel.Features.Smep ? Control.Smep : Control.None)
        | (Kernel.Features.Smap ? Control.Smap : Control.None)) & ~Design.TurnsOff;

    /// <summary>Every path that calls may take, once each.</summary>
    public IEnumerable<IpcPath> Paths => new[] { AppPath, ServerPath }.Distinct();

    /// <summary>The system with the footprints of its paths moved to the same place in their ranges.</summary>
    public SystemSpec AtSizes(RangeEnd end) => this with { AppPath = AppPath.AtSizes(end), ServerPath = ServerPath.AtSizes(end) };

    /// <summary>
    /// The system as if its IPC left no trace in TLBs and caches: paths touch no memory, and CR3 writes flush nothing. What it stalls less is the indirect
    /// cost of IPC.
    /// </summary>
    public SystemSpec WithoutTraceOfIpc() => this with
    {
        Kernel = Kernel with { Features = Kernel.Features with { Pcid = true } },
        AppPath = AppPath.WithoutFootprints(),
        ServerPath = ServerPath.WithoutFootprints(),
    };

    /// <summary>The faults of both paths under the kernel's features on the machine; none means the system may run.</summary>
    public IReadOnlyList<PathFault> Verify() =>
        [.. Paths.SelectMany(path => PathVerifier.Verify(path, Kernel.Features, Machine))];
}
