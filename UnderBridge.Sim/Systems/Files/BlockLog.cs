namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// The write-ahead log of xv6 (log.c): a transaction of n blocks goes to disk as n log blocks, the header, n home blocks and the header again, 2n + 2
/// writes. A block changed twice in a transaction is written once. One client, so each operation commits by itself.
/// </summary>
sealed class BlockLog(Xv6Options options, BufferCache cache)
{
    readonly int[] blocks = new int[options.LogBlocks - 1];
    int count;

    /// <summary>Marks a held buffer as changed by the transaction.</summary>
    public void Write(int buffer, ServerPlan plan)
    {
        if (!options.Log)
        {
            cache.Write(buffer, plan);
            return;
        }
        if (blocks.AsSpan(0, count).Contains(cache.BlockOf(buffer))) return;
        if (count == blocks.Length) throw new FileSystemException("too big a transaction for the log");
        blocks[count++] = cache.BlockOf(buffer);
        cache.Pin(buffer);
    }

    /// <summary>Ends the transaction; one that changed nothing writes nothing.</summary>
    public void Commit(ServerPlan plan)
    {
        if (count == 0) return;
        for (var i = 0; i < count; i++) CopyToLog(i, plan);
        WriteHeader(plan);
        for (var i = 0; i < count; i++) CopyHome(i, plan);
        count = 0;
        WriteHeader(plan);
    }

    void CopyToLog(int index, ServerPlan plan)
    {
        var to = cache.Read(Xv6Options.LogStart + index + 1, plan);
        var from = cache.Read(blocks[index], plan);
        Copy(from, to, plan);
        cache.Write(to, plan);
        cache.Release(from);
        cache.Release(to);
    }

    void CopyHome(int index, ServerPlan plan)
    {
        var from = cache.Read(Xv6Options.LogStart + index + 1, plan);
        var to = cache.Read(blocks[index], plan);
        Copy(from, to, plan);
        cache.Write(to, plan);
        cache.Unpin(to);
        cache.Release(from);
        cache.Release(to);
    }

    void Copy(int from, int to, ServerPlan plan)
    {
        cache.Move(to, 0, options.BlockSize, write: true, plan);
        cache.Look(from, plan);
    }

    void WriteHeader(ServerPlan plan)
    {
        var header = cache.Read(Xv6Options.LogStart, plan);
        cache.Write(header, plan);
        cache.Release(header);
    }
}
