namespace UnderBridge.Sim.Reports;

/// <summary>A file could not be written. The message names it and the reason in one line.</summary>
public sealed class UnwritableFileException : IOException
{
    // The low word of HResult holds errno on Unix and the Win32 error code on Windows.
    const int LowWord = 0xFFFF;
    const int NoSpaceUnix = 28, ReadOnlyUnix = 30, DiskFullWindows = 112, WriteProtectedWindows = 19;

    public UnwritableFileException(string path, Exception cause) : base($"cannot write {path}: {Reason(path, cause)}", cause) => Path = path;

    public string Path { get; }

    static string Reason(string path, Exception cause) => cause switch
    {
        _ when Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "permission denied",
        _ when Blocker(path) is { } file => $"{file} is a file, not a folder",
        IOException => (cause.HResult & LowWord) switch
        {
            NoSpaceUnix or DiskFullWindows => "no space left on the disk",
            ReadOnlyUnix or WriteProtectedWindows => "the file system is read-only",
            _ => cause.Message,
        },
        _ => cause.Message,
    };

    static string? Blocker(string path)
    {
        for (var folder = System.IO.Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = System.IO.Path.GetDirectoryName(folder))
            if (File.Exists(folder)) return folder;
        return null;
    }
}
