namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// The inodes of an xv6 file system (fs.c). An inode is read from its block when it is first locked after nobody referenced it; when the last reference
/// goes and no directory names it any more, its blocks are freed.
/// </summary>
sealed class InodeTable
{
    readonly Xv6Options options;
    readonly BufferCache cache;
    readonly BlockLog log;
    readonly BlockMap map;
    readonly Inode[] inodes;

    public InodeTable(Xv6Options options, BufferCache cache, BlockLog log, BlockMap map)
    {
        (this.options, this.cache, this.log, this.map) = (options, cache, log, map);
        inodes = new Inode[options.Inodes];
        for (var i = 0; i < inodes.Length; i++) inodes[i] = new Inode(i, Xv6Options.BlockPointers);
    }

    public Inode this[int number] => inodes[number];
    public IReadOnlyList<Inode> All => inodes;

    /// <summary>A free inode for the disk image, at no cost.</summary>
    public Inode Take(InodeType type)
    {
        var inode = inodes.Skip(Xv6Options.RootInode).FirstOrDefault(inode => inode.Type == InodeType.Free) ?? throw Full();
        inode.Type = type;
        inode.Links = 1;
        return inode;
    }

    /// <summary>Looks through the inodes, a buffer read each, for a free one, and takes it.</summary>
    public Inode Allocate(InodeType type, ServerPlan plan)
    {
        for (var number = Xv6Options.RootInode; number < inodes.Length; number++)
        {
            var buffer = cache.Read(options.InodeBlock(number), plan);
            var isFree = inodes[number].Type == InodeType.Free;
            if (isFree) log.Write(buffer, plan);
            cache.Release(buffer);
            if (!isFree) continue;
            inodes[number].Type = type;
            inodes[number].Links = 1;
            inodes[number].Size = 0;
            inodes[number].Entries.Clear();
            return Reference(inodes[number]);
        }
        throw Full();
    }

    public static Inode Reference(Inode inode)
    {
        if (inode.References++ == 0) inode.Valid = false;
        return inode;
    }

    /// <summary>Has the inode in memory.</summary>
    public void Lock(Inode inode, ServerPlan plan)
    {
        if (inode.Valid) return;
        cache.Release(cache.Read(options.InodeBlock(inode.Number), plan));
        inode.Valid = true;
    }

    /// <summary>Writes the inode to its block.</summary>
    public void Update(Inode inode, ServerPlan plan)
    {
        var buffer = cache.Read(options.InodeBlock(inode.Number), plan);
        log.Write(buffer, plan);
        cache.Release(buffer);
    }

    /// <summary>Lets go of a reference.</summary>
    public void Put(Inode inode, ServerPlan plan)
    {
        if (inode.References == 1 && inode.Valid && inode.Links == 0)
        {
            Cut(inode, 0, plan);
            inode.Type = InodeType.Free;
            Update(inode, plan);
            inode.Valid = false;
        }
        inode.References--;
    }

    /// <summary>Frees the blocks beyond a size.</summary>
    public void Cut(Inode inode, long size, ServerPlan plan)
    {
        map.Free(inode, (size + options.BlockSize - 1) / options.BlockSize, plan);
        inode.Size = size;
        Update(inode, plan);
    }

    FileSystemException Full() => new(FormattableString.Invariant($"all {inodes.Length} inodes are in use"));
}
