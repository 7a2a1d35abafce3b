using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Cli.Notebooks;

/// <summary>
/// Resolves <c>#r "nuget: Name, Version"</c>. The packages of this project are those that run already; others are restored by the .NET SDK, with what they depend on.
/// </summary>
sealed class PackageResolver : MetadataReferenceResolver
{
    const string Scheme = "nuget:";

    static readonly Dictionary<string, System.Reflection.Assembly> own = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UnderBridge.Sim"] = typeof(Sim.Studies.Study).Assembly,
        ["UnderBridge.Sim.Charts"] = typeof(Sim.Charts.ChartWriter).Assembly,
    };

    readonly ScriptMetadataResolver files = ScriptMetadataResolver.Default;

    public override bool ResolveMissingAssemblies => files.ResolveMissingAssemblies;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        files.ResolveMissingAssembly(definition, referenceIdentity);

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (!reference.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return files.ResolveReference(reference, baseFilePath, properties);
        var parts = reference[Scheme.Length..].Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length > 2 || parts[0].Length == 0) throw Wrong(reference, $"'{reference}'", "nuget: NAME or nuget: NAME, VERSION");
        var version = parts.Length == 2 ? parts[1] : "*";
        if (!own.TryGetValue(parts[0], out var assembly)) return [.. Restore(parts[0], version).Select(path => MetadataReference.CreateFromFile(path))];
        if (version != "*" && version != Tool.Version) throw Wrong(reference, $"version {version} of {parts[0]}", $"{Tool.Version}, which runs this notebook, or no version");
        return [MetadataReference.CreateFromFile(assembly.Location)];
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => 0;

    /// <summary>The assemblies of a package and of all it depends on.</summary>
    static List<string> Restore(string name, string version)
    {
        var folder = Directory.CreateTempSubdirectory("underbridge-package-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "package.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>
                  <ItemGroup><PackageReference Include="{name}" Version="{version}" /></ItemGroup>
                </Project>
                """);
            using var restore = Process.Start(new ProcessStartInfo("dotnet", ["restore", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = restore.StandardOutput.ReadToEnd();
            restore.WaitForExit();
            if (restore.ExitCode == 0) return Assemblies(Path.Combine(folder, "obj", "project.assets.json"));
            var why = said.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim() ?? "the restore failed";
            throw Wrong($"nuget: {name}, {version}", why[(why.IndexOf("error", StringComparison.Ordinal))..].Split(" [")[0], "a package that the NuGet sources of this machine have");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static List<string> Assemblies(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(assets));
        var folder = document.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        var libraries = document.RootElement.GetProperty("libraries");
        return [.. document.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject()
            .Where(library => library.Value.TryGetProperty("runtime", out _))
            .SelectMany(library => library.Value.GetProperty("runtime").EnumerateObject()
                .Where(file => file.Name.EndsWith(".dll", StringComparison.Ordinal))
                .Select(file => Path.Combine(folder, libraries.GetProperty(library.Name).GetProperty("path").GetString()!, file.Name)))];
    }

    static InputException Wrong(string reference, string found, string expected) => new([new InputError($"#r \"{reference}\"", 0, 0, found, expected)]);
}
