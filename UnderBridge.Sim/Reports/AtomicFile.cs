using System.Globalization;
using System.Text;

namespace UnderBridge.Sim.Reports;

/// <summary>
/// Writes a file whole or not at all: first under a temporary name beside it, then renamed, so that neither a reader nor an interrupted
/// run ever sees half of it. Missing folders are made.
/// </summary>
public static class AtomicFile
{
    const string Partial = "partial";

    // Whoever removes leftovers may take a temporary file for one, on a system that shows it fewer processes than there are.
    const int Attempts = 5;

    // Folders are shared between machines, and processes are numbered within one.
    static readonly string mark = string.Create(CultureInfo.InvariantCulture, $".{Environment.MachineName}.");

    /// <summary>Text as UTF-8 without a byte-order mark.</summary>
    /// <exception cref="UnwritableFileException">Disk full, no permission, read-only, or a file where a folder should be.</exception>
    public static void Write(string path, string text) => Write(path, new UTF8Encoding(false).GetBytes(text));

    /// <exception cref="UnwritableFileException">Disk full, no permission, read-only, or a file where a folder should be.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = string.Create(CultureInfo.InvariantCulture, $"{path}{mark}{Environment.ProcessId}.{Partial}");
        for (var attempt = 1; !TryWrite(path, temporary, bytes, attempt == Attempts);) attempt++;
    }

    /// <summary>Removes from a folder what processes of this machine left under temporary names when they were killed; other files stay.</summary>
    public static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.EnumerateFiles(folder, $"*.{Partial}").Where(IsLeftover)) Discard(file);
    }

    static bool IsLeftover(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var number = name.LastIndexOf('.') + 1;
        return name.AsSpan(0, number).EndsWith(mark, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(number), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsRunning(process);
    }

    /// <summary>Whether another process of this number runs on this machine.</summary>
    public static bool IsRunning(int process)
    {
        if (process == Environment.ProcessId) return false;
        try
        {
            using var running = System.Diagnostics.Process.GetProcessById(process);
            return !running.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static bool TryWrite(string path, string temporary, ReadOnlySpan<byte> bytes, bool last)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (FileNotFoundException) when (!last)
        {
            return false;
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
            // A first failure is the one worth reporting, and a leftover is tried again by the next run.
        }
    }
}
