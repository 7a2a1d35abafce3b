using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>A caller that waits for a server: which serves it, or which it has not come to yet.</summary>
readonly record struct WaitsFor(Owner Caller, Owner Server, bool Served)
{
    public override string ToString() => $"{Caller.Name} waits for {Server.Name}{(Served ? "" : ", which has not taken its call")}";
}

/// <summary>Nothing can happen any more, and some wait: the message says who for whom.</summary>
public sealed class DeadlockException : InvalidOperationException
{
    internal DeadlockException(IReadOnlyList<WaitsFor> waits) : base($"deadlock: {string.Join("; ", waits)}") => Waits = waits;

    internal IReadOnlyList<WaitsFor> Waits { get; }
}
