namespace UnderBridge.Sim.Systems.Files;

/// <summary>A file server's way to its disk: one call a block, the block in a buffer shared by both.</summary>
sealed class BlockChannel(int disk, int blockSize, int region)
{
    public const string Region = "shared-block";
    const int LineBytes = 64;

    readonly int lines = blockSize / LineBytes;

    public void Read(int block, ServerPlan plan)
    {
        plan.Call(disk, new ServerRequest((int)DiskOperation.Read, block, Length: blockSize));
        Move(plan, write: false);
    }

    public void Write(int block, ServerPlan plan)
    {
        Move(plan, write: true);
        plan.Call(disk, new ServerRequest((int)DiskOperation.Write, block, Length: blockSize));
    }

    void Move(ServerPlan plan, bool write)
    {
        plan.Copy(FilePrices.CopyStart, 1);
        plan.Copy(FilePrices.CopyByte, blockSize);
        plan.Touch(region, 0, lines, write);
    }
}
