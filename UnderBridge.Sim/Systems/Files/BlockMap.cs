namespace UnderBridge.Sim.Systems.Files;

/// <summary>Finds the disk block of a file's block (bmap of xv6's fs.c), through one buffer read a level of indirect blocks.</summary>
sealed class BlockMap(Xv6Options options, BufferCache cache, BlockLog log, BlockBitmap bitmap)
{
    /// <summary>A file's block that has no block on disk.</summary>
    public const int Hole = 0;

    readonly Dictionary<int, int[]> indirect = [];
    readonly Stack<int[]> spare = [];

    /// <summary>The disk block of a file's block, or <see cref="Hole"/>; with <paramref name="allocate"/> a missing one is made.</summary>
    public int Find(Inode inode, long fileBlock, bool allocate, ServerPlan plan)
    {
        var (level, index) = Locate(fileBlock);
        var slot = level == 0 ? (int)index : options.DirectBlocks + level - 1;
        if (inode.Pointers[slot] == Hole)
        {
            if (!allocate) return Hole;
            inode.Pointers[slot] = New(level, plan);
        }
        var block = inode.Pointers[slot];
        for (; level > 0 && block != Hole; level--) block = Follow(block, level, ref index, allocate, plan);
        return block;
    }

    /// <summary>Gives a file of the disk image a block, at no cost.</summary>
    public void Place(Inode inode, long fileBlock)
    {
        var (level, index) = Locate(fileBlock);
        var slot = level == 0 ? (int)index : options.DirectBlocks + level - 1;
        ref var pointer = ref inode.Pointers[slot];
        while (true)
        {
            if (pointer == Hole)
            {
                pointer = bitmap.TakeForImage();
                if (level > 0) indirect.Add(pointer, new int[options.PointersPerBlock]);
            }
            if (level == 0) return;
            var reach = Reach(--level);
            pointer = ref indirect[pointer][(int)(index / reach)];
            index %= reach;
        }
    }

    /// <summary>Frees every block of a file from the given one on: data blocks first, then the indirect blocks left without any.</summary>
    public void Free(Inode inode, long fromBlock, ServerPlan plan)
    {
        for (var i = (int)Math.Min(fromBlock, options.DirectBlocks); i < options.DirectBlocks; i++) FreeTree(ref inode.Pointers[i], 0, 0, plan);
        var start = (long)options.DirectBlocks;
        for (var level = 1; level <= options.IndirectLevels; level++)
        {
            FreeTree(ref inode.Pointers[options.DirectBlocks + level - 1], level, Math.Max(0, fromBlock - start), plan);
            start += Reach(level);
        }
    }

    /// <summary>Every block that a file owns, indirect blocks included.</summary>
    public IEnumerable<int> Owned(Inode inode)
    {
        for (var i = 0; i < inode.Pointers.Length; i++)
        {
            foreach (var block in Tree(inode.Pointers[i], Math.Max(0, i - options.DirectBlocks + 1))) yield return block;
        }
    }

    IEnumerable<int> Tree(int block, int level)
    {
        if (block == Hole) yield break;
        yield return block;
        if (level == 0) yield break;
        foreach (var child in indirect[block])
        {
            foreach (var owned in Tree(child, level - 1)) yield return owned;
        }
    }

    int Follow(int block, int level, ref long index, bool allocate, ServerPlan plan)
    {
        var reach = Reach(level - 1);
        ref var pointer = ref indirect[block][(int)(index / reach)];
        index %= reach;
        var buffer = cache.Read(block, plan);
        if (pointer == Hole && allocate)
        {
            var made = New(level - 1, plan);
            pointer = made;
            log.Write(buffer, plan);
        }
        cache.Release(buffer);
        return pointer;
    }

    int New(int level, ServerPlan plan)
    {
        var block = bitmap.Allocate(plan);
        if (level > 0) indirect.Add(block, spare.TryPop(out var pointers) ? pointers : new int[options.PointersPerBlock]);
        return block;
    }

    void FreeTree(ref int pointer, int level, long from, ServerPlan plan)
    {
        if (pointer == Hole || from >= Reach(level)) return;
        if (level > 0)
        {
            var pointers = indirect[pointer];
            var reach = Reach(level - 1);
            var buffer = cache.Read(pointer, plan);
            for (var i = (int)(from / reach); i < pointers.Length; i++) FreeTree(ref pointers[i], level - 1, Math.Max(0, from - (i * reach)), plan);
            if (from > 0) log.Write(buffer, plan);
            cache.Release(buffer);
            if (from > 0) return;
            indirect.Remove(pointer);
            spare.Push(pointers);
        }
        bitmap.Free(pointer, plan);
        pointer = Hole;
    }

    (int Level, long Index) Locate(long fileBlock)
    {
        if (fileBlock < options.DirectBlocks) return (0, fileBlock);
        var index = fileBlock - options.DirectBlocks;
        for (var level = 1; level <= options.IndirectLevels; level++)
        {
            if (index < Reach(level)) return (level, index);
            index -= Reach(level);
        }
        throw new FileSystemException(
            $"block {fileBlock} lies beyond the largest file ({options.MaxFileBlocks} blocks of {options.BlockSize} bytes); raise the indirect levels");
    }

    /// <summary>Data blocks below one pointer of a level.</summary>
    long Reach(int level)
    {
        var reach = 1L;
        for (var i = 0; i < level; i++) reach *= options.PointersPerBlock;
        return reach;
    }
}
