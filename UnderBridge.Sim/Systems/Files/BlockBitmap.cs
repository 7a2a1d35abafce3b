namespace UnderBridge.Sim.Systems.Files;

/// <summary>Which blocks of the disk are taken. The lowest free one is given out; a block given out is zeroed first.</summary>
sealed class BlockBitmap
{
    readonly Xv6Options options;
    readonly BufferCache cache;
    readonly BlockLog log;
    readonly bool[] taken;
    int lowestFree;
    int nextOfImage;

    public BlockBitmap(Xv6Options options, BufferCache cache, BlockLog log)
    {
        this.options = options;
        this.cache = cache;
        this.log = log;
        taken = new bool[options.DiskBlocks];
        taken.AsSpan(0, options.DataStart).Fill(true);
        lowestFree = options.DataStart;
        nextOfImage = options.DataStart + options.FreeBelowImage;
    }

    public bool IsTaken(int block) => taken[block];

    /// <summary>The next block of the disk image, at no cost.</summary>
    public int TakeForImage()
    {
        if (nextOfImage >= taken.Length) throw Full();
        taken[nextOfImage] = true;
        return nextOfImage++;
    }

    public int Allocate(ServerPlan plan)
    {
        while (lowestFree < taken.Length && taken[lowestFree]) lowestFree++;
        if (lowestFree == taken.Length) throw Full();
        var block = lowestFree;
        taken[block] = true;
        // Every bitmap block up to the one with the free bit is looked through.
        for (var first = 0; first <= block; first += options.BlocksPerBitmapBlock)
        {
            var bits = cache.Read(BitmapBlock(first), plan);
            if (block - first < options.BlocksPerBitmapBlock) log.Write(bits, plan);
            cache.Release(bits);
        }
        var zeroed = cache.Read(block, plan);
        log.Write(zeroed, plan);
        cache.Release(zeroed);
        return block;
    }

    public void Free(int block, ServerPlan plan)
    {
        var bits = cache.Read(BitmapBlock(block), plan);
        log.Write(bits, plan);
        cache.Release(bits);
        taken[block] = false;
        lowestFree = Math.Min(lowestFree, block);
    }

    FileSystemException Full() => new(FormattableString.Invariant($"the disk of {taken.Length} blocks is full"));

    int BitmapBlock(int block) => options.BitmapStart + (block / options.BlocksPerBitmapBlock);
}
