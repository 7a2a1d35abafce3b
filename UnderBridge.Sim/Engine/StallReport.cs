using System.Globalization;

namespace UnderBridge.Sim.Engine;

/// <summary>A process that waits: for what, and since when.</summary>
public readonly record struct Waiting(Process Who, Event For, DateTime Since)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Who.Description} waits for {For.Description} since {(Since - Who.Simulation.StartDate).Ticks}");
}

/// <summary>The processes that have not ended, in the order in which they were created.</summary>
public sealed record StallReport(DateTime When, IReadOnlyList<Waiting> Waits)
{
    public override string ToString() => string.Join('\n', Waits);
}
