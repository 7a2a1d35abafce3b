using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.House;

/// <summary>
/// What those get who have only the packages and the README: packed from the build under test into a folder that is the only source, with the cache of packages
/// that this build was restored from behind it, so that nothing is fetched from elsewhere.
/// </summary>
[NonParallelizable]
public partial class PackageTests
{
    const string Library = "UnderBridge.Sim", Charts = "UnderBridge.Sim.Charts", Tool = "UnderBridge.Cli";
    static readonly string[] packages = [Library, Charts, Tool];
    static readonly string[] libraries = [Library, Charts];
    static readonly string version = typeof(Study).Assembly.GetName().Version!.ToString(3);
    static readonly TimeSpan patience = TimeSpan.FromMinutes(5);

    TemporaryFolder folder = null!;

    [OneTimeSetUp]
    public void Pack()
    {
        folder = new TemporaryFolder();
        File.WriteAllText(folder["nuget.config"], """<configuration><packageSources><clear /><add key="feed" value="feed" /></packageSources></configuration>""");
        // bin/CONFIGURATION/FRAMEWORK/
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        Dotnet(Repository.Root, "pack", "UnderBridge.sln", "--no-build", "-c", configuration, "-o", folder["feed"]);
    }

    [OneTimeTearDown]
    public void Clean() => folder.Dispose();

    [Test]
    public void There_are_three_packages_each_with_its_symbols() => Assert.That(
        Directory.EnumerateFiles(folder["feed"]).Select(Path.GetFileName),
        Is.EquivalentTo(packages.SelectMany(name => new[] { $"{name}.{version}.nupkg", $"{name}.{version}.snupkg" })));

    [TestCaseSource(nameof(packages))]
    public void A_package_carries_readme_licence_and_icon_and_names_them(string name)
    {
        Assert.That(Files(name), Is.SupersetOf(new[] { "README.md", "LICENSE", "icon.png" }));
        var said = Nuspec(name);
        Assert.That(new[] { "readme", "license", "icon", "version" }.Select(key => said.Element(said.Name.Namespace + key)!.Value),
            Is.EqualTo(new[] { "README.md", "MIT", "icon.png", version }));
    }

    [TestCaseSource(nameof(packages))]
    public void The_page_of_a_package_leads_to_no_file_that_is_not_beside_it(string name)
    {
        var readme = Encoding.UTF8.GetString(Contents(name, "nupkg", file => file == "README.md")["README.md"]);
        Assert.That(Links().Matches(readme).Select(link => link.Groups["to"].Value), Is.Not.Empty.And.All.StartsWith("https://"));
        Assert.That(readme, Does.Contain(PackageSnippets.Compare).And.Contain("Not an instruction-set simulator"));
    }

