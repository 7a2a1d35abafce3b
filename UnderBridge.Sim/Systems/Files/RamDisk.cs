namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// A disk server whose disk is memory: each request moves one block between the shared buffer and its own memory. The price of that copy holds the
/// misses on the disk's memory, so these lines are not touched a second time; those of the shared buffer are.
/// </summary>
sealed class RamDisk(int blockSize) : IServerHandler
{
    const int Shared = 0, LineBytes = 64;

    public IReadOnlyList<string> PriceNames => DiskPrices.Names;

    public IReadOnlyList<ServerRegion> Regions { get; } = [new(BlockChannel.Region, blockSize)];

    public IReadOnlyList<int> Callees => [];

    /// <summary>Blocks read and written so far.</summary>
    public long Reads { get; private set; }
    public long Writes { get; private set; }

    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        if (request.Operation == (int)DiskOperation.Write) Writes++;
        else Reads++;
        plan.Work(DiskPrices.Call, 1);
        plan.Work(DiskPrices.CopyStart, 1);
        plan.Work(DiskPrices.CopyByte, blockSize);
        plan.Touch(Shared, 0, blockSize / LineBytes, write: request.Operation == (int)DiskOperation.Read);
    }
}
