using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>The numbers of services that are charged nothing themselves but say how much of everything else is: working sets, calls, and privileged instructions.</summary>
static class ServiceNumbers
{
    /// <param name="workload">With its settings carried out: what it sets itself is no number of a program.</param>
    /// <param name="observed">The systems that were asked.</param>
    /// <param name="catalogue">Where the programs are.</param>
    public static IEnumerable<ISourced> Of(Workload workload, IReadOnlyList<Observation> observed, Catalogue catalogue) => workload switch
    {
        Services => [.. Sizes(catalogue.Programs["client"]), .. Sizes(catalogue.Programs[ServiceMeasurement.Program])],
        ServiceMix mix => Requests(mix, observed.Any(one => one.Spec.Design.Deprivation is not null), catalogue),
        _ => [],
    };

    static IEnumerable<ISourced> Sizes(ProgramSpec program) => [program.CodeKib, program.DataKib, program.CodeDensity, program.DataDensity];

    static IEnumerable<ISourced> Requests(ServiceMix mix, bool deprived, Catalogue catalogue)
    {
        var app = catalogue.Programs[mix.App];
        foreach (var program in new ServiceGraph(app, catalogue.Programs, instances: 1).Kinds.Prepend(app))
        {
            foreach (var call in program.Service!.Calls) yield return call.Value;
            foreach (var (instructions, rate) in program.Service.Privileged)
                if (deprived && (instructions == PrivilegedClass.Rare || mix.PrivilegedRate is null)) yield return rate;
        }
    }
}
