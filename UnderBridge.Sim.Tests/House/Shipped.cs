using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests;

/// <summary>What the repository ships: its catalogue, its scenarios, its files.</summary>
static class Shipped
{
    public static readonly Catalogue Catalogue = Catalogue.Load();
    public static readonly HardwareProfile Xeon = Catalogue.Machines["xeon-gold-6138"];

    public static readonly string Root = FindRoot();

    /// <summary>
    /// A scenario of the repository with keys set as on the command line: <c>machine.wrpkru=128</c>. Without its tornados, which take many runs and name systems
    /// that a test may take out.
    /// </summary>
    public static Scenario Scenario(string name, params string[] settings)
    {
        var errors = new ErrorList();
        var commandLine = settings.Select(text => text.Split('=')).Select(parts => new Setting(parts[0], parts[1], $"--set {parts[0]}={parts[1]}")).ToList();
        var scenario = new ScenarioReader(Catalogue, commandLine, errors).Read(Path.Combine(Root, "scenarios", $"{name}.yaml"));
        errors.ThrowIfAny();
        return scenario! with { Figures = [.. scenario.Figures.Where(figure => figure.Kind != FigureRequest.Tornado)] };
    }

    /// <summary>All builds of a kernel: every combination of features.</summary>
    public static IEnumerable<KernelFeatures> Builds()
    {
        foreach (var fpu in Enum.GetValues<FpuPolicy>())
        {
            for (var bits = 0; bits < 32; bits++)
            {
                yield return new KernelFeatures
                {
                    Kpti = (bits & 1) != 0, Pcid = (bits & 2) != 0, GlobalPages = (bits & 4) != 0, Smp = (bits & 8) != 0, Swapgs = (bits & 16) != 0, Fpu = fpu,
                };
            }
        }
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "UnderBridge.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
