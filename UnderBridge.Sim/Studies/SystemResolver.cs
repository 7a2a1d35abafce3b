using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>Turns the names of a system under test into the specs it is built from.</summary>
static class SystemResolver
{
    public static SystemSpec Resolve(ResolvedScenario scenario, SystemUnderTest system, Catalogue catalogue)
    {
        var isKernel = catalogue.Kernels.ContainsKey(system.System);
        var design = catalogue.Designs[isKernel ? SystemNames.Native : system.System];
        var kernel = catalogue.Kernels[isKernel ? system.System : system.Base.Length > 0 ? system.Base : SystemNames.DefaultKernel];
        var features = scenario.Kernel.Over(kernel.Features) with { Kpti = Kpti(scenario, system, design, kernel) };
        return SystemSpec.Of(scenario.Machine, kernel with { Features = features }, design, catalogue.Paths) with { Costs = scenario.Costs };
    }

    static bool Kpti(ResolvedScenario scenario, SystemUnderTest system, DesignSpec design, KernelSpec kernel) => system.Variant switch
    {
        KptiVariant.Kpti => true,
        KptiVariant.NoKpti => false,
        _ => scenario.Kernel.Kpti ?? (design.NeedsKpti || kernel.Features.Kpti),
    };
}
