using System.Text.RegularExpressions;

namespace UnderBridge.Sim.Tests.House;

/// <summary>The programs that the README shows to those who have only the packages, cut out of it.</summary>
static partial class PackageSnippets
{
    public static readonly IReadOnlyList<string> All =
        [.. Fence().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(match => match.Groups["program"].Value)];

    public static string Compare => All.Single(program => program.Contains("Study.Compare(", StringComparison.Ordinal));

    public static string Sweep => All.Single(program => program.Contains("Study.Sweep(", StringComparison.Ordinal));

    /// <summary>The program as a project has it, where references are not the source's business.</summary>
    public static string WithoutDirectives(string program) => string.Join('\n', program.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal)));

    [GeneratedRegex("^```csharp\n(?<program>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}
