using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Systems;

/// <summary>A memory domain of PKU: the key that pages carry in their page-table entries, 0 to 15.</summary>
readonly record struct ProtectionKey(int Number)
{
    /// <summary>Memory domain 0, the microkernel's own.</summary>
    public static readonly ProtectionKey Kernel = new(0);
}

/// <summary>
/// The memory domains of one page table. Domain 0 is the kernel's; the others are taken by name and given back, and the lowest free one is taken first.
/// </summary>
sealed class ProtectionKeys
{
    readonly string?[] holders = new string?[Pkru.Keys];

    public ProtectionKeys(string kernel) => holders[ProtectionKey.Kernel.Number] = kernel;

    /// <summary>Domains that nobody holds.</summary>
    public int Free => holders.Count(holder => holder is null);

    /// <summary>Who holds each domain, null where nobody does.</summary>
    public IReadOnlyList<string?> Holders => holders;

    /// <summary>Takes a free domain; false when there is none, so that a policy can react.</summary>
    public bool TryTake(string holder, out ProtectionKey key)
    {
        key = new ProtectionKey(Array.IndexOf(holders, null));
        if (key.Number < 0) return false;
        holders[key.Number] = holder;
        return true;
    }

    /// <summary>Takes a free domain.</summary>
    /// <exception cref="KeysExhaustedException">There is none.</exception>
    public ProtectionKey Take(string holder) => TryTake(holder, out var key) ? key : throw new KeysExhaustedException(holder, [.. holders.OfType<string>()]);

    /// <summary>Gives a domain back. No page may carry its key any more.</summary>
    public void Release(ProtectionKey key)
    {
        if (key == ProtectionKey.Kernel) throw new ArgumentException("memory domain 0 is the kernel's", nameof(key));
        if (holders[key.Number] is null) throw new ArgumentException($"nobody holds memory domain {key.Number}", nameof(key));
        holders[key.Number] = null;
    }
}

/// <summary>A server or channel asked for a memory domain when all were taken.</summary>
public sealed class KeysExhaustedException(string asked, IReadOnlyList<string> holders) : InvalidOperationException(
    $"all {Pkru.Keys} memory domains of PKU are taken: one by the kernel, one by each server and by each shared channel; '{asked}' asked for one more")
{
    public string Asked => asked;
    public IReadOnlyList<string> Holders => holders;
}
