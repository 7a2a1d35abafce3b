namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// The file server of a microkernel, after xv6-riscv: each operation is a transaction of its own, written through a log to a disk server, one call a
/// block. It keeps the whole state of the file system but the contents of files. Requests are <see cref="FileOperation"/>s; one that names a missing file
/// costs the search for it.
/// </summary>
sealed class Xv6FileSystem : IServerHandler
{
    const int LineBytes = 64, SharedBlock = 2;

    readonly Xv6Options options;
    readonly BufferCache cache;
    readonly BlockLog log;
    readonly BlockBitmap bitmap;
    readonly BlockMap map;
    readonly InodeTable inodes;
    readonly FileContents contents;
    readonly DirectoryTree tree;
    Inode?[] handles = new Inode?[16];

    /// <summary>Makes the disk image; <paramref name="diskServer"/> is the index that plans call the disk server by.</summary>
    /// <exception cref="ArgumentException">No such file system can be.</exception>
    /// <exception cref="FileSystemException">The image does not fit.</exception>
    public Xv6FileSystem(Xv6Options options, PathTable paths, FileImage image, int diskServer = 0)
    {
        options.Verify();
        this.options = options;
        cache = new BufferCache(options.Buffers, options.BlockSize, new BlockChannel(diskServer, options.BlockSize, SharedBlock));
        log = new BlockLog(options, cache);
        bitmap = new BlockBitmap(options, cache, log);
        map = new BlockMap(options, cache, log, bitmap);
        inodes = new InodeTable(options, cache, log, map);
        contents = new FileContents(options, cache, log, map, inodes);
        tree = new DirectoryTree(paths, contents, inodes);
        Regions =
        [
            new("buffer-headers", (long)options.Buffers * LineBytes),
            new("buffers", (long)options.Buffers * options.BlockSize),
            new(BlockChannel.Region, options.BlockSize),
        ];
        var disk = new DiskImage(options, paths, inodes, map, tree);
        disk.Make(image.Files);
        Callees = [diskServer];
        InodeTable.Reference(tree.Root);
        foreach (var (handle, path) in image.Open) SetHandle(handle, InodeTable.Reference(disk.Find(path)));
    }

    public IReadOnlyList<string> PriceNames => FilePrices.Names;

    public IReadOnlyList<ServerRegion> Regions { get; }

    public IReadOnlyList<int> Callees { get; }

    internal InodeTable Inodes => inodes;
    internal BlockBitmap Bitmap => bitmap;
    internal BlockMap Map => map;
    internal BufferCache Cache => cache;

    public void Plan(in ServerRequest request, ServerPlan plan)
    {
        plan.Work(FilePrices.Call, 1);
        switch ((FileOperation)request.Operation)
        {
            case FileOperation.Open: Open(tree.Walk(request.Subject, plan), request.Other, empty: false, plan); break;
            case FileOperation.OpenEmpty: Open(tree.Walk(request.Subject, plan), request.Other, empty: true, plan); break;
            case FileOperation.Create: Open(Make(request.Subject, InodeType.File, plan), request.Other, empty: false, plan); break;
            case FileOperation.CreateEmpty: Open(Make(request.Subject, InodeType.File, plan), request.Other, empty: true, plan); break;
            case FileOperation.Stat: Stat(tree.Walk(request.Subject, plan), plan); break;
            case FileOperation.MakeDirectory: Stat(Make(request.Subject, InodeType.Directory, plan), plan); break;
            case FileOperation.Unlink: Unlink(request.Subject, plan); break;
            case FileOperation.Rename: Rename(request.Subject, request.Other, plan); break;
            default: PlanOnHandle(request, plan); break;
        }
        log.Commit(plan);
    }

    void PlanOnHandle(in ServerRequest request, ServerPlan plan)
    {
        if ((FileOperation)request.Operation == FileOperation.Other || HandleOf(request.Subject) is not { } inode) return;
        switch ((FileOperation)request.Operation)
        {
            case FileOperation.Close: Close(request.Subject, inode, plan); break;
            case FileOperation.Read: Read(inode, request.Offset, request.Length, plan); break;
            case FileOperation.Write when inode.Type == InodeType.File: Write(inode, request.Offset, request.Length, plan); break;
            case FileOperation.StatHandle: inodes.Lock(inode, plan); break;
            case FileOperation.Resize when inode.Type == InodeType.File: Resize(inode, request.Offset, plan); break;
        }
    }

