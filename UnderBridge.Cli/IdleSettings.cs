using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Cli;

/// <summary>Finds settings of the command line that change no result of a study, so that nobody takes an unchanged result for an answer.</summary>
sealed class IdleSettings(Catalogue catalogue, StudyResult study, int jobs, CancellationToken cancellation)
{
    /// <summary>Operations of a recording that tell whether a price or a feature matters: each has all that the others have.</summary>
    const int Sample = 20;

    public IEnumerable<string> Warnings(IReadOnlyList<Setting> commandLine) =>
        from setting in study.Scenario.Settings
        where commandLine.Contains(setting)
        let reason = Reason(setting)
        where reason is not null
        select $"{study.Scenario.Name}: {setting.Place} changes nothing: {reason}";

    string? Reason(Setting setting)
    {
        var scenario = study.Scenario;
        if (scenario.Sweep?.Axes.Any(axis => axis.Key == setting.Key) == true) return "the scenario sweeps over this key";
        if (IsRepeat(setting)) return null;
        if (study.Observations.Any(observation => observation.ByNumber.Any(share => share.Number.Name == setting.Key && share.Cycles != 0))) return null;
        var without = scenario with { Settings = [.. scenario.Settings.Where(other => other != setting)] };
        if (scenario.Workload is Replay && ResolvedScenario.Of(scenario, catalogue).Workload != ResolvedScenario.Of(without, catalogue).Workload) return null;
        if (Results(scenario) != Results(without)) return null;
        var ownVariants = setting.Key == SettableKeys.Kpti && scenario.Systems.All(system => system.Variant != KptiVariant.Default);
        return ownVariants ? "every system has its own variant" : "every result is the same without it";
    }

    static bool IsRepeat(Setting setting) => WorkloadKeys.Repeats.Any(key => setting.Key == SettableKeys.Workload + key.Name);

    /// <summary>What a short run of a scenario gives, as text to compare.</summary>
    string Results(Scenario scenario)
    {
        scenario = scenario with { Workload = scenario.Workload with { Replications = 1, Precision = 0 }, Settings = [.. scenario.Settings.Where(setting => !IsRepeat(setting))] };
        if (scenario.Workload is Replay replay)
        {
            var counts = scenario.Settings.Where(setting => setting.Key != Operations);
            scenario = scenario with { Workload = replay with { Operations = Sample }, Settings = [.. counts] };
        }
        var result = new ScenarioRunner(catalogue).Run(scenario, jobs, cancellation: cancellation);
        var values = StudyRows.Of(result, catalogue).Select(row => row.Value);
        var cycles = result.Observations.SelectMany(observation => Causes.All.Select(cause => observation.ByCause[cause]).Concat(observation.Units));
        return string.Join(' ', values.Select(Numbers.Text).Concat(cycles.Select(count => count.ToString(CultureInfo.InvariantCulture))));
    }

    const string Operations = SettableKeys.Workload + "operations";
}
