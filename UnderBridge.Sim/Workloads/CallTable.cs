namespace UnderBridge.Sim.Workloads;

/// <summary>Where a call goes: to a server, or nowhere (the app keeps it). <paramref name="Mapped"/> is false when no row of the table speaks of it.</summary>
readonly record struct Route(string Server, bool Mapped)
{
    /// <summary>The row value of calls that stay in the app.</summary>
    public const string App = "app";

    public bool IsApp => Server == App;
}

/// <summary>
/// Which server answers which call. A row names a call as the trace does (<c>pread64</c>) or by its kind (<c>pread</c>); the exact name wins. A row
/// <c>newfstatat</c> covers <c>stat</c>, <c>lstat</c> and <c>fstat</c>. Calls without a row stay in the app.
/// </summary>
sealed class CallTable
{
    readonly Dictionary<string, string> byName = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> byKind = new(StringComparer.Ordinal);

    public CallTable(string name, IReadOnlyDictionary<string, string> rows)
    {
        Name = name;
        Rows = rows;
        foreach (var (call, server) in rows)
        {
            byName[call] = server;
            byKind.TryAdd(CallKind.Of(call), server);
        }
        if (!rows.TryGetValue("newfstatat", out var stat)) return;
        foreach (var kind in CallKind.CoveredByNewfstatat) byKind.TryAdd(kind, stat);
    }

    public string Name { get; }

    /// <summary>Call -> server, or <see cref="Route.App"/>.</summary>
    public IReadOnlyDictionary<string, string> Rows { get; }

    /// <summary>The same table with some rows replaced or added.</summary>
    public CallTable With(IReadOnlyDictionary<string, string> routes)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (call, server) in Rows) rows[call] = server;
        foreach (var (call, server) in routes) rows[call] = server;
        return new CallTable(Name, rows);
    }

    public Route RouteOf(in TraceCall call)
    {
        if (byName.TryGetValue(call.Name, out var server) || byKind.TryGetValue(CallKind.Of(call), out server)) return new Route(server, true);
        return new Route(Route.App, false);
    }

    /// <summary>How often each call without a row occurs in a trace, in the order of their names.</summary>
    public IReadOnlyDictionary<string, int> Unmapped(Trace trace)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in trace.Calls)
        {
            if (!RouteOf(call).Mapped) counts[call.Name] = counts.GetValueOrDefault(call.Name) + 1;
        }
        return counts;
    }
}