    void Open(Inode? inode, int handle, bool empty, ServerPlan plan)
    {
        if (inode is null) return;
        inodes.Lock(inode, plan);
        if (empty && inode.Type == InodeType.File) inodes.Cut(inode, 0, plan);
        if (handle < 0) inodes.Put(inode, plan);
        else SetHandle(handle, inode);
    }

    void Close(int handle, Inode inode, ServerPlan plan)
    {
        inodes.Put(inode, plan);
        handles[handle] = null;
    }

    void Stat(Inode? inode, ServerPlan plan)
    {
        if (inode is null) return;
        inodes.Lock(inode, plan);
        inodes.Put(inode, plan);
    }

    void Read(Inode inode, long offset, int length, ServerPlan plan)
    {
        inodes.Lock(inode, plan);
        contents.Read(inode, offset, length, plan);
    }

    /// <summary>A large write is several transactions, because one may change only so many blocks.</summary>
    void Write(Inode inode, long offset, int length, ServerPlan plan)
    {
        for (var end = offset + length; offset < end; offset += options.WritePiece)
        {
            inodes.Lock(inode, plan);
            contents.Write(inode, offset, Math.Min(options.WritePiece, end - offset), plan);
            log.Commit(plan);
        }
    }

    void Resize(Inode inode, long size, ServerPlan plan)
    {
        inodes.Lock(inode, plan);
        inodes.Cut(inode, size, plan);
    }

    /// <summary>The inode of a path, made if it is missing; null if its directory is missing too.</summary>
    Inode? Make(int path, InodeType type, ServerPlan plan)
    {
        if (tree.WalkToParent(path, out var name, plan) is not { } directory) return tree.Walk(path, plan);
        var slot = tree.Find(directory, name, plan);
        if (slot >= 0)
        {
            var known = tree.Open(directory, slot);
            inodes.Put(directory, plan);
            return known;
        }
        var made = inodes.Allocate(type, plan);
        inodes.Lock(made, plan);
        inodes.Update(made, plan);
        if (type == InodeType.Directory) tree.LinkSelf(made, directory, plan);
        tree.Link(directory, name, made, plan);
        if (type == InodeType.Directory) Count(directory, +1, plan);
        inodes.Put(directory, plan);
        return made;
    }

    void Unlink(int path, ServerPlan plan)
    {
        if (tree.WalkToParent(path, out var name, plan) is not { } directory) return;
        var slot = tree.Find(directory, name, plan);
        if (slot >= 0) Remove(directory, slot, plan);
        inodes.Put(directory, plan);
    }

    void Remove(Inode directory, int slot, ServerPlan plan)
    {
        var inode = tree.Open(directory, slot);
        inodes.Lock(inode, plan);
        if (inode.Type == InodeType.File || tree.IsEmpty(inode, plan))
        {
            tree.WriteEntry(directory, slot, default, plan);
            if (inode.Type == InodeType.Directory) Count(directory, -1, plan);
            Count(inode, -1, plan);
        }
        inodes.Put(inode, plan);
    }

    void Rename(int path, int newPath, ServerPlan plan)
    {
        if (tree.WalkToParent(path, out var name, plan) is not { } directory) return;
        var slot = tree.Find(directory, name, plan);
        if (slot >= 0 && tree.WalkToParent(newPath, out var newName, plan) is { } newDirectory)
        {
            var inode = tree.Open(directory, slot);
            var newSlot = tree.Find(newDirectory, newName, plan);
            if (newSlot >= 0 && newDirectory.Entries[newSlot].Inode != inode.Number) Remove(newDirectory, newSlot, plan);
            if (newSlot < 0 || newDirectory.Entries[newSlot].Inode == 0)
            {
                tree.WriteEntry(directory, slot, default, plan);
                tree.Link(newDirectory, newName, inode, plan);
            }
            inodes.Put(inode, plan);
            inodes.Put(newDirectory, plan);
        }
        inodes.Put(directory, plan);
    }

    void Count(Inode inode, int links, ServerPlan plan)
    {
        inode.Links += links;
        inodes.Update(inode, plan);
    }

    Inode? HandleOf(int handle) => (uint)handle < (uint)handles.Length ? handles[handle] : null;

    void SetHandle(int handle, Inode inode)
    {
        if (handle >= handles.Length) Array.Resize(ref handles, 2 * handle);
        handles[handle] = inode;
    }
}
