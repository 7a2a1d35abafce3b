using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>A caller that waits for a server: which serves it, or which it has not come to yet.</summary>
public readonly record struct WaitsFor(Owner Caller, Owner Server, bool Served)
{
    public override string ToString() => $"{Caller.Name} waits for {Server.Name}{(Served ? "" : ", which has not taken its call")}";
}

/// <summary>Nothing can happen any more, and some wait: the message says who for whom.</summary>
public sealed class DeadlockException(IReadOnlyList<WaitsFor> waits) : InvalidOperationException($"deadlock: {string.Join("; ", waits)}")
{
    public IReadOnlyList<WaitsFor> Waits => waits;
}
