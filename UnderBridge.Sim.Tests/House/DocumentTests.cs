using System.Text.RegularExpressions;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.House;

/// <summary>What is written about the project holds where a machine can tell.</summary>
public partial class DocumentTests
{
    static readonly IReadOnlyList<string> documents =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. new[] { "docs", "scenarios", "samples", "notebooks" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)),
    ];

    [Test]
    public void Every_link_to_a_file_leads_to_one()
    {
        var dead = documents.SelectMany(document => Link().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)))
            .Select(target => $"{Path.GetRelativePath(Repository.Root, document)}: {target}"));
        Assert.That(documents, Has.Count.GreaterThan(10));
        Assert.That(dead, Is.Empty);
    }

    [Test]
    public void Citation_and_changelog_name_the_version_that_is_built()
    {
        var version = typeof(Study).Assembly.GetName().Version!.ToString(3);
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "CITATION.cff")), Does.Contain($"\nversion: {version}\n"));
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md")), Does.Contain($"\n## {version}"));
    }

    // Where files lie on the machine of whoever wrote a line is of no use to others.
    [Test]
    public void No_document_names_a_path_of_one_machine()
    {
        var wrong = documents.SelectMany(document => File.ReadLines(document).Where(line => MachinePath().IsMatch(line)).Select(line => $"{Path.GetRelativePath(Repository.Root, document)}: {line}"));
        Assert.That(wrong, Is.Empty);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.])/(work|home|root|tmp)/\w")]
    private static partial Regex MachinePath();
}
