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
    public const string AppCall = "app-call";
    public const string Isolation = "isolation";
    public const string Confidentiality = "confidentiality";
    public const string Integrity = "integrity";
    public const string Availability = "availability";
    public const string Harm = "harm";
    public const string Outcome = "outcome";
    public const string DetectedAfter = "detected-after";
    public const string Reached = "reached";
    public const string Answered = "answered";
    public const string AnsweredElsewhere = "answered-elsewhere";
    public const string RecoveryTime = "recovery-time";
    public const string Lost = "requests-lost";
    public const string Survivors = "survivors";
    public const string HangRecoveryTime = "hang-recovery-time";
    public const string HangLost = "hang-requests-lost";
    public const string HangSurvivors = "hang-survivors";
    public const string OperationCost = "operation-cost";
    public const string AddedCost = "added-cost";
    public const string FreeKeys = "free-keys";
    public const string CallByApps = "call-by-apps";
    public const string CallByServers = "call-by-servers";
    public const string UpdateByApps = "update-by-apps";
    public const string ConnectByApps = "connect-by-apps";
    public const string ConnectByServers = "connect-by-servers";
    public const string FreeKeysByServers = "free-keys-by-servers";
    public const string Migrations = "migrations";
    public const string KeyExchanges = "key-exchanges";
    public const string WindowThroughput = "window-throughput";
    public const string WindowMigrations = "window-migrations";
    public const string Response = "response";
    public const string LockWait = "lock-wait";
    public const string Ipi = "ipi";
    public const string Idle = "idle";
    public const string Replications = "replications";
    public const string Request = "request";
    public const string IpcShare = "ipc-share";
    public const string Pollution = "pollution";

    /// <summary>Who pollutes and is polluted: a client, its server, and the code of kernel and gate that carries IPC between them.</summary>
    internal static readonly IReadOnlyList<string> Parties = ["client", "server", "ipc"];

    /// <summary>What one of <c>client</c>, <c>server</c> and <c>ipc</c> suffers from another, as <c>pollution.client-by-ipc</c>.</summary>
    public static string PollutionOf(string victim, string culprit) => $"{Pollution}.{victim}-by-{culprit}";
}
