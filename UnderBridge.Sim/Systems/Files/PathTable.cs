namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// The paths that clients name, as small numbers, each with the names on its way from the root of the file system. Once all are added it does not change, so file
/// systems that run side by side share it.
/// </summary>
sealed class PathTable
{
    readonly List<string> paths = [];
    readonly List<int[]> namesOf = [];
    readonly Dictionary<string, int> pathNumbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> nameNumbers = new(StringComparer.Ordinal) { ["."] = Self, [".."] = Parent };

    /// <summary>The numbers of the names by which a directory holds itself and the one above it.</summary>
    internal const int Self = 0, Parent = 1;

    public int Count => paths.Count;

    public string this[int path] => paths[path];

    /// <summary>The number of a path; a new one when it is new. Empty names and <c>.</c> do not count.</summary>
    public int Add(string path)
    {
        if (pathNumbers.TryGetValue(path, out var number)) return number;
        pathNumbers.Add(path, paths.Count);
        paths.Add(path);
        namesOf.Add([.. path.Split('/').Where(name => name is not ("" or ".")).Select(NumberOf)]);
        return paths.Count - 1;
    }

    /// <summary>The names on the way to a path, as numbers.</summary>
    internal ReadOnlySpan<int> NamesOf(int path) => namesOf[path];

    int NumberOf(string name)
    {
        if (!nameNumbers.TryGetValue(name, out var number)) nameNumbers.Add(name, number = nameNumbers.Count);
        return number;
    }
}
