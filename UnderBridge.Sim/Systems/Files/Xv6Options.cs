namespace UnderBridge.Sim.Systems.Files;

/// <summary>When a write writes the file's inode too.</summary>
enum InodeUpdate
{
    /// <summary>At every write (xv6-riscv).</summary>
    Always,

    /// <summary>Only when the file has grown (xv6-public).</summary>
    OnGrowth,
}

/// <summary>
/// The constants of an xv6 file system (param.h and fs.h of xv6-riscv). Sizes in bytes. A genuine xv6 has one indirect level, so files end at 268 KB;
/// more levels are an extension, each taking the place of one direct block.
/// </summary>
sealed record Xv6Options
{
    public int BlockSize { get; init; } = 1024;
    public int DiskBlocks { get; init; } = 262_144;
    public int Inodes { get; init; } = 200;

    /// <summary>Buffers of the cache (NBUF).</summary>
    public int Buffers { get; init; } = 30;

    /// <summary>Blocks that one operation may write (MAXOPBLOCKS).</summary>
    public int MaxOperationBlocks { get; init; } = 10;

    /// <summary>Without a log each change of a block is written at once.</summary>
    public bool Log { get; init; } = true;

    public InodeUpdate InodeUpdate { get; init; } = InodeUpdate.Always;

    /// <summary>Levels of indirect blocks, 1 to 3.</summary>
    public int IndirectLevels { get; init; } = 2;

    /// <summary>
    /// Blocks left free in front of the files of the disk image. With 0, as after mkfs, each allocation also reads the bitmap blocks that the image fills.
    /// That some are free is an assumption, chosen in sight of the counts of an earlier model, which read one bitmap block an allocation; a disk in use
    /// plausibly has such room, but no recording shows it. YCSB A needs 71.6 disk calls an operation with it and 71.8 with 0.
    /// </summary>
    public int FreeBelowImage { get; init; } = 64;

    internal const int InodeBytes = 64, EntryBytes = 16, PointerBytes = 4, BlockPointers = 13, BitsPerByte = 8, RootInode = 1;

    internal int DirectBlocks => BlockPointers - IndirectLevels;
    internal int PointersPerBlock => BlockSize / PointerBytes;
    internal int InodesPerBlock => BlockSize / InodeBytes;
    internal int BlocksPerBitmapBlock => BlockSize * BitsPerByte;
    internal int LogBlocks => 3 * MaxOperationBlocks;

    /// <summary>Bytes that one transaction of a write moves at most: it leaves room for inode, indirect block, bitmap and two unaligned ends.</summary>
    internal int WritePiece => (MaxOperationBlocks - 1 - 1 - 2) / 2 * BlockSize;

    // Boot block, super block, log with its header, inodes, bitmap, data: the order of mkfs.
    internal const int LogStart = 2;
    internal int InodeStart => LogStart + LogBlocks;
    internal int BitmapStart => InodeStart + (Inodes / InodesPerBlock) + 1;
    internal int DataStart => BitmapStart + (DiskBlocks / BlocksPerBitmapBlock) + 1;
    internal int InodeBlock(int inode) => InodeStart + (inode / InodesPerBlock);

    /// <summary>The largest file that the levels reach, in blocks.</summary>
    internal long MaxFileBlocks
    {
        get
        {
            var blocks = (long)DirectBlocks;
            var reach = 1L;
            for (var level = 0; level < IndirectLevels; level++) blocks += reach *= PointersPerBlock;
            return blocks;
        }
    }

    /// <exception cref="ArgumentException">A value that no such file system can have.</exception>
    internal void Verify()
    {
        Require(BlockSize >= InodeBytes && BlockSize % InodeBytes == 0, $"block size {BlockSize} is not a multiple of {InodeBytes}");
        Require(IndirectLevels is >= 1 and <= 3, $"{IndirectLevels} indirect levels are not within 1 to 3");
        Require(MaxOperationBlocks >= 6, $"{MaxOperationBlocks} blocks an operation leave no room for a write (at least 6)");
        Require(Buffers >= MaxOperationBlocks, $"{Buffers} buffers can not hold an operation of {MaxOperationBlocks} blocks");
        Require(Inodes > RootInode, $"{Inodes} inodes leave none for a file");
        Require(DiskBlocks > DataStart, $"{DiskBlocks} disk blocks leave none for data");
    }

    static void Require(bool holds, FormattableString problem)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant(problem));
    }
}
