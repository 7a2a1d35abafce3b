using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Studies;

/// <summary>The numbers of the catalogue by which a workload charges the work of servers and apps; none where nobody works, or as the workload itself says.</summary>
static class WorkPrices
{
    public static IEnumerable<ISourced> Of(Workload workload, Catalogue catalogue) => workload switch
    {
        Replay => new[] { ReplayMeasurement.FileProgram, ReplayMeasurement.DiskProgram }.SelectMany(name => catalogue.Programs[name].Prices.Values),
        Services => catalogue.Programs[ServiceMeasurement.Program].Prices.Values,
        ServiceMix mix => new ServiceGraph(catalogue.Programs[mix.App], catalogue.Programs, instances: 1).Kinds.Prepend(catalogue.Programs[mix.App]).Select(program => program.Service!.Work),
        _ => [],
    };

    /// <summary>As captions say it, with a space before; empty where none of them is assumed.</summary>
    public static string Caption(Workload workload, Catalogue catalogue) =>
        Of(workload, catalogue).Any(price => price.Grade == Grade.Assumed) ? " Work prices are assumed, set once and not fitted." : "";
}
