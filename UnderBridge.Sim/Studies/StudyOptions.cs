using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Studies;

/// <summary>How a study in code is run.</summary>
public sealed record StudyOptions
{
    /// <summary>The facts it rests on; null takes those that the scenario was read with, else those built in.</summary>
    public Catalogue? Catalogue { get; init; }

    /// <summary>Values set over the catalogue and the workload, as the command line takes them: <c>machine.wrpkru=128</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What the steps of paths cost; those of the machine unless replaced.</summary>
    public StepCosts Costs { get; init; } = StepCosts.OfMachine;

    /// <summary>Seed of every random stream; null takes that of the scenario, which is 1 unless it says otherwise.</summary>
    public int? Seed { get; init; }

    /// <summary>How many systems run at once; results do not depend on it.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of each run that ended.</summary>
    public IProgress<StudyProgress>? Progress { get; init; }

    /// <summary>Ends the study between two runs, with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far a study is.</summary>
/// <param name="Done">Runs that ended; it is told in this order.</param>
/// <param name="Total">Runs in all: one for each system at each point.</param>
/// <param name="Latest">What the latest of them observed.</param>
public readonly record struct StudyProgress(int Done, int Total, Observation Latest);
