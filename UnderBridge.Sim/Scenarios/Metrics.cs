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
}
