using System.Text.RegularExpressions;

namespace UnderBridge.Sim.Tests.House;

/// <summary>The README's programs compile without a warning and print what a scenario file would have given.</summary>
[NonParallelizable]
[SetCulture("")]
public partial class PackageSnippetTests
{
    [Test]
    public void The_README_shows_one_comparison_and_one_sweep() => Assert.That(PackageSnippets.All, Is.EquivalentTo(new[] { PackageSnippets.Compare, PackageSnippets.Sweep }));

    [Test]
    public void The_comparison_takes_ten_lines()
    {
        var lines = PackageSnippets.WithoutDirectives(PackageSnippets.Compare).Split('\n').Where(line => line.Trim().Length > 0);
        Assert.That(lines.Count(), Is.InRange(5, 10));
    }

    [Test]
    public void The_comparison_prints_what_the_README_says_of_each_system_and_draws_them()
    {
        using var folder = new TemporaryFolder();
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            // The round trips of the README's table; what the page tables cost seL4 is the difference of its two.
            Assert.That(Numbers(CompiledProgram.Output("compare", PackageSnippets.Compare)), Is.EqualTo(new[] { "109 0", "437 0", "1450 0", "1822 372", "8151 0" }));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
        Assert.That(File.ReadAllBytes(folder["figures/round-trip.png"])[..4], Is.EqualTo(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }));
        Assert.That(File.ReadAllText(folder["figures/round-trip.svg"]), Does.Contain("Round trip on a Xeon Gold 6138"));
    }

    // Two WRPKRU a round trip: 34 cycles less and 200 more than with the 28 cycles of the catalogue.
    [Test]
    public void The_sweep_prints_how_the_price_of_WRPKRU_moves_the_one_design_that_pays_it() => Assert.That(
        CompiledProgram.Output("sweep", PackageSnippets.Sweep).TrimEnd().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        Is.EqualTo(new[]
        {
            "underbridge machine.wrpkru=11 75 cycles", "skybridge machine.wrpkru=11 437 cycles",
            "underbridge machine.wrpkru=28 109 cycles", "skybridge machine.wrpkru=28 437 cycles",
            "underbridge machine.wrpkru=128 309 cycles", "skybridge machine.wrpkru=128 437 cycles",
        }));

    // From "UnderBridge    109 cycles, 0 of them for KPTI".
    static IEnumerable<string> Numbers(string output) =>
        output.TrimEnd().Split('\n').Select(line => Line().Match(line)).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}");

    [GeneratedRegex(@"(\d+) cycles, (\d+) of them for KPTI$")]
    private static partial Regex Line();
}
