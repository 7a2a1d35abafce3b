using System.Text.Json;
using System.Text.Json.Nodes;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli.Notebooks;

/// <summary>The file by which Jupyter knows a kernel (jupyter_client, "Making kernels for Jupyter").</summary>
static class KernelSpecFile
{
    public const string Name = "underbridge";
    const string Title = "C# (UnderBridge)";

    static readonly JsonSerializerOptions layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes it for this user, or under a prefix; gives its path.</summary>
    /// <exception cref="UnwritableFileException">It can not be written.</exception>
    public static string Install(string? prefix)
    {
        var file = Path.Combine(prefix is null ? UserData() : Path.Combine(prefix, "share", "jupyter"), "kernels", Name, "kernel.json");
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. Command().Concat(["notebook", "kernel", "{connection_file}"]).Select(word => (JsonNode)word)]),
            ["display_name"] = Title,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
        };
        AtomicFile.Write(file, spec.ToJsonString(layout) + "\n");
        return file;
    }

    // An installed tool is a program of its own; in a clone it is run by dotnet.
    static string[] Command()
    {
        var process = Environment.ProcessPath ?? "";
        return Path.GetFileNameWithoutExtension(process) == Tool.Name ? [process] : ["dotnet", typeof(KernelSpecFile).Assembly.Location];
    }

    static string UserData()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } stated) return stated;
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter") : Path.Combine(home, ".local", "share", "jupyter");
    }
}
