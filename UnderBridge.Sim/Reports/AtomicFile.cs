using System.Text;

namespace UnderBridge.Sim.Reports;

/// <summary>
/// Writes a file whole or not at all: first under a temporary name beside it, then renamed, so that neither a reader nor an interrupted
/// run ever sees half of it. Missing folders are made.
/// </summary>
public static class AtomicFile
{
    /// <summary>Text as UTF-8 without a byte-order mark.</summary>
    /// <exception cref="UnwritableFileException">Disk full, no permission, read-only, or a file where a folder should be.</exception>
    public static void Write(string path, string text) => Write(path, new UTF8Encoding(false).GetBytes(text));

    /// <exception cref="UnwritableFileException">Disk full, no permission, read-only, or a file where a folder should be.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new UnwritableFileException(path, failure);
        }
    }

    static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one worth reporting.
        }
    }
}
