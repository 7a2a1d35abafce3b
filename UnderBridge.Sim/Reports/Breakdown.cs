using System.Globalization;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>Where the cycles of each system went: a column for each cause that any of them met.</summary>
static class Breakdown
{
    public static Table Of(StudyResult study)
    {
        var causes = Causes.All.Where(cause => study.Observations.Any(observation => observation.ByCause[cause] != 0)).ToList();
        var unit = study.Observations.Any(observation => observation.Units.Count == 0) ? "Cycles by cause" : "Cycles by cause, of a round trip or operation";
        return new Table(unit,
            [new("system"), new("base"), new("point"), new("all", Alignment.Right), .. causes.Select(cause => new Column(cause.Title(), Alignment.Right))],
            [.. study.Observations.Select(observation => (IReadOnlyList<string>)
            [
                observation.System.Label, observation.System.BaseTitle, observation.Point, Text(observation.Cycles, observation), .. causes.Select(cause => Text(observation.ByCause[cause], observation)),
            ])]);
    }

    static string Text(long cycles, Observation observation) =>
        cycles == 0 ? "" : ((double)cycles / Math.Max(1, observation.UnitsCharged)).ToString("0.#", CultureInfo.InvariantCulture);
}
