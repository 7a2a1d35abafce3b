namespace UnderBridge.Sim.Systems;

/// <summary>
/// What a client asks of a server, free of references so that it costs nothing to pass on. The server defines what its numbers mean.
/// </summary>
/// <param name="Operation">What is to be done.</param>
/// <param name="Subject">What it is to be done to: a file, a key.</param>
/// <param name="Other">A second subject.</param>
/// <param name="Offset">Bytes into the subject.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct ServerRequest(int Operation, int Subject = 0, int Other = 0, long Offset = 0, int Length = 0);
