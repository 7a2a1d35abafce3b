namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// The block cache of xv6 (bio.c): a list of buffers, searched from the most recently released one, replaced from the other end. A buffer in use,
/// pinned by the log or held, is never replaced.
/// </summary>
sealed class BufferCache
{
    const int None = -1, LineBytes = 64;

    readonly int[] next, previous, block, references;
    readonly int head;
    readonly int linesPerBlock;
    readonly BlockChannel disk;

    /// <summary>The regions of the server that headers and contents of the buffers are touched in.</summary>
    public const int Headers = 0, Contents = 1;

    public BufferCache(int buffers, int blockSize, BlockChannel disk)
    {
        this.disk = disk;
        linesPerBlock = blockSize / LineBytes;
        head = buffers;
        next = new int[buffers + 1];
        previous = new int[buffers + 1];
        block = new int[buffers];
        references = new int[buffers];
        Array.Fill(block, None);
        for (var i = 0; i <= buffers; i++)
        {
            next[i] = i == buffers ? 0 : i + 1;
            previous[i] = i == 0 ? buffers : i - 1;
        }
    }

    /// <summary>Buffers that hold a block.</summary>
    public int Filled => block.Count(held => held != None);

    /// <summary>Buffers that are held or pinned.</summary>
    public int InUse => references.Count(count => count > 0);

    public int BlockOf(int buffer) => block[buffer];

    /// <summary>Holds the block in a buffer, read from disk if it was in none.</summary>
    public int Read(int number, ServerPlan plan)
    {
        plan.Work(FilePrices.BufferRead, 1);
        var steps = 0;
        for (var buffer = next[head]; buffer != head; buffer = next[buffer])
        {
            steps++;
            if (block[buffer] != number) continue;
            return Hold(buffer, steps, plan);
        }
        for (var buffer = previous[head]; buffer != head; buffer = previous[buffer])
        {
            steps++;
            if (references[buffer] > 0) continue;
            block[buffer] = number;
            disk.Read(number, plan);
            plan.Touch(Contents, buffer * linesPerBlock, linesPerBlock, write: true);
            return Hold(buffer, steps, plan);
        }
        throw new FileSystemException($"all {head} buffers of the cache are in use; the file system needs more of them");
    }

    /// <summary>Lets go of a buffer; the last one to do so makes it the most recent.</summary>
    public void Release(int buffer)
    {
        if (--references[buffer] > 0) return;
        next[previous[buffer]] = next[buffer];
        previous[next[buffer]] = previous[buffer];
        next[buffer] = next[head];
        previous[buffer] = head;
        previous[next[head]] = buffer;
        next[head] = buffer;
    }

    /// <summary>Writes a held buffer to its block.</summary>
    public void Write(int buffer, ServerPlan plan)
    {
        Look(buffer, plan);
        disk.Write(block[buffer], plan);
    }

    /// <summary>Keeps a buffer in the cache until it is unpinned.</summary>
    public void Pin(int buffer) => references[buffer]++;

    public void Unpin(int buffer) => references[buffer]--;

    /// <summary>Moves bytes between a held buffer and memory elsewhere.</summary>
    public void Move(int buffer, int offset, int bytes, bool write, ServerPlan plan)
    {
        plan.Work(FilePrices.CopyStart, 1);
        plan.Work(FilePrices.CopyByte, bytes);
        var first = offset / LineBytes;
        plan.Touch(Contents, (buffer * linesPerBlock) + first, ((offset + bytes - 1) / LineBytes) - first + 1, write);
    }

    /// <summary>Reads a whole held buffer as the source of a copy that is priced at its target.</summary>
    public void Look(int buffer, ServerPlan plan) => plan.Touch(Contents, buffer * linesPerBlock, linesPerBlock, write: false);

    int Hold(int buffer, int steps, ServerPlan plan)
    {
        plan.Work(FilePrices.ListStep, steps);
        plan.Touch(Headers, buffer, 1, write: true);
        references[buffer]++;
        return buffer;
    }
}
