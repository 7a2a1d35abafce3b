namespace UnderBridge.Sim.Scenarios;

/// <summary>The metrics of results.csv.</summary>
public static class Metrics
{
    public const string RoundTrip = "round-trip";
    public const string Throughput = "throughput";
    public const string Normalised = "normalised";
    public const string FsCalls = "fs-calls";
    public const string BlockReads = "block-reads";
    public const string BlockWrites = "block-writes";
    public const string IpcDirect = "ipc-direct";
    public const string IpcIndirect = "ipc-indirect";
    public const string Work = "work";
    public const string WorkPerIpc = "work-per-ipc";
    public const string Calls = "calls";
    public const string Response = "response";
    public const string LockWait = "lock-wait";
    public const string Ipi = "ipi";
    public const string Idle = "idle";
    public const string Request = "request";
    public const string IpcShare = "ipc-share";
    public const string Pollution = "pollution";

    /// <summary>Who pollutes and is polluted: a client, its server, and the code of kernel and gate that carries IPC between them.</summary>
    public static readonly IReadOnlyList<string> Parties = ["client", "server", "ipc"];

    /// <summary>What one of the <see cref="Parties"/> suffers from another, as <c>pollution.client-by-ipc</c>.</summary>
    public static string PollutionOf(string victim, string culprit) => $"{Pollution}.{victim}-by-{culprit}";
}
