using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// What a server may reach while protection keys fence it: its own memory domain, the channels it shares, and inside a process the domain 0 of that process's
/// code. In the kernel's page table, domain 0 is the microkernel's. A server without a domain of its own reaches nothing of its memory.
/// </summary>
sealed class ExecutionDomain(string name, bool reachesDomainZero)
{
    readonly List<ProtectionKey> channels = [];

    public string Name => name;

    /// <summary>The memory domain it owns; null while it has none.</summary>
    public ProtectionKey? Key { get; internal set; }

    public IReadOnlyList<ProtectionKey> Channels => channels;

    /// <summary>The value of PKRU that it runs with.</summary>
    public uint Rights
    {
        get
        {
            var rights = reachesDomainZero ? Pkru.AllowOnly(ProtectionKey.Kernel.Number) : Pkru.AllowOnly();
            if (Key is { } own) rights = Pkru.With(rights, own.Number);
            foreach (var channel in channels) rights = Pkru.With(rights, channel.Number);
            return rights;
        }
    }

    internal void Join(ProtectionKey channel) => channels.Add(channel);
}
