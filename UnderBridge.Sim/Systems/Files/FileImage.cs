namespace UnderBridge.Sim.Systems.Files;

/// <summary>What is on the disk, and open, before the first request. Directories on the way to a file need not be listed.</summary>
sealed record FileImage(IReadOnlyList<ImageFile> Files, IReadOnlyList<OpenHandle> Open)
{
    public static FileImage Empty { get; } = new([], []);
}

/// <summary>A file of the image: its path's number, and its size in bytes.</summary>
readonly record struct ImageFile(int Path, long Size, bool IsDirectory = false);

/// <summary>A file that is open from the start.</summary>
readonly record struct OpenHandle(int Handle, int Path);
