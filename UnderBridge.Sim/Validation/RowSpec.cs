using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Validation;

/// <summary>What a path is walked under: a machine, a kernel in one version with the features of its build, and the path with that version's residuals.</summary>
sealed record Setup(string Machine, KernelSpec Kernel, IpcPath Path)
{
    /// <summary>KPTI is part of what the row is about, so that no setting changes it.</summary>
    public bool FixesKpti { get; init; }

    /// <summary>Setups of one key give the same run.</summary>
    public string Key => $"{Machine} {Kernel.Name} {Kernel.Features} {FixesKpti} {Path.Name} {Path.Isolation}";
}

/// <summary>
/// One line of the validation: a quantity, how it is simulated, and what was published of it, if anything. <paramref name="Causes"/> limits it to some causes of the cycles,
/// empty for all; with <see cref="Over"/> it is the ratio to another row.
/// </summary>
sealed record RowSpec(string Id, string Group, string Quantity, Setup Setup, PathLeg Leg, IReadOnlyList<Cause> Causes, PublishedNumber? Published)
{
    /// <summary>The id of the row that this one is divided by; null for cycles.</summary>
    public string? Over { get; init; }

    /// <summary>Why the simulation misses the publication; empty where it should not.</summary>
    public string KnownGap { get; init; } = "";

    /// <summary>True where the row compares two runs of an app; such rows are not of one path.</summary>
    public bool OfApp { get; init; }

    public string Unit => Over is null && !OfApp ? "cycles" : "ratio";

    /// <summary>The prices of the steps that the row counts, before anything runs.</summary>
    public IEnumerable<Sourced<double>> Prices(Catalogue catalogue)
    {
        var program = StepProgram.Compile(Setup.Path, Setup.Kernel.Features, catalogue.Machines[Setup.Machine], new Provenance(), footprints: null);
        var steps = Leg switch { PathLeg.Call => program.Call, PathLeg.Reply => program.Reply, _ => program.Call.Concat(program.Reply) };
        return steps.Select(step => step.Number).OfType<Sourced<double>>();
    }
}
