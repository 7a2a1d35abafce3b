using System.Diagnostics;
using System.Text.Json;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>What the build makes of a project file, or of a program of one file, with <c>-p:DesEngine=SimSharp</c>; the build itself is asked.</summary>
sealed class ProjectFile
{
    readonly JsonElement properties;
    readonly JsonElement items;

    /// <param name="path">Within the repository.</param>
    public ProjectFile(string path)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["build", path, "-p:DesEngine=SimSharp",
            "-getProperty:AssemblyName,OutputType,NuGetLockFilePath,RestoreLockedMode", "-getItem:Compile,Using,InternalsVisibleTo,ProjectReference"])
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true,
        };
        using var build = Process.Start(start)!;
        var answer = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0) throw new InvalidOperationException(answer);
        using var json = JsonDocument.Parse(answer);
        (properties, items) = (json.RootElement.GetProperty("Properties").Clone(), json.RootElement.GetProperty("Items").Clone());
    }

    public string Name => Property("AssemblyName");

    public bool IsProgram => Property("OutputType") == "Exe";

    public string LockFile => Property("NuGetLockFilePath");

    public bool IsLocked => Property("RestoreLockedMode") == "true";

    public IEnumerable<string> Sources => Items("Compile").Select(item => Text(item, "FullPath"));

    public IEnumerable<string> References => Items("ProjectReference").Select(item => Path.GetRelativePath(Repository.Root, Text(item, "FullPath")));

    /// <summary>What the build puts before the sources: the usings of all files, and who may see what is internal.</summary>
    public string Preamble => string.Concat(Items("Using").Select(Using)
        .Concat(Items("InternalsVisibleTo").Select(item => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{Text(item, "Identity")}\")]\n")));

    static string Using(JsonElement item) => $"global using {(Text(item, "Alias") is var alias and not "" ? $"{alias} = " : "")}{Text(item, "Identity")};\n";

    static string Text(JsonElement item, string metadata) => item.TryGetProperty(metadata, out var value) ? value.GetString()! : "";

    string Property(string name) => properties.GetProperty(name).GetString()!;

    JsonElement.ArrayEnumerator Items(string kind) => items.GetProperty(kind).EnumerateArray();
}
