namespace UnderBridge.Cli;

/// <summary>Breaks text between words.</summary>
static class Words
{
    /// <summary>Lines of at most so many characters; a longer word gets a line of its own.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        lines.Add(line);
        return lines;
    }

    /// <summary>As <c>a</c>, or <c>one of a, b, c</c>.</summary>
    public static string OneOf(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 1 ? all[0] : $"one of {string.Join(", ", all)}";
    }
}
