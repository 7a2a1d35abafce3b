using System.Text;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Catalog.Yaml;

/// <summary>Reads YAML files into cursors. Never throws for what a file holds: errors are collected, and a broken file reads as a map that asks for nothing.</summary>
static class YamlDocument
{
    const long LargestFile = 16 << 20;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. Numbers in it may cite what the bibliography holds.</summary>
    public static YamlMap Read(string path, ErrorList errors, Bibliography bibliography) => Cursor(Tree(path, errors), path, errors, bibliography);

    /// <summary>Reads a text as though it stood in <paramref name="file"/>.</summary>
    public static YamlMap Parse(string text, string file, ErrorList errors, Bibliography bibliography) =>
        Cursor(YamlTree.Parse(text, file, errors), file, errors, bibliography);

    internal static YamlMap Cursor(MapNode? root, string file, ErrorList errors, Bibliography bibliography) =>
        new(root, "", file, new YamlContext(errors, bibliography));

    internal static MapNode? Tree(string path, ErrorList errors) => Text(path, errors) is { } text ? YamlTree.Parse(text, path, errors) : null;

    /// <summary>The text of a file; null, with an error, when there is none.</summary>
    internal static string? Text(string path, ErrorList errors)
    {
        const string expected = "a YAML file";
        if (Directory.Exists(path)) return Refuse("a directory", expected);
        if (!File.Exists(path)) return Refuse("no such file", expected, Sibling(path));
        try
        {
            if (new FileInfo(path).Length > LargestFile) return Refuse("a file of more than 16 MiB", expected);
            var text = StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
            return text.Any(IsBinary) ? Refuse("a binary file", expected) : text;
        }
        catch (DecoderFallbackException)
        {
            return Refuse("bytes that are not UTF-8 text", expected);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refuse("a file that cannot be read", expected);
        }

        string? Refuse(string found, string wanted, string? suggestion = null)
        {
            errors.Add(path, found, wanted, suggestion);
            return null;
        }
    }

    static bool IsBinary(char letter) => char.IsControl(letter) && letter is not ('\t' or '\n' or '\r' or '\u0085');

    /// <summary>The file beside a missing one that was probably meant.</summary>
    internal static string? Sibling(string path, string pattern = "*.y*ml")
    {
        var folder = Path.GetDirectoryName(path);
        var shown = string.IsNullOrEmpty(folder) ? "." : folder;
        if (!Directory.Exists(shown)) return null;
        var names = Directory.EnumerateFiles(shown, pattern).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
        return Nearest.To(Path.GetFileName(path), names) is { } name ? Path.Combine(folder ?? "", name) : null;
    }
}

/// <summary>What a cursor needs beside its place: where errors go, and what numbers may cite.</summary>
sealed record YamlContext(ErrorList Errors, Bibliography Bibliography);
