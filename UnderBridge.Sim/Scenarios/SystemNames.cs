using UnderBridge.Sim.Catalog;

namespace UnderBridge.Sim.Scenarios;

/// <summary>The systems that a scenario may put under test: the designs of a catalogue, and its kernels with their own IPC.</summary>
sealed class SystemNames(Catalogue catalogue)
{
    /// <summary>A kernel's own IPC, on the kernel given as base.</summary>
    public const string Native = "native";

    /// <summary>The kernel of designs that need none to be named: the one UnderBridge was written for.</summary>
    internal const string DefaultKernel = "chcore";

    /// <summary>Kernels, which are systems of their own and bases of others.</summary>
    public IReadOnlyList<string> Kernels { get; } = [.. catalogue.Kernels.Keys.Where(kernel => kernel != DefaultKernel)];

    public IReadOnlyList<string> All => [.. catalogue.Designs.Keys.Where(design => design != Native), .. Kernels, Native];

    /// <summary>True for designs that use the kernel's IPC between processes, which the default kernel has not.</summary>
    public bool NeedsBase(string system) => catalogue.Designs.TryGetValue(system, out var design) && design.UsesProcesses;

    /// <summary>The title of a design or a kernel; empty for what is neither.</summary>
    public string Title(string system) =>
        catalogue.Kernels.GetValueOrDefault(system)?.Title ?? catalogue.Designs.GetValueOrDefault(system)?.Title ?? "";

    /// <summary>How a bar reads when the scenario gives it no label.</summary>
    public string Label(string system, string @base, KptiVariant variant)
    {
        var on = @base.Length == 0 ? "" : $" on {Title(@base)}";
        return Title(system) + on + variant switch
        {
            KptiVariant.Kpti => " w/ KPTI",
            KptiVariant.NoKpti => " w/o KPTI",
            _ => "",
        };
    }
}
