using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// A trace as a file server sees it: one request for each call, and the files that must be there before. Descriptors are followed through open, dup and
/// close, those opened before the measured part included. What is on disk is read off the trace: a file that is found, or read or measured beyond
/// what was written to it, was there and at least that large.
/// </summary>
sealed record FileTrace
{
    public required PathTable Paths { get; init; }
    public required FileImage Image { get; init; }

    /// <summary>A request for each call of the trace. Calls on what is no file of the trace are <see cref="FileOperation.Other"/>.</summary>
    public required IReadOnlyList<ServerRequest> Requests { get; init; }

    /// <summary>The directory that the file system is mounted at.</summary>
    public required string Mount { get; init; }

    /// <param name="trace">The calls.</param>
    /// <param name="mount">The directory that the file system is mounted at; null takes the deepest one that holds every file opened for writing. What lies
    /// elsewhere, such as a device, is not on this disk: the server searches for it and finds nothing.</param>
    public static FileTrace Of(Trace trace, string? mount = null)
    {
        var history = new FileHistory();
        foreach (var call in trace.Preamble) history.Follow(call);
        history.BeginMeasuring();
        var drafts = trace.Calls.Select(call => history.Follow(call)).ToList();
        return history.Close(drafts, mount);
    }
}
