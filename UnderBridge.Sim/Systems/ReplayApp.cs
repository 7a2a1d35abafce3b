using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Systems;

/// <summary>A call of a replayed app.</summary>
/// <param name="Compute">Cycles of the app's own work before the call, 0 or more.</param>
/// <param name="Server">Position of the server among those of the app; -1: none, it stays in the app.</param>
/// <param name="Request">What the server is asked.</param>
/// <param name="EndsOperation">It is the last call of an operation.</param>
public readonly record struct ReplayCall(double Compute, int Server, ServerRequest Request, bool EndsOperation);

/// <summary>An app as a process: it computes and calls as it was recorded to.</summary>
public sealed class ReplayApp
{
    readonly SimulatedSystem system;
    readonly Principal app;
    readonly IReadOnlyList<ReplayCall> calls;
    readonly IReadOnlyList<Server> servers;
    readonly int computeNumber;
    readonly double workScale;
    readonly List<long> operationEnds = [];

    /// <param name="system">Where it runs; its servers are added already.</param>
    /// <param name="program">The app's program.</param>
    /// <param name="calls">What it does, in order.</param>
    /// <param name="servers">Who the calls name.</param>
    /// <param name="compute">The number on whose strength its compute is booked.</param>
    /// <param name="workScale">Factor on its compute, 0 or more.</param>
    /// <exception cref="ArgumentException">A call has no amount of compute or names no server, or the factor is none; the message says which.</exception>
    public ReplayApp(
        SimulatedSystem system, ProgramSpec program, IReadOnlyList<ReplayCall> calls, IReadOnlyList<Server> servers, ISourced compute, double workScale)
    {
        Check(calls, servers, workScale);
        this.system = system;
        this.calls = calls;
        this.servers = servers;
        this.workScale = workScale;
        app = system.AddApp(program);
        foreach (var server in calls.Where(call => call.Server >= 0).Select(call => call.Server).Distinct()) system.Connect(app, servers[server]);
        computeNumber = system.Provenance.IndexOf(compute);
    }

    static void Check(IReadOnlyList<ReplayCall> calls, IReadOnlyList<Server> servers, double workScale)
    {
        if (!Amounts.IsAmount(workScale)) throw new ArgumentOutOfRangeException(nameof(workScale), workScale, "expected a factor, 0 or more");
        for (var i = 0; i < calls.Count; i++)
        {
            if (!Amounts.IsAmount(calls[i].Compute)) throw new ArgumentException(FormattableString.Invariant($"call {i} comes after {calls[i].Compute} cycles of compute, expected 0 or more"), nameof(calls));
            if (calls[i].Server < -1 || calls[i].Server >= servers.Count) throw new ArgumentException(FormattableString.Invariant($"call {i} goes to server {calls[i].Server}, expected -1 to {servers.Count - 1}"), nameof(calls));
        }
    }

    /// <summary>When each operation ended, in cycles since the start.</summary>
    public IReadOnlyList<long> OperationEnds => operationEnds;

    /// <summary>Runs to the end of the recording; <paramref name="ended"/> is told of each operation's end, counted from 1.</summary>
    public void Run(Action<int> ended) => system.Run(system.Environment.Process(Replay(ended)));

    IEnumerable<Event> Replay(Action<int> ended)
    {
        var dispatched = new Signal(system.Environment);
        system.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        app.Start(system.Core);
        foreach (var call in calls)
        {
            if (call.Compute > 0) app.Work(system.Core, call.Compute * workScale, computeNumber);
            if (call.Server >= 0)
            {
                yield return app.Call(servers[call.Server], call.Request);
                app.Resume(system.Core);
            }
            if (!call.EndsOperation) continue;
            yield return system.Processor.Spend();
            operationEnds.Add(system.Processor.Elapsed);
            ended(operationEnds.Count);
        }
        yield return system.Processor.Spend();
        system.Processor.Release();
    }
}
