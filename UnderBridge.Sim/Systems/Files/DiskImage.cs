namespace UnderBridge.Sim.Systems.Files;

/// <summary>Lays files out on an empty disk, in the order given, as mkfs does.</summary>
sealed class DiskImage(Xv6Options options, PathTable paths, InodeTable inodes, BlockMap map, DirectoryTree tree)
{
    public void Make(IReadOnlyList<ImageFile> files)
    {
        var root = inodes.Take(InodeType.Directory);
        DirectoryTree.PlaceSelf(root, root);
        Fill(root, (long)root.Entries.Count * Xv6Options.EntryBytes);
        foreach (var file in files)
        {
            var inode = Place(paths.NamesOf(file.Path), file.IsDirectory ? InodeType.Directory : InodeType.File);
            if (file.IsDirectory) continue;
            if (file.Size > options.MaxFileBlocks * options.BlockSize) throw TooLarge(file);
            Fill(inode, file.Size);
        }
    }

    /// <summary>The inode of a path, made as an empty file if the image has none.</summary>
    public Inode Find(int path) => Place(paths.NamesOf(path), InodeType.File);

    Inode Place(ReadOnlySpan<int> names, InodeType type)
    {
        var directory = tree.Root;
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            var known = directory.Entries.FindIndex(entry => entry.Name == name);
            directory = known >= 0 ? inodes[directory.Entries[known].Inode] : Add(directory, name, i == names.Length - 1 ? type : InodeType.Directory);
        }
        return directory;
    }

    Inode Add(Inode directory, int name, InodeType type)
    {
        var inode = inodes.Take(type);
        directory.Entries.Add(new DirectoryEntry(name, inode.Number));
        Fill(directory, (long)directory.Entries.Count * Xv6Options.EntryBytes);
        if (type != InodeType.Directory) return inode;
        directory.Links++;
        DirectoryTree.PlaceSelf(inode, directory);
        Fill(inode, (long)inode.Entries.Count * Xv6Options.EntryBytes);
        return inode;
    }

    void Fill(Inode inode, long size)
    {
        var first = (inode.Size + options.BlockSize - 1) / options.BlockSize;
        for (var block = first; block * options.BlockSize < size; block++) map.Place(inode, block);
        inode.Size = size;
    }

    FileSystemException TooLarge(ImageFile file) => new(FormattableString.Invariant(
        $"{paths[file.Path]} of {file.Size} bytes is larger than the largest file of {options.MaxFileBlocks} blocks of {options.BlockSize} bytes; raise the indirect levels"));
}
