using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems.Files;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Studies;

/// <summary>The recorded run of an app that a scenario replays, read once for all its systems.</summary>
sealed class Recording
{
    /// <summary>The one server of the catalogue that answers an app's calls.</summary>
    const string FileServer = "file-system";

    static readonly ISourced Timed = new Sourced<double>(
        "trace.compute", 1, "cycles", Grade.Measured, new Citation("traces", "gaps between the timed calls"));

    readonly Trace trace;
    readonly FileTrace files;
    readonly CallTable table;
    readonly double? computePerCall;

    Recording(Trace trace, FileTrace files, CallTable table, Sourced<double>? computePerCall)
    {
        this.trace = trace;
        this.files = files;
        this.table = table;
        this.computePerCall = computePerCall?.Value;
        Compute = computePerCall ?? Timed;
    }

    /// <summary>The number on whose strength the app's compute is booked.</summary>
    public ISourced Compute { get; }

    public PathTable Paths => files.Paths;
    public FileImage Image => files.Image;
    public int Operations => trace.OperationEnds.Count;

    /// <summary>What a reader of the results should know of the recording.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var unmapped = table.Unmapped(trace);
            return unmapped.Count == 0 ? [] : [$"{trace.File}: calls without a row in the call table stay in the app: {string.Join(", ", unmapped.Select(call => $"{call.Key} {call.Value}"))}"];
        }
    }

    /// <exception cref="InputException">A trace is wrong.</exception>
    /// <exception cref="InputException">A call is routed to a server that there is not.</exception>
    public static Recording Read(Scenario scenario, Replay replay, Catalogue catalogue)
    {
        var trace = TraceReader.ReadStrace(scenario.Locate(replay.Trace), replay.Begin, replay.End);
        if (replay.Timed is { } timed) trace = TraceReader.Join(trace, scenario.Locate(timed), (long)replay.MaxGap);
        trace = trace.WithOperations(replay.OperationEnd);
        var table = catalogue.CallTables[replay.Calls].With(replay.Routes);
        CheckServers(scenario, table);
        return new Recording(trace, FileTrace.Of(trace), table, replay.Timed is null ? replay.ComputePerCall : null);
    }

    /// <summary>What the app does, up to the end of so many operations.</summary>
    internal IReadOnlyList<Systems.ReplayCall> Calls(int operations, int fileServer)
    {
        var calls = new List<Systems.ReplayCall>();
        var nextEnd = 0;
        for (var i = 0; i < trace.Calls.Count && nextEnd < operations; i++)
        {
            var ends = trace.OperationEnds[nextEnd] == i;
            if (ends) nextEnd++;
            var compute = computePerCall ?? trace.Calls[i].ComputeBefore;
            calls.Add(new Systems.ReplayCall(compute, table.RouteOf(trace.Calls[i]).IsApp ? -1 : fileServer, files.Requests[i], ends));
        }
        return calls;
    }

    /// <summary>How often each call occurs in operations <paramref name="first"/> (from 0) to <paramref name="last"/>, the latter excluded.</summary>
    internal IReadOnlyDictionary<string, long> CountsByName(int first, int last)
    {
        var from = first == 0 ? 0 : trace.OperationEnds[first - 1] + 1;
        var to = trace.OperationEnds[last - 1] + 1;
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = from; i < to; i++) counts[trace.Calls[i].Name] = counts.GetValueOrDefault(trace.Calls[i].Name) + 1;
        return counts;
    }

    /// <exception cref="InputException">The warm-up leaves nothing to measure.</exception>
    internal void CheckWarmUp(Scenario scenario, Replay replay)
    {
        if (replay.WarmUp < Operations) return;
        throw new InputException([new InputError(scenario.File, 0, 0, FormattableString.Invariant($"a warm-up of {replay.WarmUp} operations"),
            FormattableString.Invariant($"fewer than the {Operations} operations of {trace.File}"))]);
    }

    static void CheckServers(Scenario scenario, CallTable table)
    {
        var errors = new ErrorList();
        foreach (var (call, server) in table.Rows.Where(row => row.Value is not (FileServer or Route.App)))
            errors.Add(scenario.File, $"the server '{server}' for the call '{call}'", $"one of {FileServer}, {Route.App}", Nearest.To(server, [FileServer, Route.App]));
        errors.ThrowIfAny();
    }
}
