using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>One system under test with everything decided: machine, kernel with its features, design, and the two paths it uses.</summary>
public sealed record SystemSpec(HardwareProfile Machine, KernelSpec Kernel, DesignSpec Design, IpcPath AppPath, IpcPath ServerPath)
{
    /// <summary>The system with the footprints of its paths moved to the same place in their ranges.</summary>
    public SystemSpec AtSizes(RangeEnd end) => this with { AppPath = AppPath.AtSizes(end), ServerPath = ServerPath.AtSizes(end) };

    /// <summary>The faults of both paths under the kernel's features on the machine; none means the system may run.</summary>
    public IReadOnlyList<PathFault> Verify() =>
        [.. new[] { AppPath, ServerPath }.Distinct().SelectMany(path => PathVerifier.Verify(path, Kernel.Features, Machine))];
}
