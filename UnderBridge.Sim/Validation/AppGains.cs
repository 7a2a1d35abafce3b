using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Validation;

/// <summary>
/// What designs gain an app over the kernel's own IPC: the scenario's app is replayed on each kernel of the scenario, with and without KPTI, by the design and by the kernel. No publication of
/// these is known here.
/// </summary>
static class AppGains
{
    // A few dozen operations have all calls that thousands have; the replay of a whole recording belongs to the scenario.
    const int WarmUp = 40, Operations = 60;

    static readonly IReadOnlyList<KptiVariant> Variants = [KptiVariant.NoKpti, KptiVariant.Kpti];

    /// <summary>A row for each kernel, variant and design, of the throughput by the design over that by the kernel.</summary>
    public static IReadOnlyList<ValidatedRow> Of(
        Catalogue catalogue, Scenario scenario, IReadOnlyList<string> designs, IReadOnlyList<Setting> settings, int jobs, CancellationToken cancellation = default)
    {
        var bases = scenario.Systems.Select(system => system.Base).Where(name => name.Length > 0).Distinct().ToList();
        var pairs = bases.SelectMany(kernel => Variants.SelectMany(variant => designs.Select(design => (Native: Named(SystemNames.Native, kernel, variant), Design: Named(design, kernel, variant))))).ToList();
        var workload = (Replay)scenario.Workload with { WarmUp = WarmUp, Operations = Operations, Batches = 2 };
        var shortened = scenario with
        {
            Systems = [.. pairs.SelectMany(pair => new[] { pair.Native, pair.Design }).Distinct()], Workload = workload, Settings = settings,
            Figures = [new FigureRequest(FigureRequest.Throughput, "throughput", scenario.Title)],
        };
        var observed = new ScenarioRunner(catalogue).Run(shortened, jobs, cancellation: cancellation).Observations.ToDictionary(observation => observation.System);
        var references = new ReferenceRuns(catalogue);
        return [.. pairs.Select(pair => Row(catalogue, scenario, observed[pair.Design], observed[pair.Native], references))];

        // A design that is safe only with KPTI runs with it, whatever it is held against.
        SystemUnderTest Named(string system, string kernel, KptiVariant variant) => new(system, kernel, catalogue.Designs[system].NeedsKpti ? KptiVariant.Kpti : variant, $"{system} on {kernel}");
    }

    static ValidatedRow Row(Catalogue catalogue, Scenario scenario, Observation design, Observation native, ReferenceRuns references)
    {
        var (system, kpti) = (design.System, native.System.Variant);
        var setup = new Setup(scenario.Machine, native.Spec.Kernel, native.Spec.ServerPath) { FixesKpti = true };
        var spec = new RowSpec($"{scenario.Name}/{system.Base}/{Kebab.Of(kpti)}/{system.System}-over-native", $"{scenario.Name} on a {catalogue.Machines[scenario.Machine].Title}",
            $"{catalogue.Designs[system.System].Title} over native {catalogue.Kernels[system.Base].Title} {(kpti == KptiVariant.Kpti ? "with" : "without")} KPTI, throughput", setup, PathLeg.Both, [], Published: null) { OfApp = true };
        var ratio = (double)native.Cycles / design.Cycles;
        var range = Sensitivity.RatioRange(Sensitivity.Of(native, references.Of, Sensitivity.Uncertain), Sensitivity.Of(design, references.Of, Sensitivity.Uncertain));
        return new ValidatedRow(spec, ratio, range?.Low ?? ratio, range?.High ?? ratio, RowStatus.Prediction, []);
    }
}
