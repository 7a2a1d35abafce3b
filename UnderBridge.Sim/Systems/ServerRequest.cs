namespace UnderBridge.Sim.Systems;

/// <summary>
/// What a client asks of a server, free of references so that it costs nothing to pass on. The server defines what <paramref name="Operation"/>
/// and the two subjects mean; <paramref name="Offset"/> and <paramref name="Length"/> are bytes.
/// </summary>
public readonly record struct ServerRequest(int Operation, int Subject = 0, int Other = 0, long Offset = 0, int Length = 0);
