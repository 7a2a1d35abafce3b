namespace UnderBridge.Sim.Systems.Files;

/// <summary>The units that the work of a file server is counted in, by their place in <see cref="Names"/>. What one costs stands with the program.</summary>
static class FilePrices
{
    /// <summary>Taking up a request.</summary>
    public const int Call = 0;

    /// <summary>Getting a buffer of the cache and giving it back.</summary>
    public const int BufferRead = 1;

    /// <summary>Looking at one buffer of the cache's list.</summary>
    public const int ListStep = 2;

    /// <summary>Starting a copy, and each byte of it.</summary>
    public const int CopyStart = 3, CopyByte = 4;

    public static IReadOnlyList<string> Names { get; } = ["fs-call", "bread", "list-step", "memcpy-fixed", "memcpy-byte-hot"];
}

/// <summary>The units that the work of a disk server is counted in, by their place in <see cref="Names"/>.</summary>
static class DiskPrices
{
    /// <summary>Taking up a request for a block.</summary>
    public const int Call = 0;

    /// <summary>Starting a copy to or from the disk's memory, and each byte of it with the misses it takes.</summary>
    public const int CopyStart = 1, CopyByte = 2;

    public static IReadOnlyList<string> Names { get; } = ["disk-call", "memcpy-fixed", "memcpy-byte-ramdisk"];
}
