namespace UnderBridge.Sim.Systems.Files;

/// <summary>What an inode is.</summary>
enum InodeType
{
    Free,
    File,
    Directory,
}

/// <summary>An inode on disk and, while it is referenced, in memory: then <see cref="Valid"/> tells whether it has been read.</summary>
sealed class Inode(int number, int pointers)
{
    public int Number { get; } = number;

    /// <summary>Direct blocks, then one pointer a level of indirect blocks; 0 is none.</summary>
    public int[] Pointers { get; } = new int[pointers];

    public InodeType Type { get; set; }
    public int Links { get; set; }
    public long Size { get; set; }
    public int References { get; set; }
    public bool Valid { get; set; }

    /// <summary>A directory's slots: name and inode, with inode 0 where the slot is free. Kept from one use of the inode to the next.</summary>
    public List<DirectoryEntry> Entries { get; } = [];
}

readonly record struct DirectoryEntry(int Name, int Inode);
