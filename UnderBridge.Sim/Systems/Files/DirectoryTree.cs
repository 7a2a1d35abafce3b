namespace UnderBridge.Sim.Systems.Files;

/// <summary>Names and the directories that hold them (dirlookup, dirlink and namex of xv6's fs.c). A directory is read an entry at a time.</summary>
sealed class DirectoryTree(PathTable paths, FileContents contents, InodeTable inodes)
{
    const int NotFound = -1, OwnEntries = 2;

    public Inode Root => inodes[Xv6Options.RootInode];

    /// <summary>The inode of a path, referenced; null if there is none.</summary>
    public Inode? Walk(int path, ServerPlan plan) => Walk(paths.NamesOf(path), plan);

    /// <summary>The directory that a path's last name is or would be in, referenced and locked; null if there is none.</summary>
    public Inode? WalkToParent(int path, out int name, ServerPlan plan)
    {
        name = NotFound;
        var names = paths.NamesOf(path);
        if (names.IsEmpty) return null;
        name = names[^1];
        var directory = Walk(names[..^1], plan);
        if (directory is null) return null;
        inodes.Lock(directory, plan);
        if (directory.Type == InodeType.Directory) return directory;
        inodes.Put(directory, plan);
        return null;
    }

    /// <summary>The slot of a name, found by reading entry after entry; negative if it is not there.</summary>
    public int Find(Inode directory, int name, ServerPlan plan)
    {
        for (var slot = 0; slot < directory.Entries.Count; slot++)
        {
            ReadEntry(directory, slot, plan);
            if (directory.Entries[slot].Inode != 0 && directory.Entries[slot].Name == name) return slot;
        }
        return NotFound;
    }

    /// <summary>The inode in a slot, referenced.</summary>
    public Inode Open(Inode directory, int slot) => InodeTable.Reference(inodes[directory.Entries[slot].Inode]);

    /// <summary>Enters a name: looks whether it is there, looks for a free slot, writes it.</summary>
    public void Link(Inode directory, int name, Inode inode, ServerPlan plan)
    {
        _ = Find(directory, name, plan);
        var slot = 0;
        while (slot < directory.Entries.Count)
        {
            ReadEntry(directory, slot, plan);
            if (directory.Entries[slot].Inode == 0) break;
            slot++;
        }
        WriteEntry(directory, slot, new DirectoryEntry(name, inode.Number), plan);
    }

    public void WriteEntry(Inode directory, int slot, DirectoryEntry entry, ServerPlan plan)
    {
        if (slot == directory.Entries.Count) directory.Entries.Add(entry);
        else directory.Entries[slot] = entry;
        contents.Write(directory, (long)slot * Xv6Options.EntryBytes, Xv6Options.EntryBytes, plan);
    }

    /// <summary>Gives a new directory its own name and its parent's.</summary>
    public void LinkSelf(Inode directory, Inode above, ServerPlan plan)
    {
        Link(directory, PathTable.Self, directory, plan);
        Link(directory, PathTable.Parent, above, plan);
    }

    /// <summary>The same in the disk image.</summary>
    public static void PlaceSelf(Inode directory, Inode above)
    {
        directory.Entries.Add(new DirectoryEntry(PathTable.Self, directory.Number));
        directory.Entries.Add(new DirectoryEntry(PathTable.Parent, above.Number));
    }

    /// <summary>Reads on until an entry other than the directory's own two is in use.</summary>
    public bool IsEmpty(Inode directory, ServerPlan plan)
    {
        for (var slot = OwnEntries; slot < directory.Entries.Count; slot++)
        {
            ReadEntry(directory, slot, plan);
            if (directory.Entries[slot].Inode != 0) return false;
        }
        return true;
    }

    Inode? Walk(ReadOnlySpan<int> names, ServerPlan plan)
    {
        var inode = InodeTable.Reference(Root);
        foreach (var name in names)
        {
            inodes.Lock(inode, plan);
            var slot = inode.Type == InodeType.Directory ? Find(inode, name, plan) : NotFound;
            var next = slot < 0 ? null : Open(inode, slot);
            inodes.Put(inode, plan);
            if (next is null) return null;
            inode = next;
        }
        return inode;
    }

    void ReadEntry(Inode directory, int slot, ServerPlan plan) =>
        contents.Read(directory, (long)slot * Xv6Options.EntryBytes, Xv6Options.EntryBytes, plan);
}