    [GeneratedRegex(@"\]\((?<to>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Links();

    [TestCaseSource(nameof(libraries))]
    public void A_library_carries_its_documentation_and_its_symbols(string name)
    {
        Assert.That(Files(name).Where(file => file.StartsWith("lib/", StringComparison.Ordinal)), Is.EquivalentTo(new[] { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" }));
        Assert.That(Files(name, "snupkg"), Does.Contain($"lib/net10.0/{name}.pdb"));
    }

    // Every path that a compiler writes down: where the symbols lay, and the sources in them. Those of generators have no folder.
    [TestCaseSource(nameof(packages))]
    public void Assemblies_and_symbols_of_a_release_know_no_folder_of_who_built_them(string name)
    {
        var isRelease = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name == "Release";
        var assemblies = Contents(name, "nupkg", file => Path.GetFileName(file).StartsWith("underbridge", StringComparison.OrdinalIgnoreCase) && file.EndsWith(".dll", StringComparison.Ordinal));
        var symbols = Contents(name, "snupkg", file => file.EndsWith(".pdb", StringComparison.Ordinal));
        Assert.That(assemblies.Values.Concat(symbols.Values).Select(bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Root + Path.DirectorySeparatorChar)) < 0), Is.All.EqualTo(isRelease));
        foreach (var (file, bytes) in assemblies)
        {
            using var assembly = new PEReader(new MemoryStream(bytes));
            var debug = assembly.ReadDebugDirectory();
            Assert.That(debug.Select(entry => entry.Type), Does.Contain(DebugDirectoryEntryType.Reproducible), file);
            Assert.That(assembly.ReadCodeViewDebugDirectoryData(debug.First(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Path.StartsWith("/_/", StringComparison.Ordinal), Is.EqualTo(isRelease), file);
        }
        foreach (var (file, bytes) in symbols)
        {
            using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(bytes));
            var reader = provider.GetMetadataReader();
            var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).Where(Path.IsPathRooted).ToList();
            Assert.That(sources, Has.Count.GreaterThan(5));
            Assert.That(sources.All(source => source.StartsWith("/_/", StringComparison.Ordinal)), Is.EqualTo(isRelease), file);
        }
    }

    [Test]
    public void The_library_is_managed_code_that_knows_no_drawing()
    {
        Assert.That(Files(Library).Where(file => file.StartsWith("runtimes/", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Dependencies(Library), Is.SubsetOf(new[] { "MathNet.Numerics", "YamlDotNet", "HdrHistogram", "Parquet.Net" }));
        Assert.That(Dependencies(Charts), Is.SupersetOf(new[] { Library, "ScottPlot" }));
    }

    [Test]
    public void The_tool_carries_native_files_for_the_main_platforms_and_no_others()
    {
        var natives = Files(Tool).Where(file => file.Contains("/native/", StringComparison.Ordinal)).ToList();
        Assert.That(natives.Select(file => file.Split('/')[^3]).Distinct(),
            Is.EquivalentTo(new[] { "linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64", "win-x64", "win-arm64", "osx" }));
        Assert.That(natives.Where(file => file.EndsWith(".pdb", StringComparison.Ordinal)), Is.Empty);
        Assert.That(new FileInfo(PackageFile(Tool)).Length, Is.InRange(20_000_000, 80_000_000));
    }

    [Test]
    public void The_comparison_of_the_README_runs_in_a_fresh_console_project()
    {
        var home = Directory.CreateDirectory(folder["console"]).FullName;
        Dotnet(home, "new", "console", "--no-restore", "--no-update-check");
        var project = XDocument.Load(Path.Combine(home, "console.csproj"));
        project.Root!.Add(new XElement("ItemGroup", new XElement("PackageReference", new XAttribute("Include", Charts), new XAttribute("Version", version))));
        project.Save(Path.Combine(home, "console.csproj"));
        File.WriteAllText(Path.Combine(home, "Program.cs"), PackageSnippets.WithoutDirectives(PackageSnippets.Compare));
        Assert.That(Dotnet(home, "run"), Does.Match("(?m)^UnderBridge +109 cycles, 0 of them for KPTI$"));
        Assert.That(File.Exists(Path.Combine(home, "figures", "round-trip.png")));
    }

    [Test]
    public void The_sweep_of_the_README_runs_as_one_file_in_an_empty_folder()
    {
        var home = Directory.CreateDirectory(folder["file"]).FullName;
        File.WriteAllText(Path.Combine(home, "sweep.cs"), PackageSnippets.Sweep);
        Assert.That(Dotnet(home, "run", "sweep.cs"), Does.Match("(?m)^underbridge +machine.wrpkru=128 +309 cycles$"));
    }

    [Test]
    public void The_tool_installs_from_the_feed_and_runs_the_round_trip_with_its_figures()
    {
        Dotnet(folder.Path, "tool", "install", Tool, "--version", version, "--tool-path", folder["tool"]);
        Run(folder[Path.Combine("tool", "underbridge")], folder.Path, "run", Path.Combine(Repository.Root, "scenarios", "ipc-roundtrip.yaml"), "--out", "results");
        Assert.That(File.ReadAllText(folder["results/ipc-roundtrip/results.csv"]),
            Is.EqualTo(ResultsCsv.Text(StudyRows.Of(new ScenarioRunner(Shipped.Catalogue).Run(Shipped.Scenario("ipc-roundtrip"), jobs: 2)))));
        Assert.That(File.Exists(folder["results/ipc-roundtrip/round-trip.png"]));
    }

    string PackageFile(string name, string kind = "nupkg") => folder[Path.Combine("feed", $"{name}.{version}.{kind}")];

    List<string> Files(string name, string kind = "nupkg")
    {
        using var package = ZipFile.OpenRead(PackageFile(name, kind));
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    Dictionary<string, byte[]> Contents(string name, string kind, Func<string, bool> wanted)
    {
        using var package = ZipFile.OpenRead(PackageFile(name, kind));
        return package.Entries.Where(entry => wanted(entry.FullName)).ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    XElement Nuspec(string name)
    {
        using var package = ZipFile.OpenRead(PackageFile(name));
        using var text = package.GetEntry($"{name}.nuspec")!.Open();
        return (XElement)XDocument.Load(text).Root!.FirstNode!;
    }

    IEnumerable<string> Dependencies(string name)
    {
        var said = Nuspec(name);
        return said.Descendants(said.Name.Namespace + "dependency").Select(one => one.Attribute("id")!.Value);
    }

    string Dotnet(string home, params string[] arguments) => Run("dotnet", home, arguments);

    /// <summary>What a program prints that ends well. Nothing it starts outlives it, and nothing it unpacks or builds lies outside the folder of these tests.</summary>
    string Run(string program, string home, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = home, RedirectStandardOutput = true, RedirectStandardError = true };
        var settings = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = folder["packages"], ["NUGET_FALLBACK_PACKAGES"] = RestoredFrom(), ["XDG_DATA_HOME"] = folder["data"],
            ["UseSharedCompilation"] = "false", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        };
        // Packing must find packages where the build did.
        if (home == Repository.Root) settings.Remove("NUGET_PACKAGES");
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(patience)) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output.Result}{error.Result}");
        return output.Result;
    }

    /// <summary>The folder of packages that this build was restored from.</summary>
    static string RestoredFrom()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "UnderBridge.Sim.Tests", "obj", "project.assets.json")));
        return string.Join(';', assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(one => one.Name));
    }
}
