namespace UnderBridge.Sim.Hardware;

/// <summary>The PKRU register: bit 2k denies data access to key k, bit 2k+1 denies writes (Intel SDM vol. 3, 4.6.2).</summary>
static class Pkru
{
    public const int Keys = 16;
    public const uint AllowAll = 0;

    /// <summary>The value that allows the given keys and denies all others.</summary>
    public static uint AllowOnly(params ReadOnlySpan<int> keys)
    {
        var value = uint.MaxValue;
        foreach (var key in keys) value = With(value, key);
        return value;
    }

    /// <summary>The same value with a key allowed.</summary>
    public static uint With(uint pkru, int key) => pkru & ~(3u << (2 * key));

    /// <summary>The same value with writes to a key denied.</summary>
    public static uint WithReadOnly(uint pkru, int key) => pkru & ~(1u << (2 * key)) | 2u << (2 * key);

    public static bool DeniesAccess(uint pkru, int key) => (pkru >> (2 * key) & 1) != 0;

    public static bool DeniesWrites(uint pkru, int key) => (pkru >> (2 * key) & 2) != 0;
}
