using System.Globalization;

namespace UnderBridge.Sim.Engine;

/// <summary>A process that waits.</summary>
/// <param name="Who">The process.</param>
/// <param name="For">What it waits for.</param>
/// <param name="Since">When it began to.</param>
public readonly record struct Waiting(Process Who, Event For, DateTime Since)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Who.Description} waits for {For.Description} since {(Since - Who.Simulation.StartDate).Ticks}");
}

/// <summary>The processes that have not ended.</summary>
/// <param name="When">At which time.</param>
/// <param name="Waits">Each with what it waits for, in the order in which they were created.</param>
public sealed record StallReport(DateTime When, IReadOnlyList<Waiting> Waits)
{
    public override string ToString() => string.Join('\n', Waits);
}
