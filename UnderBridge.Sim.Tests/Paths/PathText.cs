using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Tests;

/// <summary>Paths written in a test as they stand in a file of the catalogue.</summary>
static class PathText
{
    public static IpcPath Read(string text, string name = "path")
    {
        var errors = new ErrorList();
        var path = PathReader.Read(YamlDocument.Parse(text, $"{name}.yaml", errors, Shipped.Catalogue.Bibliography), _ => null);
        errors.ThrowIfAny();
        return path;
    }

    /// <summary>What the verifier says of a path: one line a fault.</summary>
    public static string Faults(string text, KernelFeatures? features = null, string name = "path") =>
        string.Join('\n', PathVerifier.Verify(Read(text, name), features ?? new KernelFeatures(), Shipped.Xeon));
}
