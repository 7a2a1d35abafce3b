using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems.Services;

/// <summary>The kernel's process that counts calls and, at the end of each epoch, moves servers as its policy chooses, one after the other.</summary>
sealed class Rebalancing
{
    readonly SimulatedSystem system;
    readonly IReadOnlyList<Server> servers;
    readonly PlacementPolicy policy;
    readonly PlacementChoice choice;
    readonly PolicySettings settings;
    readonly RequestStream stream;
    readonly Func<int> answered;
    readonly long epoch;
    readonly long[] seen;
    readonly long[] calls;
    readonly bool[] inKernel;

    /// <param name="system">Where servers may move.</param>
    /// <param name="servers">Who may.</param>
    /// <param name="settings">The policy's parameters.</param>
    /// <param name="epoch">Cycles between two choices.</param>
    /// <param name="stream">The future, for the oracle.</param>
    /// <param name="answered">Requests answered so far.</param>
    public Rebalancing(SimulatedSystem system, IReadOnlyList<Server> servers, PolicySettings settings, long epoch, RequestStream stream, Func<int> answered)
    {
        (this.system, this.servers, this.settings, this.epoch, this.stream, this.answered) = (system, servers, settings, epoch, stream, answered);
        policy = system.Spec.Design.Policy;
        choice = new PlacementChoice(policy, settings, servers.Count);
        (seen, calls, inKernel) = (new long[servers.Count], new long[servers.Count], new bool[servers.Count]);
        if (system.Spec.Design.BeyondKeys == BeyondKeys.Migrate && policy != PlacementPolicy.Static) system.Environment.Process(Run()).Named("rebalancing");
    }

    IEnumerable<Event> Run()
    {
        var before = 0;
        while (true)
        {
            yield return system.Environment.Hold(epoch);
            if (policy == PlacementPolicy.Oracle) Foresee(answered() - before);
            else Count();
            before = answered();
            foreach (var exchange in Choose())
            {
                if (exchange.Out >= 0) yield return system.Migrate(servers[exchange.Out], Placement.UserProcess).Process;
                yield return system.Migrate(servers[exchange.In], Placement.KernelDomain).Process;
            }
        }
    }

    IReadOnlyList<Exchange> Choose()
    {
        for (var i = 0; i < servers.Count; i++) inKernel[i] = servers[i].Principal.Placement == Placement.KernelDomain;
        var saved = system.Price(Placement.UserProcess, Placement.UserProcess) - system.Price(Placement.UserProcess, Placement.KernelDomain);
        return choice.Choose(inKernel, system.Keys.Free, saved, system.MigrationPrice(servers[0]));
    }

    void Count()
    {
        for (var i = 0; i < servers.Count; i++)
        {
            calls[i] = servers[i].Calls - seen[i];
            seen[i] = servers[i].Calls;
        }
        choice.Learn(calls);
    }

    // As many requests an epoch as in the last one.
    void Foresee(int requests)
    {
        stream.Count(answered(), (int)Math.Ceiling(requests * settings.Horizon), calls);
        for (var i = 0; i < calls.Length; i++) calls[i] = (long)Math.Round(calls[i] / settings.Horizon);
        choice.Learn(calls);
    }
}
