namespace UnderBridge.Sim.Systems.Files;

/// <summary>Reads and writes the bytes of a file or directory, a buffer at a time (readi and writei of xv6's fs.c).</summary>
sealed class FileContents(Xv6Options options, BufferCache cache, BlockLog log, BlockMap map, InodeTable inodes)
{
    public void Read(Inode inode, long offset, long length, ServerPlan plan)
    {
        var end = Math.Min(inode.Size, offset + length);
        while (offset < end)
        {
            var (within, bytes) = Piece(offset, end);
            var block = map.Find(inode, offset / options.BlockSize, allocate: false, plan);
            if (block != BlockMap.Hole)
            {
                var buffer = cache.Read(block, plan);
                cache.Move(buffer, within, bytes, write: false, plan);
                cache.Release(buffer);
            }
            offset += bytes;
        }
    }

    public void Write(Inode inode, long offset, long length, ServerPlan plan)
    {
        var end = offset + length;
        while (offset < end)
        {
            var (within, bytes) = Piece(offset, end);
            var buffer = cache.Read(map.Find(inode, offset / options.BlockSize, allocate: true, plan), plan);
            cache.Move(buffer, within, bytes, write: true, plan);
            log.Write(buffer, plan);
            cache.Release(buffer);
            offset += bytes;
        }
        var grown = end > inode.Size;
        inode.Size = Math.Max(inode.Size, end);
        if (grown || options.InodeUpdate == InodeUpdate.Always) inodes.Update(inode, plan);
    }

    (int Within, int Bytes) Piece(long offset, long end)
    {
        var within = (int)(offset % options.BlockSize);
        return (within, (int)Math.Min(options.BlockSize - within, end - offset));
    }
}
