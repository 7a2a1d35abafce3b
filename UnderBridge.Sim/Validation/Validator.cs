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
    readonly IReadOnlyList<Setting> settings;
    readonly ConcurrentDictionary<string, WarmRun> runs = new(StringComparer.Ordinal);

    // The same without one of the settings, and without any.
    readonly ConcurrentDictionary<(string Setup, Setting? Without), WarmRun> others = new();

    Validator(IReadOnlyList<RowSpec> rows, IReadOnlyList<Setting> settings)
    {
        byId = rows.ToDictionary(row => row.Id, StringComparer.Ordinal);
        this.settings = settings;
    }

    /// <param name="catalogue">The facts to simulate with.</param>
    /// <param name="rows">What to simulate.</param>
    /// <param name="settings">Numbers and features set by the user.</param>
    /// <param name="jobs">Runs at once; results do not depend on it.</param>
    /// <param name="cancellation">Ends the validation between two runs.</param>
    public static IReadOnlyList<ValidatedRow> Run(
        Catalogue catalogue, IReadOnlyList<RowSpec> rows, IReadOnlyList<Setting> settings, int jobs, CancellationToken cancellation = default)
    {
        var validator = new Validator(rows, settings);
        var setups = rows.Select(row => row.Setup).DistinctBy(setup => setup.Key).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation };
        Parallel.ForEach(setups, options, setup => validator.Walk(setup, catalogue));
        return [.. rows.Select(validator.Of)];
    }

    void Walk(Setup setup, Catalogue catalogue)
    {
        runs[setup.Key] = WarmRun.Of(setup, catalogue, settings);
        if (settings.Count == 0) return;
        others[(setup.Key, null)] = WarmRun.Of(setup, catalogue, [], spec => spec);
        if (settings.Count == 1) return;
        foreach (var setting in settings) others[(setup.Key, setting)] = WarmRun.Of(setup, catalogue, [.. settings.Where(other => other != setting)], spec => spec);
    }

    ValidatedRow Of(RowSpec row)
    {
        var other = row.Over is { } over ? byId[over] : null;
        var numbers = Unset(row).Numbers.Concat(other is null ? [] : Unset(other).Numbers).ToList();
        var resting = row.Published is { } published ? numbers.Where(number => number.RestsOn == published.Id).Select(number => number.Name).Distinct().ToList() : [];
        var changed = ChangesOf(row).Union(other is null ? [] : ChangesOf(other)).ToList();
        var status = row.Published is not null && changed.Count > 0 ? RowStatus.Changed : Status(row, numbers);
        var simulated = Cycles(row) / (other is null ? WarmRun.TripsObserved : Cycles(other));
        var (low, high) = status is RowStatus.Fitted or RowStatus.Input ? (simulated, simulated) : Range(row, other, simulated);
        return new ValidatedRow(row, simulated, low, high, status, changed.Count > 0 ? changed : resting);
    }

    // What the user set that moves the row: all of it where none does alone.
    IReadOnlyList<string> ChangesOf(RowSpec row)
    {
        if (settings.Count == 0 || Charges(row, Observed(row)).SetEquals(Charges(row, Unset(row)))) return [];
        var moving = settings.Count == 1 ? settings : [.. settings.Where(setting => !Charges(row, Observed(row)).SetEquals(Charges(row, others[(row.Setup.Key, setting)][row.Leg])))];
        return [.. (moving.Count > 0 ? moving : settings).Select(setting => setting.Key).Distinct()];
    }

    static HashSet<(string, Cause, double)> Charges(RowSpec row, Observation observation) =>
        [.. observation.ByNumber.Where(share => Weight(row, share.Cause) != 0).Select(share => (share.Number.Name, share.Cause, share.Cycles))];

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

    // As the catalogue has it.
    Observation Unset(RowSpec row) => settings.Count == 0 ? Observed(row) : others[(row.Setup.Key, null)][row.Leg];

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
