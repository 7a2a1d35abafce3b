using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Scenarios;

/// <summary>What the settings of a scenario say of every kernel in it; null leaves a feature as the kernel has it.</summary>
sealed record KernelSettings(bool? Kpti = null, bool? Pcid = null, FpuPolicy? Fpu = null)
{
    public KernelFeatures Over(KernelFeatures features) => features with
    {
        Kpti = Kpti ?? features.Kpti,
        Pcid = Pcid ?? features.Pcid,
        Fpu = Fpu ?? features.Fpu,
    };
}

/// <summary>A scenario with its settings carried out on the machine, the kernels and the workload.</summary>
sealed record ResolvedScenario(Scenario Scenario, HardwareProfile Machine, KernelSettings Kernel, Workload Workload)
{
    /// <summary>What the steps of paths cost, for every system of the scenario.</summary>
    public StepCosts Costs { get; init; } = StepCosts.OfMachine;

    /// <summary>Carries out the settings of a scenario that its reader has accepted; of two for one key the later holds.</summary>
    public static ResolvedScenario Of(Scenario scenario, Catalogue catalogue)
    {
        var start = new ResolvedScenario(scenario, catalogue.Machines[scenario.MachineInForce], new KernelSettings(), scenario.Workload);
        return scenario.Settings.Aggregate(start, (resolved, setting) => resolved.With(setting.Key, setting.Value));
    }

    ResolvedScenario With(string key, string value)
    {
        switch (key)
        {
            case SettableKeys.WhichMachine: return this;
            case SettableKeys.Kpti: return this with { Kernel = Kernel with { Kpti = value == "true" } };
            case SettableKeys.Pcid: return this with { Kernel = Kernel with { Pcid = value == "true" } };
            case SettableKeys.Fpu when Kebab.TryParse<FpuPolicy>(value, out var policy): return this with { Kernel = Kernel with { Fpu = policy } };
        }
        var number = double.Parse(value, CultureInfo.InvariantCulture);
        if (key.StartsWith(SettableKeys.Machine, StringComparison.Ordinal))
            return this with { Machine = MachineSettings.Set(Machine, key[SettableKeys.Machine.Length..], number, $"{key}={value}") };
        var name = key[SettableKeys.Workload.Length..];
        return this with { Workload = WorkloadKeys.Of(Workload).First(known => known.Name == name).Set(Workload, number) };
    }
}
