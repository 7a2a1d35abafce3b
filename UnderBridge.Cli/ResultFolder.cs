using System.Globalization;
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli;

/// <summary>
/// The folder of a scenario's results, written whole or not at all: files go to a hidden folder beside it, which takes its name when all are
/// there. What a killed run left is put back or removed when the folder is opened the next time.
/// </summary>
sealed class ResultFolder : IDisposable
{
    const string Partial = "partial", Replaced = "replaced";

    static readonly IReadOnlyList<string> FigureFormats = [".png", ".svg"];

    readonly string replaced;

    ResultFolder(string parent, string name)
    {
        Target = Path.Combine(parent, name);
        WorkingPath = Path.Combine(parent, $".{name}.{Environment.ProcessId}.{Partial}");
        replaced = Path.Combine(parent, $".{name}.{Environment.ProcessId}.{Replaced}");
    }

    /// <summary>The folder as it will be named.</summary>
    public string Target { get; }

    /// <summary>Where its files are written until then.</summary>
    public string WorkingPath { get; }

    /// <summary>Reports what a run must not replace: a folder that holds anything but results.</summary>
    public static void Check(string parent, string name, ErrorList errors)
    {
        var target = Path.Combine(parent, name);
        if (!Directory.Exists(target)) return;
        var foreign = Directory.EnumerateFileSystemEntries(target).Order(StringComparer.Ordinal).FirstOrDefault(entry => !IsResult(entry));
        if (foreign is not null) errors.Add(target, $"'{Path.GetFileName(foreign)}', which is no result of a run", "a folder that holds results only, for a run replaces all of it");
    }

    /// <summary>Makes the hidden folder, and cleans up after killed runs.</summary>
    /// <exception cref="UnwritableFileException">No folder can be made there.</exception>
    public static ResultFolder Open(string parent, string name)
    {
        var folder = new ResultFolder(parent, name);
        folder.Guard(() =>
        {
            Directory.CreateDirectory(parent);
            folder.CleanUp(parent, name);
            if (File.Exists(folder.Target)) throw new IOException("it is a file");
            Directory.CreateDirectory(folder.WorkingPath);
        });
        return folder;
    }

    /// <summary>Puts the new folder in the place of the old one.</summary>
    /// <exception cref="UnwritableFileException">It can not be; the old folder stays.</exception>
    public void Commit() => Guard(() =>
    {
        var isThere = Directory.Exists(Target);
        if (isThere) Directory.Move(Target, replaced);
        try
        {
            Directory.Move(WorkingPath, Target);
        }
        catch when (isThere)
        {
            Directory.Move(replaced, Target);
            throw;
        }
        if (isThere) Directory.Delete(replaced, recursive: true);
    });

    public void Dispose() => Remove(WorkingPath);

    static bool IsResult(string entry) => File.Exists(entry)
        && (StudyFiles.Names.Contains(Path.GetFileName(entry)) || FigureFormats.Contains(Path.GetExtension(entry)));

    void CleanUp(string parent, string name)
    {
        foreach (var old in Leftovers(parent, name, Replaced))
        {
            if (Directory.Exists(Target)) Remove(old);
            else Directory.Move(old, Target);
        }
        foreach (var half in Leftovers(parent, name, Partial)) Remove(half);
    }

    // Hidden folders of this name whose process has ended.
    static IEnumerable<string> Leftovers(string parent, string name, string state) => Directory.EnumerateDirectories(parent, ".*")
        .Where(folder => Path.GetFileName(folder) is var hidden && hidden.StartsWith($".{name}.", StringComparison.Ordinal) && hidden.EndsWith($".{state}", StringComparison.Ordinal)
            && hidden.Length > name.Length + state.Length + 3 && int.TryParse(hidden.AsSpan()[(name.Length + 2)..^(state.Length + 1)], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !AtomicFile.IsRunning(id))
        .Order(StringComparer.Ordinal);

    static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }

    void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException and not UnwritableFileException or UnauthorizedAccessException)
        {
            throw new UnwritableFileException(Target, failure);
        }
    }
}
