namespace UnderBridge.Sim.Systems;

/// <summary>
/// Servers in the kernel that take turns with the memory domains, as libmpk multiplexes them: one that is called without a domain takes that of the server
/// that was not called for the longest time, whose pages go to domain 0, out of everybody's reach. A server with a call in flight keeps its own.
/// </summary>
sealed class SharedKeys(MemoryLayout layout, Remapping remapping)
{
    // From the one called longest ago to the one called last.
    readonly List<Server> holders = [];

    /// <summary>How often a key was taken from one server for another.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Gives a new server a free domain, if there is one.</summary>
    public void Add(Server server)
    {
        if (layout.TryKey(server.Principal.Place)) holders.Add(server);
    }

    /// <summary>Sees to it that a server that is called has a domain.</summary>
    /// <exception cref="KeysExhaustedException">Every domain is held by a server with a call in flight.</exception>
    public void Admit(Server server)
    {
        if (!holders.Remove(server)) TakeFor(server);
        holders.Add(server);
    }

    void TakeFor(Server server)
    {
        var victim = holders.Find(holder => holder.Current is null)
            ?? throw new KeysExhaustedException(server.Principal.Owner.Name, [.. layout.Keys.Holders.OfType<string>()]);
        holders.Remove(victim);
        layout.Rekey(victim.Principal.Place, server.Principal.Place);
        remapping.Charge(victim.Principal.Place.Pages + server.Principal.Place.Pages);
        Exchanges++;
    }
}
