using System.Collections.Concurrent;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Validation;

/// <summary>Simulates every row of the validation and holds it against its publication.</summary>
sealed class Validator
{
    readonly Dictionary<string, RowSpec> byId;
    readonly ConcurrentDictionary<string, WarmRun> runs = new(StringComparer.Ordinal);

    Validator(IReadOnlyList<RowSpec> rows) => byId = rows.ToDictionary(row => row.Id, StringComparer.Ordinal);

    /// <param name="catalogue">The facts to simulate with.</param>
    /// <param name="rows">What to simulate.</param>
    /// <param name="settings">Numbers and features set by the user.</param>
    /// <param name="jobs">Runs at once; results do not depend on it.</param>
    /// <param name="cancellation">Ends the validation between two runs.</param>
    public static IReadOnlyList<ValidatedRow> Run(
        Catalogue catalogue, IReadOnlyList<RowSpec> rows, IReadOnlyList<Setting> settings, int jobs, CancellationToken cancellation = default)
    {
        var validator = new Validator(rows);
        var setups = rows.Select(row => row.Setup).DistinctBy(setup => setup.Key).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation };
        Parallel.ForEach(setups, options, setup => validator.runs[setup.Key] = WarmRun.Of(setup, catalogue, settings));
        return [.. rows.Select(validator.Of)];
    }

    ValidatedRow Of(RowSpec row)
    {
        var observation = Observed(row);
        var other = row.Over is { } over ? byId[over] : null;
        var numbers = observation.Numbers.Concat(other is null ? [] : Observed(other).Numbers).ToList();
        var resting = row.Published is { } published ? numbers.Where(number => number.RestsOn == published.Id).Select(number => number.Name).Distinct().ToList() : [];
        var status = Status(row, numbers);
        var simulated = Cycles(row) / (other is null ? WarmRun.TripsObserved : Cycles(other));
        var (low, high) = status is RowStatus.Fitted or RowStatus.Input ? (simulated, simulated) : Range(row, other, simulated);
        return new ValidatedRow(row, simulated, low, high, status, resting);
    }

    static RowStatus Status(RowSpec row, IEnumerable<ISourced> numbers)
    {
        if (row.Published is null) return RowStatus.Prediction;
        return Standings.Against(row.Published.Id, numbers) switch
        {
            Standing.Input => RowStatus.Input,
            Standing.Fitted or Standing.Assumed => RowStatus.Fitted,
            _ => row.KnownGap.Length > 0 ? RowStatus.KnownGap : RowStatus.Predicted,
        };
    }

    Observation Observed(RowSpec row) => runs[row.Setup.Key][row.Leg];

    static double Weight(RowSpec row, Cause cause) => row.Causes.Count == 0 || row.Causes.Contains(cause) ? 1 : 0;

    // Before rounding to whole cycles.
    double Cycles(RowSpec row) => Observed(row).ByNumber.Sum(share => Weight(row, share.Cause) * share.Cycles);

    (double Low, double High) Range(RowSpec row, RowSpec? other, double simulated)
    {
        if (other is not null) return Sensitivity.RatioRange(SensitivityOf(row), SensitivityOf(other)) ?? (simulated, simulated);
        var range = SensitivityOf(row).Range();
        return range is { } ends ? (ends.Low / WarmRun.TripsObserved, ends.High / WarmRun.TripsObserved) : (simulated, simulated);
    }

    Sensitivity SensitivityOf(RowSpec row) => row.Causes.Count == 0
        ? Sensitivity.Of(Observed(row), Reference, Sensitivity.Uncertain) : Sensitivity.Of(Observed(row), Reference, cause => Weight(row, cause), Sensitivity.Uncertain);

    // The run that a fitted number was fitted on.
    Observation? Reference(ISourced fitted) => byId.Values.Where(row => row.Published is { } published && published.Id == fitted.RestsOn).Select(Observed)
        .FirstOrDefault(observation => observation.ByNumber.Any(share => share.Number.Name == fitted.Name));
}
