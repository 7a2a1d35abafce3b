namespace UnderBridge.Sim.Systems.Services;

/// <summary>Which servers a kernel keeps in its own page table, chosen anew each epoch.</summary>
enum PlacementPolicy
{
    /// <summary>Those that were booted into it, for good.</summary>
    Static,

    /// <summary>Those called most of late; one outside must be hotter than one inside by a margin, or both would come and go.</summary>
    HottestFirst,

    /// <summary>Those called most of late, where a move pays for itself within the horizon if the calls go on as they did.</summary>
    CostAware,

    /// <summary>Those that will be called most within the horizon, where a move pays for itself: what a policy could do that knew the future.</summary>
    Oracle,
}

/// <summary>The parameters of policies: a margin as a ratio, the weight of the latest epoch in a running mean of calls, and a horizon in epochs.</summary>
readonly record struct PolicySettings(double Hysteresis, double Smoothing, double Horizon);

/// <summary>An exchange of one server for another; either may be none, -1.</summary>
readonly record struct Exchange(int Out, int In);

/// <summary>
/// The choice of a policy: it knows how often each server is called an epoch, by a running mean or, for the oracle, in truth, and exchanges the coldest
/// server of the kernel for the hottest outside while that is worth it.
/// </summary>
sealed class PlacementChoice(PlacementPolicy policy, PolicySettings settings, int servers)
{
    readonly double[] heat = new double[servers];

    /// <summary>Calls an epoch that each server is taken to have.</summary>
    public IReadOnlyList<double> Heat => heat;

    /// <summary>Learns of the calls to each server in the epoch that ended; the oracle, of those within its horizon, for each epoch of it.</summary>
    public void Learn(ReadOnlySpan<long> calls)
    {
        var weight = policy == PlacementPolicy.Oracle ? 1 : settings.Smoothing;
        for (var server = 0; server < servers; server++) heat[server] += weight * (calls[server] - heat[server]);
    }

    /// <summary>The exchanges that are worth it, best first; <paramref name="free"/> servers fit into the kernel without one leaving.</summary>
    /// <param name="inKernel">Who is there now.</param>
    /// <param name="free">Memory domains that nobody holds.</param>
    /// <param name="saved">Cycles that a call to a server costs less while it is in the kernel.</param>
    /// <param name="move">Cycles that a move costs.</param>
    public IReadOnlyList<Exchange> Choose(ReadOnlySpan<bool> inKernel, int free, double saved, double move)
    {
        if (policy == PlacementPolicy.Static) return [];
        var (inside, outside) = (new List<int>(), new List<int>());
        for (var server = 0; server < servers; server++) (inKernel[server] ? inside : outside).Add(server);
        // Equally hot ones by their number, so that runs repeat.
        var coldest = new Queue<int>(inside.OrderBy(server => heat[server]).ThenBy(server => server));
        var exchanges = new List<Exchange>();
        foreach (var hot in outside.OrderByDescending(server => heat[server]).ThenBy(server => server))
        {
            var room = exchanges.Count(exchange => exchange.Out < 0) < free;
            if (!room && coldest.Count == 0) break;
            var cold = room ? -1 : coldest.Peek();
            if (!IsWorth(cold < 0 ? 0 : heat[cold], heat[hot], saved, moves: cold < 0 ? 1 : 2, move)) break;
            if (!room) coldest.Dequeue();
            exchanges.Add(new Exchange(cold, hot));
        }
        return exchanges;
    }

    bool IsWorth(double cold, double hot, double saved, int moves, double move) => policy == PlacementPolicy.HottestFirst
        ? hot > (1 + settings.Hysteresis) * cold
        : (hot - cold) * settings.Horizon * saved > moves * move;
}
