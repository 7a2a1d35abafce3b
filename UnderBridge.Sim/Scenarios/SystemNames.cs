namespace UnderBridge.Sim.Scenarios;

/// <summary>The systems that a scenario may put under test.</summary>
public static class SystemNames
{
    /// <summary>A kernel's own IPC, on the kernel given as base.</summary>
    public const string Native = "native";

    /// <summary>Kernels, which are systems of their own and bases of others.</summary>
    public static readonly IReadOnlyList<string> Kernels = ["sel4", "fiasco", "zircon"];

    public static readonly IReadOnlyList<string> All = ["monolithic", "underbridge", "skybridge", .. Kernels, Native];

    public static string Title(string system) => system switch
    {
        "monolithic" => "Monolithic",
        "underbridge" => "UnderBridge",
        "skybridge" => "SkyBridge",
        "sel4" => "seL4",
        "fiasco" => "Fiasco.OC",
        "zircon" => "Zircon",
        Native => "Native",
        _ => throw new ArgumentOutOfRangeException(nameof(system), system, "not a system"),
    };

    /// <summary>How a bar reads when the scenario gives it no label.</summary>
    public static string Label(string system, string @base, KptiVariant variant)
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
