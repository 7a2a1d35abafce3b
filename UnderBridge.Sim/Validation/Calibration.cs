using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Statistics;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Validation;

/// <summary>A parameter as solved, and the published numbers it was solved to.</summary>
sealed record FittedParameter(Parameter Parameter, double Value, IReadOnlyList<FittedTarget> Targets);

/// <summary>
/// A published number with what the simulation gives for it after the fit. <paramref name="LeftOut"/> is the prediction when the parameters are solved to the other targets only; null where these
/// do not determine them.
/// </summary>
sealed record FittedTarget(RowSpec Row, double Simulated, double? LeftOut)
{
    public double Error => Simulated / Row.Published!.Value - 1;
    public double? LeftOutError => LeftOut / Row.Published!.Value - 1;
}

/// <summary>
/// Solves numbers of the catalogue so that the simulation meets publications, by running it. Parameters that share no target are solved apart, so a file may hold many
/// independent residuals.
/// </summary>
sealed class Calibration
{
    readonly Catalogue catalogue;
    readonly IReadOnlyList<Setting> settings;
    readonly Dictionary<string, RowSpec> rows;

    Calibration(Catalogue catalogue, IReadOnlyList<RowSpec> rows, IReadOnlyList<Setting> settings)
    {
        this.catalogue = catalogue;
        this.settings = settings;
        this.rows = rows.ToDictionary(row => row.Id);
    }

    /// <summary>Every parameter solved, in the order of the targets file.</summary>
    /// <exception cref="InputException">A parameter moves no target, or some share fewer targets than they are.</exception>
    public static IReadOnlyList<FittedParameter> Run(
        Catalogue catalogue, IReadOnlyList<RowSpec> rows, CalibrationTargets targets, IReadOnlyList<Setting> settings, int jobs, CancellationToken cancellation = default)
    {
        var calibration = new Calibration(catalogue, rows, settings);
        var blocks = calibration.Blocks(targets);
        var solved = new IReadOnlyList<FittedParameter>[blocks.Count];
        Parallel.For(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation }, i => solved[i] = calibration.Solve(blocks[i]));
        return [.. solved.SelectMany(block => block).OrderBy(fitted => targets.Parameters.ToList().IndexOf(fitted.Parameter))];
    }

    sealed record Block(IReadOnlyList<Parameter> Parameters, IReadOnlyList<RowSpec> Targets);

    List<Block> Blocks(CalibrationTargets targets)
    {
        var errors = new ErrorList();
        var blocks = new List<Block>();
        foreach (var parameter in targets.Parameters)
        {
            var moved = targets.Targets.Where(target => Moves(parameter, target)).ToList();
            if (moved.Count == 0) errors.Add(targets.File, $"{parameter}, which no target depends on", "a number that the simulation of a target uses");
            var touching = blocks.Where(block => block.Targets.Intersect(moved).Any()).ToList();
            blocks.RemoveAll(touching.Contains);
            blocks.Add(new Block([.. touching.SelectMany(block => block.Parameters), parameter], [.. touching.SelectMany(block => block.Targets).Concat(moved).Distinct()]));
        }
        foreach (var block in blocks.Where(block => block.Parameters.Count > block.Targets.Count && block.Targets.Count > 0))
            errors.Add(targets.File, $"{block.Parameters.Count} parameters ({string.Join(", ", block.Parameters)}) for the {block.Targets.Count} targets they move", "at most as many parameters as targets, else any value fits");
        errors.ThrowIfAny();
        return blocks;
    }

    IReadOnlyList<FittedParameter> Solve(Block block)
    {
        var values = Fit(block.Parameters, block.Targets);
        var met = Simulated(block.Parameters, block.Targets, values);
        var targets = block.Targets.Select((target, i) => new FittedTarget(target, met[i], LeaveOut(block, target))).ToList();
        return [.. block.Parameters.Select((parameter, i) => new FittedParameter(parameter, values[i], [.. targets.Where(target => Moves(parameter, target.Row))]))];
    }

    double? LeaveOut(Block block, RowSpec target)
    {
        IReadOnlyList<RowSpec> others = [.. block.Targets.Where(other => other != target)];
        if (others.Count < block.Parameters.Count || !block.Parameters.All(parameter => others.Any(other => Moves(parameter, other)))) return null;
        return Simulated(block.Parameters, [target], Fit(block.Parameters, others))[0];
    }

    // Errors are relative, so that a short call counts as much as a long one.
    double[] Fit(IReadOnlyList<Parameter> parameters, IReadOnlyList<RowSpec> targets) => BoundedLeastSquares.Fit(
        values => [.. Simulated(parameters, targets, values).Select((simulated, i) => simulated / targets[i].Published!.Value - 1)],
        [.. parameters.Select(parameter => Math.Clamp(parameter.Committed.Value, parameter.Low, parameter.High))],
        [.. parameters.Select(parameter => parameter.Low)], [.. parameters.Select(parameter => parameter.High)]);

    double[] Simulated(IReadOnlyList<Parameter> parameters, IReadOnlyList<RowSpec> targets, double[] values)
    {
        SystemSpec Changed(SystemSpec spec) => parameters.Select((parameter, i) => (parameter, values[i])).Aggregate(spec, (now, change) => With(now, change.parameter, change.Item2));
        return [.. targets.Select(target => Cycles(target, Changed) / (target.Over is { } over ? Cycles(rows[over], Changed) : 1))];
    }

    double Cycles(RowSpec row, Func<SystemSpec, SystemSpec> change)
    {
        var observation = WarmRun.Of(row.Setup, catalogue, settings, change)[row.Leg];
        return observation.ByNumber.Where(share => row.Causes.Count == 0 || row.Causes.Contains(share.Cause)).Sum(share => share.Cycles) / WarmRun.TripsObserved;
    }

    // A row that is divided by another depends on that one's numbers too.
    bool Moves(Parameter parameter, RowSpec row) => Uses(row, parameter) || row.Over is { } over && Uses(rows[over], parameter);

    bool Uses(RowSpec row, Parameter parameter)
    {
        var machine = catalogue.Machines[row.Setup.Machine];
        return row.Prices(catalogue).Any(number => number.Name == parameter.Name && Serves(row.Setup.Path, number, parameter, machine));
    }

    static bool Serves(IpcPath path, Sourced<double> number, Parameter parameter, HardwareProfile machine) =>
        machine.Name == parameter.Machine || parameter.Machine == "any" && !path.Numbers.Values.Any(byMachine => byMachine.GetValueOrDefault(machine.Name)?.Name == number.Name);

    static SystemSpec With(SystemSpec spec, Parameter parameter, double value)
    {
        var (app, server) = (With(spec.AppPath, parameter, value), With(spec.ServerPath, parameter, value));
        return spec with { Machine = With(spec.Machine, parameter, value), AppPath = app, ServerPath = spec.ServerPath == spec.AppPath ? app : server };
    }

    static HardwareProfile With(HardwareProfile machine, Parameter parameter, double value) => machine.Name != parameter.Machine ? machine : machine with
    {
        Prices = machine.Prices.ToDictionary(price => price.Key, price => price.Value.Name == parameter.Name ? price.Value with { Value = value } : price.Value),
    };

    static IpcPath With(IpcPath path, Parameter parameter, double value) => path with
    {
        Numbers = path.Numbers.ToDictionary(entry => entry.Key, entry => (IReadOnlyDictionary<string, Sourced<double>>)entry.Value.ToDictionary(
            number => number.Key, number => number.Key == parameter.Machine && number.Value.Name == parameter.Name ? number.Value with { Value = value } : number.Value)),
    };
}
